import { constants, createReadStream } from "node:fs";
import { open, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { systemWallClock } from "../base/wall-clock.js";
import { publicName } from "../model/public-name.js";
import { CollectError, type CollectOptions } from "./collected.js";

const PIECE = 1 << 20;

const WORDS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EISDIR: "it is a folder, not a file",
};

type FileOptions = Pick<CollectOptions, "cwd" | "signal" | "steady" | "timeoutMs">;

/** A file's bytes, a piece at a time. */
export async function* readFileChunks(path: string, options: FileOptions): AsyncGenerator<Uint8Array> {
  try {
    const file = resolve(options.cwd, path);
    if ((await stat(file)).isFIFO()) yield* pipeChunks(file, options);
    else for await (const chunk of createReadStream(file, { highWaterMark: PIECE })) yield chunk as Uint8Array;
  } catch (error) {
    throw fileError(path, error);
  }
}

/**
 * A named pipe, or one of a shell's `<(command)`. To open it as a file is opened waits for a writer, in a thread that nothing
 * interrupts and that keeps the process from ending: so it is asked again and again instead. Nothing tells a writer that has gone without a word from one
 * that has not come: it is waited for as an answer is (--timeout).
 */
async function* pipeChunks(file: string, { signal, steady = () => systemWallClock.now(), timeoutMs }: FileOptions): AsyncGenerator<Uint8Array> {
  const pipe = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const end = steady() + timeoutMs;
    for (let begun = false; ; ) {
      signal.throwIfAborted();
      const bytes = new Uint8Array(1 << 16); // what a pipe holds
      const read = await pipe.read(bytes).then(({ bytesRead }) => bytesRead, (error: unknown) => {
        if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
        return undefined;
      });
      if (read !== undefined && read > 0) yield bytes.subarray(0, read);
      else if (read === 0 && (begun || steady() >= end)) return;
      else await wait(10, undefined, { signal });
      begun ||= read !== 0;
    }
  } finally {
    await pipe.close();
  }
}

function fileError(path: string, error: unknown): CollectError {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "ABORT_ERR" || message === "interrupted") return new CollectError(`${publicName(path)}: interrupted`);
  return new CollectError(`${publicName(path)}: ${WORDS[code ?? ""] ?? publicName(message)}`);
}
