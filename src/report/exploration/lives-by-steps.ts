import type { GoroutineLife } from "../../model/run/trace.js";

/** Which goroutines were started or ended in which step: each life is looked at once, however many steps there are. */
export class LivesBySteps {
  readonly #started = new Map<number, GoroutineLife[]>();
  readonly #ended = new Map<number, GoroutineLife[]>();

  constructor(lives: Iterable<GoroutineLife>) {
    for (const life of lives) {
      add(this.#started, life.startedAt, life);
      if (life.endedAt !== undefined) add(this.#ended, life.endedAt, life);
    }
  }

  /** In the order of the lives; -1: before the first step. */
  startedAt(step: number): readonly GoroutineLife[] {
    return this.#started.get(step) ?? [];
  }

  endedAt(step: number): readonly GoroutineLife[] {
    return this.#ended.get(step) ?? [];
  }
}

function add(by: Map<number, GoroutineLife[]>, step: number, life: GoroutineLife): void {
  const known = by.get(step);
  if (known === undefined) by.set(step, [life]);
  else known.push(life);
}
