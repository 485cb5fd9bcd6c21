/** What the real dashboard answered, action by action, in the order in which it was asked. */
import { readFileSync } from "node:fs";

/** One call with its answer. */
export interface RecordedAnswer {
  readonly case: string;
  readonly action: string;
  readonly request: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly status: number;
  readonly contentType: string;
  /** JSON, or how long the page was. */
  readonly answer: unknown;
}

export const recordedAnswers: readonly RecordedAnswer[] = JSON.parse(
  readFileSync(new URL("fixtures/akto-recorded-answers.json", import.meta.url), "utf8"),
);

/** Whether the answer was a page, which isn't recorded itself. */
export const isPage = ({ contentType }: RecordedAnswer) => contentType.startsWith("text/html");
