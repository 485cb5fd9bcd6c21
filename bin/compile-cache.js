/**
 * What Node 22 and newer have as their compile cache, for Node 20: what V8 has compiled of the larger files of the bundle is kept,
 * which saves a run of some 40 milliseconds up to 7 of them.
 *
 * V8 takes what it kept for a source of the same length, by the same version and flags of its own, and looks at nothing else:
 * one wrong bit in it, and the process is gone. So the files are kept by names that change with what is in them, as the
 * bundle's do, and what was kept stands there twice: to compare the two takes no time, where Node would take longer to load
 * what could hash them than all of this saves.
 */
const fs = require("node:fs");
const Module = require("node:module");
const { basename, dirname, join } = require("node:path");
const { Script } = require("node:vm");

/** Below it, to read the kept takes as long as to compile, in characters. */
const worthKeeping = 8_000;

/** More than the bundle has: what is kept of older ones goes at some time. */
const mostFiles = 150;

/**
 * @param {string} bundle the folder of the files, each named by a hash of what is in it
 * @param {string} folder where to keep it; whoever may write there decides what runs
 */
function keepCompiled(bundle, folder) {
  const place = join(folder, `${process.version}-${process.arch}`);
  const from = mark(bundle);
  const fresh = [];
  const { _compile: compile } = Module.prototype;
  Module.prototype._compile = function (source, file) {
    if (source.length < worthKeeping || dirname(file) !== bundle || !/-[\w-]{8}\.cjs$/.test(file)) {
      return compile.call(this, source, file);
    }
    const kept = join(place, `${basename(file)}.${from}.v8`);
    const cachedData = read(kept);
    const script = new Script(Module.wrap(source), {
      filename: file,
      cachedData,
      columnOffset: -Module.wrap("").indexOf("\n"),
    });
    if (!cachedData || script.cachedDataRejected) fresh.push([kept, script]);
    const require = Module.createRequire(file);
    script.runInThisContext().call(this.exports, this.exports, require, this, file, bundle);
  };
  process.on("exit", () => {
    if (fresh.length === 0) return;
    try {
      fs.mkdirSync(place, { recursive: true, mode: 0o700 });
      if (fs.readdirSync(place).length > mostFiles) fs.rmSync(place, { recursive: true });
      else for (const [kept, script] of fresh) write(kept, script.createCachedData());
    } catch {
      // It is made anew each time then.
    }
  });
}

/** Tells where a bundle lies: V8 keeps a file's path with what it compiled, and traces would name another installation's. */
function mark(path) {
  let sum = 0;
  for (let at = 0; at < path.length; at++) sum = (Math.imul(sum, 31) + path.charCodeAt(at)) >>> 0;
  return sum.toString(36);
}

function read(path) {
  try {
    const both = fs.readFileSync(path);
    const compiled = both.subarray(0, both.length / 2);
    return compiled.length > 0 && compiled.equals(both.subarray(compiled.length)) ? compiled : undefined;
  } catch {
    return undefined;
  }
}

function write(path, data) {
  const beside = `${path}.${process.pid}`;
  try {
    fs.writeFileSync(beside, Buffer.concat([data, data]), { flag: "wx", mode: 0o600, flush: true });
    fs.renameSync(beside, path);
  } catch (error) {
    fs.rmSync(beside, { force: true });
    throw error;
  }
}

module.exports = { keepCompiled };
