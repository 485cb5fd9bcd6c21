/**
 * A page on disk that leads on to an address. Every user of the machine can read a command line (proc(5), `cmdline`), and the
 * address of a sign-in holds its state, its nonce and its challenge.
 */
import { existsSync, rmSync } from "node:fs";
import { mkdtemp, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Writes the page, for its owner alone, in a folder of its own. It is gone when the program ends.
 *
 * @returns its path
 */
export async function writeLeadingPage(url: string): Promise<string> {
  const folder = await newFolder();
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, "sign-in.html");
  await writeFile(path, leadingPage(url), { mode: 0o600, flag: "wx" });
  return path;
}

/** A browser installed as a snap has its own /tmp, and sees only what isn't hidden in a home folder. */
async function newFolder(): Promise<string> {
  const name = "akto-okta-sign-in-";
  const home = process.platform === "linux" && existsSync("/snap") ? homedir() : undefined;
  if (home !== undefined) {
    try {
      return await mkdtemp(join(home, name));
    } catch {
      // A home folder that can't be written is no reason not to open the browser.
    }
  }
  return mkdtemp(join(tmpdir(), name));
}

function leadingPage(url: string): string {
  const address = url.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'">
<meta name="referrer" content="no-referrer">
<meta http-equiv="refresh" content="0; url=${address}">
<title>Sign in to Okta</title>
</head>
<body>
<p><a href="${address}">Go on to Okta's sign-in</a></p>
</body>
</html>
`;
}
