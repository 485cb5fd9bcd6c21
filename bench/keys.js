/** How long the wizard's search for a group takes to show a key, and to narrow its list by it, in a pseudo-terminal. */
import { spawn } from "@lydell/node-pty";
import { executable, median } from "./measure.js";

/** @returns milliseconds until the key stands there, and until the list of what is known already is narrowed to it; medians */
export async function searchKeys(env) {
  let screen = "";
  let changed = () => {};
  const terminal = spawn(process.execPath, [executable, "mapping", "add"], {
    cols: 100,
    rows: 40,
    name: "xterm-256color",
    env: { ...env, TERM: "xterm-256color" },
  });
  terminal.onData((data) => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what moves the cursor and colors
    screen += data.replaceAll(/\u001b\[[\d;?]*[A-Za-z]/g, "");
    changed();
  });
  const shows = (text) =>
    new Promise((resolve) => {
      changed = () => screen.includes(text) && resolve(performance.now());
      changed();
    });
  try {
    await shows("❯ Everyone");
    const echoes = [];
    const lists = [];
    for (const name of ["Team 777", "Team 8888", "Team 99999", "Team 4321", "Team 56565"]) {
      terminal.write(name.slice(0, -1));
      await shows(`❯ ${name.slice(0, -1)}`);
      screen = "";
      const start = performance.now();
      terminal.write(name.at(-1));
      echoes.push((await shows(`Okta group: ${name}`)) - start);
      lists.push((await shows(`❯ ${name}`)) - start);
      screen = "";
      for (const _ of name) terminal.write("\u007f");
      await shows("❯ Everyone");
      screen = "";
    }
    return { echo: median(echoes), list: median(lists) };
  } finally {
    terminal.kill("SIGKILL");
  }
}
