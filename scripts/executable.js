/**
 * One executable file for a machine without Node: Node itself with the program inside (Node's single executable
 * applications). It holds everything but the system's keychain, whose library is native: secrets lie in the file.
 *
 * Writes executable/akto-okta-OS-ARCH for the machine that it runs on.
 */
import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { arch, platform } from "node:process";
import { inject } from "postject";
import { build } from "rolldown";
import { bundling, written } from "./bundle/options.js";

const folder = "executable";
const target = `${folder}/akto-okta-${platform}-${arch}${platform === "win32" ? ".exe" : ""}`;
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });

writeFileSync(
  `${folder}/entry.mjs`,
  `import { main } from "../src/cli.ts";\nmain(process.argv.slice(2)).then((code) => { process.exitCode = code; });\n`,
);
await build({
  ...bundling,
  input: `${folder}/entry.mjs`,
  // A single executable runs one file.
  output: { ...written, file: `${folder}/program.cjs`, codeSplitting: false },
});
writeFileSync(
  `${folder}/sea.json`,
  JSON.stringify({
    main: `${folder}/program.cjs`,
    output: `${folder}/program.blob`,
    disableExperimentalSEAWarning: true,
  }),
);
execFileSync(process.execPath, ["--experimental-sea-config", `${folder}/sea.json`], {
  stdio: ["ignore", "ignore", "inherit"],
});

copyFileSync(process.execPath, target);
chmodSync(target, 0o755);
// A signature of what it was would be none of what it becomes.
if (platform === "darwin") execFileSync("codesign", ["--remove-signature", target]);
await inject(target, "NODE_SEA_BLOB", readFileSync(`${folder}/program.blob`), {
  sentinelFuse: "NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2",
  ...(platform === "darwin" ? { machoSegmentName: "NODE_SEA" } : {}),
});
if (platform === "darwin") execFileSync("codesign", ["--sign", "-", target]);
for (const name of ["entry.mjs", "program.cjs", "program.blob", "sea.json"]) rmSync(`${folder}/${name}`);
process.stdout.write(`${target}\n`);
