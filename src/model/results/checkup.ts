/** What `unpark doctor` looked at, one thing each. */
export interface Checkup {
  readonly checks: readonly Check[];
}

export interface Check {
  /** `Go`, `Node`, `cache` … */
  readonly subject: string;
  /** `fine`; `slow`: it works, and costs something that need not be; `broken`: commands that need it cannot work. */
  readonly state: "fine" | "slow" | "broken";
  /** What is there, and what to do about it: a sentence. */
  readonly words: string;
}
