/** One of Okta's own SDKs, unchanged, in a small program that prints a line of JSON for each step that it makes. */
import { describe, expect, it } from "vitest";
import { startSandbox } from "../../src/sandbox/index.ts";
import { environment } from "../program.ts";
import { withPeer } from "./peer.ts";
import { attempt, type Server } from "./tools.ts";

interface Step {
  readonly step: string;
  readonly value?: unknown;
  readonly error?: string;
}

interface OktaSdk {
  readonly name: string;
  /** The pinned version. */
  readonly version: string;
  /** What each step of the program must give. */
  readonly steps: Readonly<Record<string, unknown>>;
  /** Gets the SDK, and says how its program is run: a command and its arguments, and what its environment has beside. */
  readonly program: () => Promise<{
    readonly command: readonly [string, ...string[]];
    readonly env?: Readonly<Record<string, string>>;
  }>;
}

/** Tries an SDK against the sandbox's Okta org, step by step. */
export function describeOktaSdk({ name, version, steps, program }: OktaSdk): void {
  describe(name, () => {
    let made: readonly Step[];
    withPeer({
      name,
      version,
      start: async (): Promise<Server> => {
        const {
          command: [file, ...args],
          env,
        } = await program();
        const sandbox = await startSandbox();
        try {
          const { HOME: _, ...variables } = environment("", sandbox);
          const printed = await attempt(file, args, { env: { ...variables, ...env } });
          made = printed
            .split("\n")
            .filter((line) => line.startsWith("{"))
            .map((line) => JSON.parse(line));
        } finally {
          await sandbox.close();
        }
        return { stop: async () => {} };
      },
    });

    it.for(Object.entries(steps).map(([step, expected]) => [step.replaceAll("_", " "), step, expected] as const))(
      "%s",
      ([, step, expected], { task }) => {
        const found = made.find((each) => each.step === step);
        task.meta.saw = found?.error ?? "as expected";
        expect(found, JSON.stringify(made, null, 2)).toEqual({ step, value: expected });
      },
    );
  });
}
