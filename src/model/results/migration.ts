/** One place where a repository uses goleak, and what it becomes. */
export interface MigratedUse {
  readonly file: string;
  readonly line: number;
  /** Goleak's name: `VerifyTestMain`. */
  readonly name: string;
  /** Import path; empty where no go.mod says it. */
  readonly package: string;
  /** The function's name that an option gives. */
  readonly value?: string;
  readonly becomes: Conversion;
}

export type Conversion =
  /** `unpark test` does so anyway. */
  | { readonly kind: "needless"; readonly why: string }
  | { readonly kind: "ignore"; readonly entry: MigratedIgnore }
  /** The settings have it already. */
  | { readonly kind: "there"; readonly entry: MigratedIgnore }
  | { readonly kind: "not"; readonly why: string };

export interface MigratedIgnore {
  readonly stack: string;
  readonly test?: string;
  readonly package?: string;
  readonly reason: string;
  readonly expires: string;
}

/** What a repository's use of goleak becomes, and the change of its settings. */
export interface Migration {
  /** The folder that was read. */
  readonly root: string;
  /** The file of settings that is changed, or made. */
  readonly settings: string;
  readonly files: number;
  readonly uses: readonly MigratedUse[];
  /** Files that import goleak and do not parse. */
  readonly broken: readonly string[];
  /** Of the settings, as `git apply` and `patch -p1` take it; empty: nothing is to be changed. */
  readonly diff: string;
  readonly written: boolean;
}
