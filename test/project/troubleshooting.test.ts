import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

test("the messages that the page explains last are the program's own", () => {
  const [, section = ""] = readFileSync("docs/troubleshooting.md", "utf8").split("## The network or the disk");
  const messages = Array.from(section.matchAll(/^\| (?!it says|---)([^|]+) \|/gm), ([, message]) => message ?? "");
  expect(messages.length).toBeGreaterThan(5);
  const source = readdirSync("src", { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts"))
    .map((path) => readFileSync(join("src", path), "utf8"))
    .join("\n");
  for (const message of messages) expect(source).toContain(message);
});
