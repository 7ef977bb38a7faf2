import type { Io } from "./io.js";

/** One command of `unpark`: a file of its own that exports it as `command`, and a line in `commands.ts`. */
export interface Command {
  readonly name: string;
  /** One line for `unpark --help`. */
  readonly summary: string;
  /** What `unpark <name> --help` prints: made by `usageText`. */
  readonly usage: string;
  /** `argv` without the command's own name; `--help` is answered before. Resolves to the exit code. */
  run(argv: readonly string[], io: Io): Promise<number>;
}
