import { actorsOf, type Choice } from "../../model/run/choice.js";
import type { GoroutineName } from "../../model/ids.js";
import type { Pending } from "../../model/run/program.js";
import type { Schedule } from "../../model/run/schedule.js";
import { isDefault, type FairnessState } from "../fairness.js";
import { OneRun } from "./one-run.js";
import { QuietMachine } from "./quiet-machine/quiet-machine.js";

/** After so many polls and yields in a row with nothing else happening, time moves, as it would on a real machine. */
const IDLE_STEPS = 64;

/**
 * The order in which the systematic searches try siblings, near to the natural one (quiet-machine/quiet-machine.ts): the goroutine that
 * went last goes on while it can; then the one that is first in the host's order. A select takes its default, and a yield
 * goes on, only where no goroutine can do anything better, then the one that did so longest ago; the clock moves when
 * nothing else can, or when there was only polling for a while.
 *
 * Its cost is one look at each pending operation.
 */
export class NonPreemptiveOrder {
  #last: GoroutineName | undefined;
  #idle = 0;
  #turn = 0;
  readonly #polled = new Map<GoroutineName, number>();

  reset(): void {
    this.#last = undefined;
    this.#idle = 0;
    this.#polled.clear();
  }

  /** Undefined only where there is no alternative. */
  choose(pending: readonly Pending[]): Choice | undefined {
    let first: Choice | undefined;
    let poll: Pending | undefined;
    let clock: Choice | undefined;
    for (const p of pending) {
      const choice = p.alternatives[0];
      if (choice === undefined) continue;
      if (p.goroutine === undefined) clock = choice;
      else if (isDefault(choice) || p.op === "yield" || p.yielding === true) poll = this.#longerAgo(poll, p);
      else if (p.goroutine === this.#last) return this.#work(choice);
      else first ??= choice;
    }
    if (first) return this.#work(first);
    if (clock && (!poll || this.#idle >= IDLE_STEPS)) return this.#work(clock);
    return poll && this.#idled(poll);
  }

  #longerAgo(a: Pending | undefined, b: Pending): Pending {
    return a === undefined || this.#turnOf(b) < this.#turnOf(a) ? b : a;
  }

  #turnOf(pending: Pending): number {
    return this.#polled.get(pending.goroutine!) ?? -1;
  }

  #work(choice: Choice): Choice {
    this.#idle = 0;
    this.#last = actorsOf(choice)[0];
    return choice;
  }

  #idled(poll: Pending): Choice {
    this.#idle++;
    this.#last = poll.goroutine;
    this.#polled.set(poll.goroutine!, this.#turn++);
    return poll.alternatives[0]!;
  }

  /** To be told of a choice that another strategy made. */
  follow(choice: Choice): void {
    this.#idle = isDefault(choice) ? this.#idle + 1 : 0;
    this.#last = actorsOf(choice)[0];
  }
}

/** The natural schedule, once. */
export class NonPreemptive extends OneRun {
  readonly name = "natural";
  readonly keepsOwnFairness = true;
  readonly looksAtChanges = true;
  readonly #order = new QuietMachine();

  next(pending: readonly Pending[], _history: Schedule, _fairness: FairnessState, changed?: readonly Pending[]): Choice | "stop-run" {
    return this.#order.choose(pending, changed) ?? "stop-run";
  }
}
