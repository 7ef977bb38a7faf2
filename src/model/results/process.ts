import type { Result } from "../../base/result.js";

/** A running process that can be asked through its gops agent. */
export interface AgentProcess {
  readonly pid: number;
  readonly program: string;
  readonly port: number;
}

/** What its agent says of it. */
export interface ProcessStats {
  /** runtime.Version(), or the version of Unpark's runtime. */
  readonly version: string;
  readonly goroutines: number;
  /** All lines of the agent's answer, by their words: `OS threads` → 8. */
  readonly counts: Readonly<Record<string, number>>;
}

export interface ListedProcess extends AgentProcess {
  /** Its stats, or the sentence that says why there are none. */
  readonly stats: Result<ProcessStats, string>;
}
