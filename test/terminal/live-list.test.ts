import xterm from "@xterm/headless";
import pico from "picocolors";
import { expect, test, vi } from "vitest";
import { catalog } from "../../src/core/doctor/catalog.ts";
import { createRedaction } from "../../src/core/redaction.ts";
import { drawLiveList } from "../../src/terminal/live-list.ts";
import { standardError } from "../../src/terminal/standard.ts";
import { Terminal } from "../../src/terminal/terminal.ts";

const emulated = (cols: number, rows: number) =>
  new xterm.Terminal({ cols, rows, convertEol: true, scrollback: 1000, allowProposedApi: true });

/** What stands on the screen. */
async function textOf(terminal: xterm.Terminal): Promise<string> {
  await new Promise<void>((resolve) => terminal.write("", resolve));
  const { active } = terminal.buffer;
  const lines = Array.from({ length: active.length }, (_, row) => active.getLine(row)?.translateToString(true) ?? "");
  return lines.join("\n").trimEnd();
}

/** A list on a screen of this size, below a line that was there before. */
function onScreen(cols: number, rows: number, items = catalog) {
  const terminal = emulated(cols, rows);
  terminal.write("$ akto-okta doctor\n");
  const screen = {
    get columns() {
      return terminal.cols;
    },
    get rows() {
      return terminal.rows;
    },
    write: (text: string) => terminal.write(text),
  };
  const list = drawLiveList("Checking", items, screen, pico.createColors(false));
  return { list, text: () => textOf(terminal), resize: (columns: number) => terminal.resize(columns, rows), terminal };
}

test("a list has a line for each check, in the catalog's order, and each turns to its mark", async () => {
  const { list, text } = onScreen(120, 50);
  expect(await text()).toBe(
    ["$ akto-okta doctor", `Checking … 0 of ${catalog.length}`, ...catalog.map(({ title }) => `· ${title}`)].join("\n"),
  );
  list.mark("redirect-uri", "fail");
  list.mark("akto-key", "pass");
  const lines = (await text()).split("\n");
  expect(lines[1]).toBe(`Checking … 2 of ${catalog.length}`);
  expect(lines).toContain("✗ Akto's exact redirect URI is among the app's");
  expect(lines).toContain("✓ Akto accepts the API key");
  expect(lines).toContain("· Akto sends its own dashboard's redirect URI");
});

test("on a screen too low for that, every check is there by its name", async () => {
  const { list, text, terminal } = onScreen(80, 24);
  for (const { id } of catalog) list.mark(id, id === "pkce" ? "warn" : "pass");
  const shown = await text();
  expect(terminal.buffer.active.baseY).toBe(0);
  for (const { id } of catalog) expect(shown).toMatch(new RegExp(`${id === "pkce" ? "!" : "✓"} ${id}(\\s|$)`, "m"));
});

test("on a tiny screen what is still to come is shown, and it is gone afterwards all the same", async () => {
  const { list, text } = onScreen(30, 6);
  for (const { id } of catalog.slice(0, -1)) list.mark(id, "pass");
  expect(await text()).toContain(`· ${catalog.at(-1)?.id}`);
  list.stop();
  expect(await text()).toBe("$ akto-okta doctor");
});

test("a list is gone without a trace when it is done, also after the window was made narrower", async () => {
  const { list, text } = onScreen(120, 50);
  list.mark("pkce", "fail");
  list.stop();
  list.stop();
  list.mark("akto-key", "pass");
  expect(await text()).toBe("$ akto-okta doctor");
  const narrowed = onScreen(100, 60);
  await narrowed.text();
  narrowed.resize(60);
  narrowed.list.mark("pkce", "fail");
  narrowed.list.stop();
  expect(await narrowed.text()).toBe("$ akto-okta doctor");
});

test("a list that a message has pushed away is drawn anew below it", async () => {
  const { list, text, terminal } = onScreen(80, 24);
  list.makeWay();
  terminal.write("Okta asks to wait.\n");
  list.mark("pkce", "fail");
  expect(await text()).toMatch(/^\$ akto-okta doctor\nOkta asks to wait\.\nChecking … 1 of/);
});

test("however often a message pushes it away, the list leaves nothing behind", async () => {
  const screen = emulated(80, 24);
  vi.spyOn(standardError, "isTTY", "get").mockReturnValue(true);
  vi.spyOn(standardError, "write").mockImplementation((said) => {
    screen.write(said);
    return true;
  });
  try {
    const terminal = new Terminal({
      json: false,
      input: false,
      quiet: false,
      debug: false,
      color: false,
      signal: new AbortController().signal,
      streams: { out: () => {}, err: (said) => screen.write(said) },
      redaction: createRedaction(),
    });
    const list = await terminal.liveList("Checking", [
      { id: "pkce", title: "PKCE" },
      { id: "akto-key", title: "The key" },
    ]);
    terminal.note("Okta asks to wait.");
    list.mark("pkce", "pass");
    terminal.note("Okta asks to wait again.");
    list.mark("akto-key", "pass");
    expect(await textOf(screen)).toBe(
      "Okta asks to wait.\nOkta asks to wait again.\nChecking … 2 of 2\n✓ PKCE\n✓ The key",
    );
    list.stop();
    terminal.note("Done.");
    expect(await textOf(screen)).toBe("Okta asks to wait.\nOkta asks to wait again.\nDone.");
  } finally {
    vi.restoreAllMocks();
  }
});
