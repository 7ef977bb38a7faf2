import { Readable } from "node:stream";
import { BoundedText } from "../base/bounded-text.js";
import { optional } from "../base/optional.js";
import { secretsIn, without } from "../model/public-name.js";
import type { CommandTable } from "./command.js";
import { complain, type Io } from "./io.js";
import { NO_PROJECT } from "./project.js";
import { runCommand } from "./run-command.js";

/** How a command line of Unpark ended, and what it wrote: nothing of it reached the process's own streams. */
export async function captured([name = "", ...words]: readonly string[], io: Pick<Io, "env" | "cwd" | "self" | "signal" | "threads">, all: CommandTable): Promise<{ readonly exit: number; readonly stdout: string; readonly stderr: string }> {
  const stdout: Uint8Array[] = [];
  const stderr = new BoundedText();
  const { GITHUB_ACTIONS: _, ...env } = io.env; // its annotations are for a runner's log
  const own: Io = {
    env, cwd: io.cwd, self: io.self, signal: io.signal, ...optional({ threads: io.threads }),
    stdout: { write: (data) => void stdout.push(Buffer.from(data)) },
    stderr: { write: (data) => stderr.add(typeof data === "string" ? data : Buffer.from(data).toString()) },
    stdin: Readable.from([]),
    isTTY: { stdout: false, stderr: false }, colour: false, columns: 80, rows: 24, project: NO_PROJECT,
  };
  const exit = await all[name]!().then(({ command }) => runCommand(command, words, own, all)).catch((error: Error) => complain(own, `${error.message} (this was not expected: please report it)`));
  return { exit, stdout: Buffer.concat(stdout).toString(), stderr: without(secretsIn(words), stderr.toString()) };
}
