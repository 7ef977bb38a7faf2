import { actorsOf, type Choice } from "../../model/run/choice.js";
import type { GoroutineName } from "../../model/ids.js";
import type { OpKind } from "../../model/run/operation.js";
import type { Pending } from "../../model/run/program.js";
import type { Schedule } from "../../model/run/schedule.js";
import type { FairnessState } from "../fairness.js";
import type { Beginning } from "../strategy.js";
import { OneRun } from "./one-run.js";
import { QuietMachine } from "./quiet-machine/quiet-machine.js";

/** So often the clock moves before a goroutine that is held goes on: what it waits for may be a timer's. */
const MOVES = 8;

/**
 * A recorded schedule again, once; and on, in the natural order, should the program go on where the schedule ends. `held`: this goroutine
 * goes on behind it only when no other can, for it computes until they have.
 */
export class Replay extends OneRun {
  readonly name = "replay";
  readonly keepsOwnFairness = true;
  readonly looksAtChanges = true;
  readonly #schedule: Schedule;
  readonly #order = new QuietMachine();
  #held: GoroutineName | undefined;
  #moves = 0;
  /** What the order keeps is of all that is pending: who is held was not left out of it. */
  #keeps = true;

  constructor(schedule: Schedule, held?: GoroutineName) {
    super();
    this.#schedule = schedule;
    this.#held = held;
  }

  protected override beginning(): Beginning {
    for (const choice of this.#schedule) this.#order.follow(choice);
    return { prefix: this.#schedule };
  }

  next(pending: readonly Pending[], _history: Schedule, _fairness: FairnessState, changed?: readonly Pending[]): Choice | "stop-run" {
    if (this.#held !== undefined) this.#keeps = false;
    const others = this.#held === undefined ? undefined : this.#order.choose(withoutHeld(pending, this.#held));
    if (others?.kind === "clock") this.#moves++;
    if (others !== undefined && this.#moves <= MOVES) return others;
    this.#held = undefined;
    return this.#order.choose(pending, this.#keeps ? changed : undefined) ?? "stop-run";
  }

  goesOn(op: OpKind, yielding: boolean, unasked: number): Choice | undefined {
    return this.#order.goesOn(op, yielding, unasked);
  }
}

const withoutHeld = (pending: readonly Pending[], held: GoroutineName): readonly Pending[] =>
  pending.flatMap((one) => (one.goroutine === held ? [] : [{ ...one, alternatives: one.alternatives.filter((way) => !actorsOf(way).includes(held)) }]));
