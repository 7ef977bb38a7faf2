import { err, ok, type Result } from "../base/result.js";
import { CollectError } from "../collect/collected.js";
import { readFileChunks } from "../collect/file.js";

interface GivenFileOptions {
  readonly cwd: string;
  /** Aborted: the file is not waited for any longer, whatever it is. */
  readonly signal: AbortSignal;
}

/**
 * The text of a file that a person names on the command line: a report, a list, a certificate. It may be a pipe (a shell's `<(command)`), of which
 * nobody knows when somebody writes into it: Ctrl-C ends the wait. The error is one sentence with the file's name.
 */
export async function readGivenFile(path: string, { cwd, signal }: GivenFileOptions): Promise<Result<string, string>> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const piece of readFileChunks(path, { cwd, signal, timeoutMs: PATIENCE_MS })) {
      if ((size += piece.length) > LARGEST) return err(`${path}: it is larger than ${LARGEST / 2 ** 20} MiB`);
      pieces.push(piece);
    }
    return ok(Buffer.concat(pieces).toString("utf8"));
  } catch (error) {
    if (error instanceof CollectError) return err(error.message);
    throw error;
  }
}

/** A string of Node's holds 512 Mi characters. */
const LARGEST = 256 * 2 ** 20;
/** For who writes into a pipe to come, in ms. */
const PATIENCE_MS = 60_000;
