import type { Verdict } from "../../model/finding.js";

/** What a project says in its `.unpark.yaml`; see docs/config.md. */
export interface Config {
  /** Where it was read; undefined where there is none. */
  readonly path: string | undefined;
  readonly ignore: readonly Ignore[];
}

/** Findings that are known and accepted for a time. `*` in a pattern stands for anything. */
export interface Ignore {
  /** Of the place where it is blocked, or of the one that created it: `example.com/pool.(*Pool).*`. */
  readonly function: string;
  readonly test?: string;
  readonly package?: string;
  readonly verdict?: Verdict;
  readonly reason: string;
  /** The last day on which it holds: `2027-03-31`. */
  readonly expires: string;
  /** Its line in the file, for what is said about it. */
  readonly line: number;
}

export const CONFIG_FILE = ".unpark.yaml";
