/** Everyone who may sign in, as they are read: page after page, each of which is only known by the one before. */
import type { OktaUser } from "../../core/model/okta.ts";
import type { Person } from "../../core/preview/preview.ts";
import { count } from "../../core/text.ts";

/** Is told what is being done, in a few words. */
export type OnProgress = (label: string) => void;

/** Everyone who may sign in, of whom more and more are known. */
export interface Everyone {
  /** All of them, each once. Throws what was thrown while they were read. */
  all(): Promise<readonly Person[]>;
  /**
   * Whether more than so many of them count: told as soon as so many have come. Where the rest can't be read, those who have
   * come are all that count, and {@link all} throws.
   */
  moreThan(most: number, counts: (person: Person) => boolean): Promise<boolean>;
  /** Whether no more of them are coming. */
  haveCome(): boolean;
  /** Leaves the rest unread. */
  stop(): void;
}

/** Begins to read them. */
export function readEveryone(pages: AsyncIterable<readonly OktaUser[]>, onProgress: OnProgress): Everyone {
  const people: Person[] = [];
  let state: "reading" | "stopped" | "ended" = "reading";
  let waiting: (() => void)[] = [];
  const wake = () => {
    for (const go of waiting) go();
    waiting = [];
  };
  const read = async (): Promise<readonly Person[]> => {
    const seen = new Set<string>();
    try {
      for await (const page of pages) {
        if (state === "stopped") break;
        for (const user of page) {
          if (seen.has(user.id)) continue;
          seen.add(user.id);
          people.push(user.email === "" ? { ...user, email: null } : user);
        }
        onProgress(`Reading who is assigned … ${count(people.length, "person", "people")}`);
        wake();
      }
    } finally {
      state = "ended";
      wake();
    }
    return people;
  };
  const reading = read();
  // How it fails is told to whoever asks for them.
  reading.catch(() => {});

  return {
    all: () => reading,
    async moreThan(most, counts) {
      let counted = 0;
      for (let at = 0; ; ) {
        for (const person of people.slice(at)) if (counts(person)) counted += 1;
        at = people.length;
        if (counted > most || state !== "reading") return counted > most;
        await new Promise<void>((resolve) => waiting.push(resolve));
      }
    },
    haveCome: () => state !== "reading",
    stop() {
      if (state === "reading") state = "stopped";
      wake();
    },
  };
}
