/** What is written to a file or a pipe at once, and what by Node's stream. */
import { execFileSync, spawn } from "node:child_process";
import { closeSync, constants, openSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { WriteStream } from "node:tty";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { createStandard } from "../../src/terminal/standard.ts";
import { temporaryFolder } from "../program.ts";

const noStream = (): WriteStream => {
  throw new Error("made a stream");
};

/** A pipe to a program that reads once it is told to. */
function pipe() {
  const reader = spawn("sh", ["-c", "read -r _ <&3; exec cat"], { stdio: ["pipe", "pipe", "inherit", "pipe"] });
  onTestFinished(() => void reader.kill());
  const [stdin, stdout, , told] = reader.stdio;
  // A pipe's handle has its descriptor, which Node hands out for its own alone.
  const { fd } = (stdin as unknown as { _handle: { fd: number } })._handle;
  const stream = vi.fn(() => stdin as unknown as WriteStream);
  return {
    fd,
    stream,
    read: () => {
      (told as NodeJS.WritableStream).end("go\n");
      return text(stdout as NodeJS.ReadableStream);
    },
    end: () => stdin?.end(),
  };
}

describe.skipIf(process.platform === "win32")("standard output", () => {
  it("that is a file takes everything at once", () => {
    const path = join(temporaryFolder(), "out");
    const fd = openSync(path, "w");
    onTestFinished(() => closeSync(fd));
    const out = createStandard(fd, noStream);
    expect([out.isTTY, out.columns]).toEqual([false, undefined]);
    expect(["a", "é".repeat(100_000), ""].map((part) => out.write(part))).toEqual([true, true, true]);
    expect(readFileSync(path, "utf8")).toBe(`a${"é".repeat(100_000)}`);
  });

  it("that is a pipe takes a little at once, and the rest in its order by the stream", async () => {
    const { fd, stream, read, end } = pipe();
    const out = createStandard(fd, stream);
    expect(out.write("a".repeat(4000))).toBe(true);
    expect(stream).not.toHaveBeenCalled();
    const rest = [out.write("b".repeat(200_000)), out.write("c")];
    const got = read();
    expect(await Promise.all(rest)).toEqual([true, true]);
    end();
    expect(await got).toBe(`${"a".repeat(4000)}${"b".repeat(200_000)}c`);
  });

  it("that is a full pipe waits for its reader by the stream", async () => {
    const { fd, stream, read, end } = pipe();
    let filled = 0;
    expect(() => {
      for (;;) filled += writeSync(fd, "a".repeat(1000));
    }).toThrow("EAGAIN");
    const out = createStandard(fd, stream);
    const rest = [out.write("b"), out.write("c")];
    const got = read();
    expect(await Promise.all(rest)).toEqual([true, true]);
    end();
    expect(await got).toBe(`${"a".repeat(filled)}bc`);
  });

  it("whose reader went away tells so after the write", async () => {
    const path = join(temporaryFolder(), "pipe");
    execFileSync("mkfifo", [path]);
    const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const fd = openSync(path, "w");
    onTestFinished(() => closeSync(fd));
    closeSync(reader);
    const out = createStandard(fd, noStream);
    const told = new Promise((resolve) => out.onError(resolve));
    const said = vi.fn();
    out.onError(said);
    expect([out.write("a"), said.mock.calls.length]).toEqual([false, 0]);
    expect(await told).toMatchObject({ code: "EPIPE" });
    expect(said).toHaveBeenCalledOnce();
  });

  it("that others write to goes by the stream from then on", () => {
    const { fd, stream } = pipe();
    const out = createStandard(fd, stream);
    out.stream.write("a");
    expect(out.write("b")).toBeInstanceOf(Promise);
  });

  it.each([
    ["80", 80],
    ["0", undefined],
    ["-5", undefined],
    ["wide", undefined],
  ])("that is no terminal is as wide as COLUMNS=%s says", (columns, expected) => {
    vi.stubEnv("COLUMNS", columns);
    onTestFinished(() => void vi.unstubAllEnvs());
    expect(createStandard(pipe().fd, noStream).columns).toBe(expected);
  });
});
