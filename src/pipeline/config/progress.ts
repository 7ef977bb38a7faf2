/** What tells the outside how far it is; printing is the command line's business. */
export interface Progress {
  readonly program: string;
  readonly schedules: number;
  readonly rate: number;
  readonly depth: number;
  readonly found: number;
  /** Threads at work on it. */
  readonly workers: number;
}
