import { execFileSync } from "node:child_process";

/** Builds once before the tests, since those under e2e and browser run the built program. */
export default function setup(): void {
  if (process.env.SKIP_BUILD) return;
  execFileSync("npm", ["run", "--silent", "build"], { stdio: "inherit" });
}
