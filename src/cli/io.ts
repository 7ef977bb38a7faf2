import { spellOutLines } from "../base/spell-out.js";
import type { KeptThreads } from "../pipeline/pool/kept-threads.js";
import type { Project } from "./project.js";
import { type ExitCode, FAILED } from "../report/exit-code.js";
import { withoutCommands } from "../report/shared/safe-text.js";

/** Where text or bytes go; a door's stream or a test's list. */
export interface Sink {
  write(data: string | Uint8Array): void;
  /** Until the reader has taken what was written; undefined: it has, or nobody knows. Whoever passes much on waits for it. */
  readonly slow?: () => Promise<void> | undefined;
}

/** Writes what a program printed, and gives the program's side something to wait for. */
export function passOn(sink: Sink, bytes: Uint8Array): Promise<void> | undefined {
  sink.write(bytes);
  return sink.slow?.();
}

/** All that a command sees of the world outside: nothing below the door touches `process`. */
export interface Io {
  /** Data. */
  readonly stdout: Sink;
  /** Talk: progress, errors. */
  readonly stderr: Sink;
  /** Standard input, read only by commands that are asked to (`-`). */
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute. */
  readonly cwd: string;
  /** Whether each stream is a terminal (and NO_COLOR is not set: see `colour`). */
  readonly isTTY: { readonly stdout: boolean; readonly stderr: boolean };
  /** May stdout be coloured? A terminal, and https://no-color.org is not asked for. */
  readonly colour: boolean;
  /** Width and height of the terminal as they are now, 80 and 24 where there is none. */
  readonly columns: number;
  readonly rows: number;
  /** Calls whenever that has changed, until what it answers is called; undefined: it never does. */
  readonly onResize?: (changed: () => void) => () => void;
  /** Aborted by the first Ctrl-C or SIGTERM: end soon, with what was found. A second one ends the process at once. */
  readonly signal: AbortSignal;
  /** The words that start this command again, from any folder. */
  readonly self: readonly string[];
  /** Threads of earlier commands, in a process that carries out more than one. */
  readonly threads?: KeptThreads;
  /** What the folder's `.unpark.yaml` says, for the command that is running (run-command.ts). */
  readonly project: Project;
}

/** The same with some parts changed: the terminal's size stays what it is at each moment, which a spread would read once. */
export const ioWith = (io: Io, changes: Partial<Io>): Io => Object.defineProperties({}, { ...Object.getOwnPropertyDescriptors(io), ...Object.getOwnPropertyDescriptors(changes) }) as Io;

/** Says why it could not be done, in one sentence, and gives the exit code for that. */
export function complain(io: Io, message: string): ExitCode {
  io.stderr.write(withoutCommands(`unpark: ${spellOutLines(message)}\n`));
  return FAILED;
}
