/** Records by id, in the order of their creation, in pages that aren't disturbed by inserts and deletions. */

/** A page of rows, and the cursor of the page after it if there is one. */
export interface Page<T> {
  readonly rows: readonly T[];
  readonly next: string | undefined;
  /** The cursor of whatever is added after its last row. */
  readonly end: string;
}

/**
 * A `Map` from id to record that can be read in pages.
 *
 * A cursor marks a place in the order of creation, not a row: it stays good when rows are added or the row it was made
 * at is deleted, and no row comes twice.
 */
export class Table<T extends { readonly id: string }> extends Map<string, T> {
  readonly #numbers = new Map<string, number>();
  #last = 0;
  #ids: string[] | undefined;

  /** Adds the record, or replaces the one with its id in its place. */
  put(record: T): T {
    this.set(record.id, record);
    return record;
  }

  override set(id: string, record: T): this {
    if (!this.has(id)) {
      this.#numbers.set(id, ++this.#last);
      this.#ids?.push(id);
    }
    return super.set(id, record);
  }

  override delete(id: string): boolean {
    this.#numbers.delete(id);
    this.#ids = undefined;
    return super.delete(id);
  }

  /**
   * The first `limit` rows after the cursor that pass the test.
   *
   * @param cursor one that an earlier page gave, or none for the first page
   * @returns `undefined` when the cursor is not one of this table's
   */
  page(cursor: string | undefined, limit: number, test: (record: T) => boolean = () => true): Page<T> | undefined {
    const after = cursor === undefined ? 0 : decodeCursor(cursor);
    if (after === undefined) return undefined;
    this.#ids ??= [...this.keys()];
    const rows: T[] = [];
    let last: number = after;
    for (let index = this.#firstAfter(this.#ids, after); index < this.#ids.length; index += 1) {
      const id = this.#ids[index] ?? "";
      const record = this.get(id);
      if (record === undefined || !test(record)) continue;
      if (rows.length === limit) return { rows, next: encodeCursor(last), end: encodeCursor(last) };
      rows.push(record);
      last = this.#numbers.get(id) ?? last;
    }
    return { rows, next: undefined, end: encodeCursor(last) };
  }

  #firstAfter(ids: readonly string[], number: number): number {
    let low = 0;
    let high = ids.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#numbers.get(ids[middle] ?? "") ?? 0) > number) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

function encodeCursor(number: number): string {
  return Buffer.from(`n${number}`).toString("base64url");
}

function decodeCursor(cursor: string): number | undefined {
  const number = /^n(\d{1,15})$/.exec(Buffer.from(cursor, "base64url").toString())?.[1];
  return number === undefined ? undefined : Number(number);
}
