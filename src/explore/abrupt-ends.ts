import { WideHash } from "../base/hash.js";
import { formatSchedule, type Schedule } from "../model/run/schedule.js";

/** Of some runs that ended abruptly in one attempt to try every schedule: how many, and their normal forms, by hash. Plain data. */
export interface AbruptRuns {
  readonly attempt: number;
  readonly runs: number;
  readonly forms: readonly number[];
}

/**
 * Runs that ended abruptly (a panic, an exit), of the last attempt. What others did besides is no part of such a run's normal form: two runs
 * can have the same one, and whether both are tried depends on the order in which choices are taken up, so with several workers on who is
 * faster. Counted by normal form they are as many in every order.
 */
export class AbruptEnds {
  #attempt = 0;
  #runs = 0;
  readonly #forms = new Set<number>();

  /** So many runs end as another one does. */
  get repeats(): number {
    return this.#runs - this.#forms.size;
  }

  count(attempt: number, normalForm: Schedule): void {
    this.add({ attempt, runs: 1, forms: [hashOf(normalForm)] });
  }

  add({ attempt, runs, forms }: AbruptRuns): void {
    if (attempt < this.#attempt) return;
    if (attempt > this.#attempt) this.take();
    this.#attempt = attempt;
    this.#runs += runs;
    for (const form of forms) this.#forms.add(form);
  }

  /** Everything since the last time. */
  take(): AbruptRuns {
    const taken = { attempt: this.#attempt, runs: this.#runs, forms: [...this.#forms] };
    this.#runs = 0;
    this.#forms.clear();
    return taken;
  }
}

function hashOf(schedule: Schedule): number {
  const hash = new WideHash();
  const text = formatSchedule(schedule);
  for (let i = 0; i < text.length; i++) hash.add(text.charCodeAt(i));
  return hash.value;
}
