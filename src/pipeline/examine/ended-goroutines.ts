import type { RunEnd } from "../../explore/strategy.js";
import { actorsOf } from "../../model/run/choice.js";
import type { GoroutineName } from "../../model/ids.js";
import type { Schedule } from "../../model/run/schedule.js";

/** Schedules kept for each goroutine. */
const MOST = 2;

/**
 * For each goroutine some schedules after which it was gone, as far as the choices show it: it did something, and is
 * stopped before nothing at the end. What stands behind a candidate is found by replaying it (stuck.ts).
 */
export class EndedGoroutines {
  readonly #schedules = new Map<GoroutineName, Schedule[]>();

  add(end: RunEnd): void {
    const { outcome, schedule } = end;
    if (outcome?.kind !== "quiescent") return;
    let kept: Schedule | undefined;
    const seen = new Set<GoroutineName>();
    for (const choice of schedule) {
      for (const name of actorsOf(choice)) {
        if (seen.has(name)) continue;
        seen.add(name);
        const known = this.#schedules.get(name) ?? [];
        if (known.length >= MOST || isLeft(end, name)) continue;
        this.#schedules.set(name, [...known, (kept ??= schedule.slice())]);
      }
    }
  }

  of(name: GoroutineName): readonly Schedule[] {
    return this.#schedules.get(name) ?? [];
  }
}

/** Is it stopped before an operation, or (as hosts begin their words with the name) does it wait inside the runtime? */
export const isLeft = ({ pending, run }: RunEnd, name: GoroutineName): boolean =>
  pending.some(({ goroutine }) => goroutine === name) || (run.parked?.().some((words) => words.startsWith(`${name} `)) ?? false);
