import { actorsOf, sameChoice, type Choice } from "../../model/run/choice.js";
import type { GoroutineName } from "../../model/ids.js";
import type { Pending } from "../../model/run/program.js";
import type { Schedule } from "../../model/run/schedule.js";
import { allAlternatives } from "../alternatives.js";
import { FAIR_START, type FairnessState } from "../fairness.js";
import type { Beginning, RunEnd, SearchCoverage, Strategy } from "../strategy.js";
import { NonPreemptiveOrder } from "./natural.js";

/** Of a run's choices, those up to here; shared between the runs that begin with them. */
interface Link {
  readonly choice: Choice;
  readonly before: Link | undefined;
  /** Before the choice. */
  readonly fairness: FairnessState;
}

/**
 * Preemption bounding, iterated (Musuvathi & Qadeer, "Iterative context bounding for systematic testing of
 * multithreaded programs", PLDI 2007; CHESS): first all schedules without a preemption, then all with one, and so on.
 * Leaving a goroutine that could go on costs one; so does the clock while a goroutine can. Which select case, and which goroutine to
 * go on with when the last one is blocked, is free.
 *
 * B1. Each schedule within the bound is tried once: what costs too much now waits for its turn in `#later`.
 */
export class Preemptions implements Strategy, SearchCoverage {
  readonly name = "preemptions";
  readonly coverage: SearchCoverage = this;
  readonly roundIndex = 0;
  readonly #max: number;
  readonly #order = new NonPreemptiveOrder();
  #now: Link[] = [];
  #later: Link[] = [];
  #bound = 0;
  #link: Link | undefined;
  #last: readonly GoroutineName[] = [];
  #begun = false;
  readonly #bounds = new Set<string>();
  exhausted = false;
  distinct = 0;

  /** `max`: no more preemptions than that. */
  constructor(max: number) {
    this.#max = max;
  }

  get bounds(): readonly string[] {
    const own = this.#later.length === 0 ? [] : [`at most ${this.#bound} preemption${this.#bound === 1 ? "" : "s"}`];
    return [...this.#bounds, ...own];
  }

  begin(): Beginning | undefined {
    this.#order.reset();
    this.#link = undefined;
    this.#last = [];
    if (!this.#begun) {
      this.#begun = true;
      return { prefix: [], fairness: FAIR_START };
    }
    if (this.#now.length === 0 && !this.#raise()) return undefined;
    const link = this.#now.pop()!;
    const prefix: Choice[] = [];
    for (let l = link.before; l; l = l.before) prefix.push(l.choice);
    prefix.reverse();
    this.#link = link.before;
    this.#next = link.choice;
    if (prefix.length > 0) this.#order.follow(prefix.at(-1)!);
    return { prefix, fairness: link.fairness };
  }
  #next: Choice | undefined;

  ended(end: RunEnd): void {
    if (end.stopped !== "strategy") this.distinct++;
    for (const bound of end.bounds) this.#bounds.add(bound);
  }

  normalForm({ schedule }: RunEnd): Schedule {
    return schedule.slice();
  }

  canonicalLength({ schedule }: RunEnd): number {
    return schedule.length;
  }

  next(pending: readonly Pending[], _history: Schedule, fairness: FairnessState): Choice | "stop-run" {
    const planned = this.#next;
    this.#next = undefined;
    const choice = planned ?? this.#order.choose(pending);
    if (choice === undefined) return "stop-run";
    if (planned) this.#order.follow(planned);
    else this.#putOff(pending, choice, fairness);
    this.#link = { choice, before: this.#link, fairness };
    this.#last = actorsOf(choice);
    return choice;
  }

  /** The siblings of a choice made here for the first time. */
  #putOff(pending: readonly Pending[], natural: Choice, fairness: FairnessState): void {
    const couldGoOn = pending.some((p) => p.alternatives.length > 0 && p.yielding !== true && this.#last.includes(p.goroutine!));
    const others = pending.some((p) => p.goroutine !== undefined && p.yielding !== true && p.alternatives.length > 0);
    for (const choice of allAlternatives(pending)) {
      if (sameChoice(choice, natural)) continue;
      const actors = actorsOf(choice);
      const preempts = actors.length === 0 ? others : couldGoOn && !actors.some((name) => this.#last.includes(name));
      (preempts ? this.#later : this.#now).push({ choice, before: this.#link, fairness });
    }
  }

  #raise(): boolean {
    if (this.#later.length === 0) {
      this.exhausted = true;
      return false;
    }
    if (this.#bound >= this.#max) {
      this.exhausted = true; // within its bound, which it says
      return false;
    }
    this.#bound++;
    this.#now = this.#later;
    this.#later = [];
    return true;
  }
}
