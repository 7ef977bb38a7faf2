import { parseFlags, type Flags, type FlagSpecs } from "./flags/flags.js";
import { complain, type Io } from "./io.js";

/** One command of `unpark`: a file of its own that exports it as `command`, and a line in `commands.ts`. */
export interface Command {
  readonly name: string;
  /** One line for `unpark --help`. */
  readonly summary: string;
  /** Its table of flags: what it reads, its help, and what shells complete. */
  readonly flags: FlagSpecs;
  /** Further tables, of other ways in which it is called. */
  readonly modes?: readonly FlagSpecs[];
  /** Of all flags those that `.unpark.yaml` may give a call with these words. Default: `flags`. */
  readonly settable?: (argv: readonly string[]) => FlagSpecs;
  /** It reads `.unpark.yaml` for what stands there beside flags. */
  readonly readsIgnores?: true;
  /** What `unpark <name> --help` prints: made by `usageText`. */
  readonly usage: string;
  /** `all`: every command, which dispatch gives. `argv` without the command's own name; `--help` is answered before. Resolves to the exit code. */
  run(argv: readonly string[], io: Io, all?: CommandTable): Promise<number>;
}

/** A command is loaded only when it is asked for, so that start-up stays quick. */
type LoadCommand = () => Promise<{ readonly command: Command }>;

export type CommandTable = Readonly<Record<string, LoadCommand>>;

export const loadCommands = (table: CommandTable): Promise<readonly Command[]> => Promise.all(Object.values(table).map(async (load) => (await load()).command));

/** Its `run`, where all its words are flags and arguments: what is none of its own is told before anything is done. */
export const withFlags =
  <S extends FlagSpecs>(specs: S, run: (given: Flags<S>, io: Io, all?: CommandTable) => Promise<number>): Command["run"] =>
  async (argv, io, all) => {
    const parsed = parseFlags(specs, argv);
    return parsed.ok ? run(parsed.value, io, all) : complain(io, parsed.error);
  };
