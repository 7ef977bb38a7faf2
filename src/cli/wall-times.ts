import type { Examination } from "../model/results/examination.js";
import type { Waited } from "../report/exploration/package-lines.js";

/** How long a person waited for each package, and for all: tests are explored side by side, so that their times together are more. */
export class WallTimes {
  readonly #now: () => number;
  readonly #began: number;
  readonly #spans = new Map<string, Span>();

  /** `now`: milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
    this.#began = now();
  }

  /** A test was examined, just now. */
  examined({ package: path, coverage }: Examination): void {
    if (coverage.cached) return;
    const to = this.#now();
    const from = Math.max(this.#began, to - coverage.milliseconds);
    this.#spans.set(path, { from: Math.min(from, this.#spans.get(path)?.from ?? from), to });
  }

  waited(): Waited {
    const spans = [...this.#spans.values()];
    const whole = spans.length === 0 ? 0 : Math.max(...spans.map(({ to }) => to)) - Math.min(...spans.map(({ from }) => from));
    return { whole, packages: new Map([...this.#spans].map(([path, { from, to }]) => [path, to - from])) };
  }
}

interface Span {
  readonly from: number;
  readonly to: number;
}
