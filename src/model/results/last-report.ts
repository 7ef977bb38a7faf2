import type { Report } from "./examination.js";

/** What the last explorations of a project said, kept for editors. */
export interface LastReport {
  /** Of project and command: a run of a main does not replace what is known of tests. */
  readonly id: string;
  /** The project's folder: of its go.mod or package.json. */
  readonly root: string;
  /** As it was found, what the project accepts included. */
  readonly report: Report;
  /** `file:line` of the `go` statements whose findings the project accepts (ignore lists, comments, baselines). */
  readonly accepted: readonly string[];
  /** The text of each line that the report names, without blanks around it: by it a line is found again after an edit. */
  readonly lines: Readonly<Record<string, Readonly<Record<string, string>>>>;
}
