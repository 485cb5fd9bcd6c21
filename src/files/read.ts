/** Reads what somebody named, up to a limit: a device or a pipe has no size, and may have no end. */
import { isUtf8 } from "node:buffer";
import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { errorCode } from "../core/failure.ts";

/** How often a pipe is looked at that has nothing yet, in milliseconds. */
const look = 20;

/** How many looks a pipe gets that nobody has opened for writing: a shell may still be about to. */
const looksForWriter = 100;

/**
 * A file's bytes.
 *
 * @param limit the most to read, in bytes
 * @returns `undefined` when there is more than that
 * @throws what the file system throws; `ENXIO` for a pipe that nobody writes to
 */
export async function readFileUpTo(path: string, limit: number): Promise<Buffer | undefined> {
  // Else a pipe without a writer would hold this program up, deaf to every signal.
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const status = await file.stat();
    if (status.isDirectory()) throw systemError("EISDIR");
    if (status.isFile() && status.size > limit) return undefined;
    return await readUpTo(file, limit, status.isFIFO());
  } finally {
    await file.close();
  }
}

/**
 * The first line that isn't UTF-8, from 1: a byte that isn't would turn a name into another one. A line's end is the same
 * byte in every encoding that an editor writes by the byte.
 *
 * @returns `undefined` where all of it is
 */
export function firstLineNotUtf8(content: Buffer): number | undefined {
  if (isUtf8(content)) return undefined;
  let line = 0;
  let start = 0;
  for (let end = start; end !== -1; start = end + 1) {
    line += 1;
    end = content.indexOf("\n", start);
    if (!isUtf8(content.subarray(start, end === -1 ? undefined : end))) break;
  }
  return line;
}

async function readUpTo(file: FileHandle, limit: number, pipe: boolean): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let total = 0;
  for (let looks = 0; ; ) {
    const bytes = await readSome(file);
    if (bytes === "nothing yet") {
      await delay(look);
    } else if (bytes.length > 0) {
      chunks.push(bytes);
      total += bytes.length;
      if (total > limit) return undefined;
    } else if (!pipe || total > 0) {
      return Buffer.concat(chunks);
    } else if (++looks > looksForWriter) {
      throw systemError("ENXIO");
    } else {
      await delay(look);
    }
  }
}

async function readSome(file: FileHandle): Promise<Buffer | "nothing yet"> {
  const chunk = Buffer.alloc(65_536);
  try {
    const { bytesRead } = await file.read(chunk, 0, chunk.length);
    return chunk.subarray(0, bytesRead);
  } catch (error) {
    if (errorCode(error) === "EAGAIN") return "nothing yet";
    throw error;
  }
}

/**
 * A stream's bytes; see {@link readFileUpTo}. Where there is more than the limit, the stream is left unread.
 */
export async function readStreamUpTo(stream: NodeJS.ReadableStream, limit: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let total = 0;
  for await (const chunk of stream) {
    const bytes = typeof chunk === "string" ? Buffer.from(chunk) : chunk;
    chunks.push(bytes);
    total += bytes.length;
    // Leaving the loop destroys the stream.
    if (total > limit) return undefined;
  }
  return Buffer.concat(chunks);
}

/**
 * A stream's first line without its end, as far as it is UTF-8; `null` where the stream ends before anything came. The
 * stream is left unread then.
 *
 * @param limit the most to read, in bytes
 * @returns `undefined` when the line is longer
 */
export async function readLineUpTo(stream: NodeJS.ReadableStream, limit: number): Promise<string | null | undefined> {
  const chunks: Buffer[] = [];
  let total = 0;
  for await (const chunk of stream) {
    const bytes = typeof chunk === "string" ? Buffer.from(chunk) : chunk;
    const end = bytes.indexOf("\n");
    const part = end === -1 ? bytes : bytes.subarray(0, end);
    chunks.push(part);
    total += part.length;
    if (total > limit) return undefined;
    if (end !== -1) break;
  }
  return chunks.length === 0 ? null : Buffer.concat(chunks).toString("utf8").replace(/\r$/, "");
}

function systemError(code: string): Error {
  return Object.assign(new Error(code), { code });
}
