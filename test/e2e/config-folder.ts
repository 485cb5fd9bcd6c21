/** What stands in the program's config folder, and what it ends a refused command with. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Outcome } from "../program.ts";

/** Reads and writes the files of the config folder that the test's environment names at that moment. */
export function configOf(env: () => Record<string, string>) {
  const configFile = (name: string) => join(env().AKTO_OKTA_CONFIG_DIR ?? "", name);
  return {
    readConfig: (name: string) => JSON.parse(readFileSync(configFile(name), "utf8")),
    writeConfig(name: string, content: object): void {
      mkdirSync(join(configFile(name), ".."), { recursive: true, mode: 0o700 });
      writeFileSync(configFile(name), JSON.stringify(content), { mode: 0o600 });
    },
  };
}

const errorOf = ({ stderr }: Outcome) => JSON.parse(stderr.trim().split("\n").at(-1) ?? "").error;
export const codeOf = (outcome: Outcome) => errorOf(outcome).code;
export const messageOf = (outcome: Outcome) => errorOf(outcome).message;
