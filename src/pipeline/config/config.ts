import type { SetSeverity, Verdict } from "../../model/finding/finding.js";

/** What a project says in its `.unpark.yaml`; see docs/config.md. Each part has the line that says it. */
export interface Config {
  /** Where it was read; undefined where there is none. */
  readonly path: string | undefined;
  readonly ignore: readonly Ignore[];
  /** Values of flags, in the order of the file. */
  readonly flags: readonly FlagSetting[];
  readonly packages: readonly PackageSettings[];
  readonly severity: readonly SeveritySetting[];
  readonly skip: readonly Skip[];
}

export const NO_CONFIG: Config = { path: undefined, ignore: [], flags: [], packages: [], severity: [], skip: [] };

/** A flag's value: for one command, or for all that have the flag. */
export interface FlagSetting {
  readonly command: string | undefined;
  readonly flag: string;
  /** As it would stand on a command line; true and false of flags that are given or not. */
  readonly value: string | boolean | readonly string[];
  readonly line: number;
}

/** What may differ from package to package: flags of the exploration. */
export const PACKAGE_FLAGS = ["budget", "schedules", "preemptions", "strategy", "faults", "clock"] as const;
export type PackageFlag = (typeof PACKAGE_FLAGS)[number];

/** Of packages that match; where two fit, the later one's values hold. */
export interface PackageSettings {
  /** As go's commands take it: `./server/...`, from the file's folder; or an import path. */
  readonly match: string;
  /** The file's folder. */
  readonly root: string;
  /** As they would stand on a command line. */
  readonly values: Readonly<Partial<Record<PackageFlag, string>>>;
  readonly line: number;
}

export interface SeveritySetting {
  readonly verdict: Verdict;
  readonly severity: SetSeverity | "off";
  readonly line: number;
}

/** Tests that are not explored, each with a reason. `*` in a pattern stands for anything. */
export interface Skip {
  readonly test: string;
  /** As `match` of packages. */
  readonly package?: string;
  readonly root: string;
  readonly reason: string;
  readonly line: number;
}

/** Findings that are known and accepted for a time. `*` in a pattern stands for anything. */
export interface Ignore {
  /** Of the place where it is blocked, or of the one that created it: `example.com/pool.(*Pool).*`. One of `function` and `stack` there is. */
  readonly function?: string;
  /** Of any place on its stack, or of the one that created it. */
  readonly stack?: string;
  /** Its subtests, too. */
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
