import { actorsOf, formatChoice, type Choice } from "../../model/run/choice.js";
import type { Pending, Run } from "../../model/run/program.js";
import type { Schedule } from "../../model/run/schedule.js";
import { allAlternatives } from "../alternatives.js";
import { HappensBefore, type ThreadId } from "../dpor/happens-before.js";
import { ThreadIds } from "../dpor/thread-ids.js";
import { recordStep } from "../dpor/record-step.js";
import type { FairnessState } from "../fairness.js";
import { FROM_THE_START, type Beginning, type Strategy } from "../strategy.js";
import { sameActors } from "../switches.js";

/**
 * All schedules without a context switch, then all with one, and so on: preemption bounding (CHESS, PLDI 2007) counts
 * only the changes that are not forced, people see every change. For shrinking: the first run that shows what is
 * asked for has the fewest switches that there are.
 *
 * K1. When a run begins, everything with fewer than `bound` switches has been tried.
 * K2. A state that was reached before, by steps that are alike and with the same goroutine going last, is not gone on
 *     from again: it was reached with no more switches then.
 */
export class FewestSwitches implements Strategy {
  readonly name = "fewest switches";
  bound = 0;
  exhausted = false;
  readonly #lazy: boolean;
  readonly #seen = new Set<string>();
  #now: Schedule[] = [[]];
  #later: Schedule[] = [];
  #plan: Schedule = [];
  #path = new TraceText();

  constructor(lazy: boolean) {
    this.#lazy = lazy;
  }

  begin(): Beginning | undefined {
    if (this.#now.length === 0) {
      [this.#now, this.#later] = [this.#later, []];
      this.bound++;
    }
    const plan = this.#now.pop();
    this.exhausted = plan === undefined;
    this.#plan = plan ?? [];
    this.#path = new TraceText();
    return plan && FROM_THE_START;
  }

  next(pending: readonly Pending[], history: Schedule, { early, clockMovedLast }: FairnessState): Choice | "stop-run" {
    if (history.length < this.#plan.length) return this.#plan[history.length]!;
    const last = history.at(-1);
    const state = `${this.#path.text()} ${last === undefined ? "" : actorsOf(last).join()} ${early} ${clockMovedLast}`;
    if (this.#seen.has(state)) return "stop-run";
    this.#seen.add(state);
    let goOn: Choice | undefined;
    for (const choice of allAlternatives(pending)) {
      const same = last === undefined || sameActors(last, choice);
      if (same && goOn === undefined) goOn = choice;
      else (same ? this.#now : this.#later).push([...history, choice]);
    }
    return goOn ?? "stop-run";
  }

  stepped(run: Run, choice: Choice): void {
    this.#path.push(run, choice, this.#lazy);
  }
}

/** A run so far, in a form that is equal for runs that are alike: each step with how many of whose steps came before it. */
class TraceText {
  readonly #history = new HappensBefore();
  readonly #names = new ThreadIds();
  readonly #steps: string[] = [];

  push(run: Run, choice: Choice, lazy: boolean): void {
    const event = recordStep(this.#history, this.#names, run, choice, lazy);
    const counts = new Map<ThreadId, number>();
    for (const before of this.#history.events) {
      if (before === event || !this.#history.happenedBefore(before.index, event.clock)) continue;
      for (const p of before.procs) counts.set(p, (counts.get(p) ?? 0) + 1);
    }
    const known = [...counts].map(([p, n]) => `${this.#names.nameOf(p) ?? "@"}:${n}`).sort();
    this.#steps.push(`${formatChoice(choice)}(${known.join()})`);
  }

  text(): string {
    return [...this.#steps].sort().join(" ");
  }
}
