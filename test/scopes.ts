/** The least scopes of a service app, as the documentation lists them. */
import { readFileSync } from "node:fs";

const table = readFileSync("docs/rights.md", "utf8");

/** Those of a command. */
export function scopes(command: string): string[] {
  const row = table.split("\n").find((line) => line.startsWith("|") && line.split("|")[1]?.includes(`\`${command}\``));
  return /`(okta\.[^`]+)`/.exec(row ?? "")?.[1]?.split(" ") ?? [`nothing is documented for ${command}`];
}
