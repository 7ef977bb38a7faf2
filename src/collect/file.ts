import { createReadStream } from "node:fs";
import { resolve } from "node:path";
import { publicName } from "../model/public-name.js";
import { CollectError } from "./collected.js";

const WORDS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EISDIR: "it is a folder, not a file",
};

/** A file's bytes, a piece at a time. */
export async function* readFileChunks(path: string, cwd: string): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of createReadStream(resolve(cwd, path), { highWaterMark: 1 << 20 })) yield chunk as Uint8Array;
  } catch (error) {
    throw fileError(path, error);
  }
}

export function fileError(path: string, error: unknown): CollectError {
  const { code, message } = error as NodeJS.ErrnoException;
  return new CollectError(`${publicName(path)}: ${WORDS[code ?? ""] ?? publicName(message)}`);
}
