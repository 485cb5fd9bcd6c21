/** Reads a JSON body field by field and collects what is wrong with it, since Okta reports all of it at once. */
import { isRecord } from "../../core/json.ts";
import { invalid, malformed } from "./errors.ts";

/** A JSON object. */
export type Json = Readonly<Record<string, unknown>>;

export class Fields {
  /** All that was sent. */
  readonly body: Json;
  readonly #causes: string[] = [];

  /** @throws ApiError E0000003 when the body is no JSON object */
  constructor(body: unknown) {
    if (!isRecord(body)) throw malformed();
    this.body = body;
  }

  /** The value at a dotted path, or `undefined`. */
  at(path: string): unknown {
    let value: unknown = this.body;
    for (const key of path.split(".")) value = isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined;
    return value ?? undefined;
  }

  complain(field: string, problem: string): void {
    this.#causes.push(`${field}: ${problem}`);
  }

  text(path: string, most = Number.POSITIVE_INFINITY): string | undefined {
    const value = this.at(path);
    if (value === undefined) return undefined;
    const name = lastOf(path);
    if (typeof value !== "string") this.complain(name, "The field must be a string");
    else if (value.length > most) this.complain(name, `The field cannot exceed ${most} characters`);
    else return value;
    return undefined;
  }

  requiredText(path: string, most?: number): string {
    const value = this.text(path, most);
    if (this.at(path) === undefined || value?.trim() === "") {
      this.complain(lastOf(path), "The field cannot be left blank");
    }
    return value ?? "";
  }

  oneOf<T extends string>(path: string, values: readonly T[]): T | undefined {
    const value = this.at(path);
    if (value === undefined) return undefined;
    const found = values.find((candidate) => candidate === value);
    if (found === undefined) this.complain(lastOf(path), `The value must be one of ${values.join(", ")}`);
    return found;
  }

  flag(path: string): boolean | undefined {
    const value = this.at(path);
    if (value === undefined || typeof value === "boolean") return value;
    this.complain(lastOf(path), "The field must be true or false");
    return undefined;
  }

  number(path: string, least: number, most: number): number | undefined {
    const value = this.at(path);
    if (value === undefined) return undefined;
    if (typeof value === "number" && Number.isInteger(value) && value >= least && value <= most) return value;
    this.complain(lastOf(path), `The value must be between ${least} and ${most}`);
    return undefined;
  }

  texts(path: string): string[] | undefined {
    const value = this.at(path);
    if (value === undefined) return undefined;
    if (Array.isArray(value) && value.every((item) => typeof item === "string")) return value;
    this.complain(lastOf(path), "The field must be a list of strings");
    return undefined;
  }

  object(path: string): Json {
    const value = this.at(path);
    return isRecord(value) ? value : {};
  }

  /**
   * To be called when all has been read.
   *
   * @throws ApiError E0000001 when anything was wrong
   */
  done(): void {
    const [first] = this.#causes;
    if (first !== undefined) throw invalid(first.slice(0, first.indexOf(":")), this.#causes);
  }
}

function lastOf(path: string): string {
  return path.slice(path.lastIndexOf(".") + 1);
}
