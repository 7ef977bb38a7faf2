import type { Choice } from "../../model/choice.js";
import type { OpKind } from "../../model/operation.js";
import type { Pending } from "../../model/program.js";
import type { Schedule } from "../../model/schedule.js";
import type { Beginning } from "../strategy.js";
import { OneRun } from "./one-run.js";
import { QuietMachine } from "./quiet-machine.js";

/** A recorded schedule again, once; and on, in the natural order, should the program go on where the schedule ends. */
export class Replay extends OneRun {
  readonly name = "replay";
  readonly keepsOwnFairness = true;
  readonly #schedule: Schedule;
  readonly #order = new QuietMachine();

  constructor(schedule: Schedule) {
    super();
    this.#schedule = schedule;
  }

  protected override beginning(): Beginning {
    for (const choice of this.#schedule) this.#order.follow(choice);
    return { prefix: this.#schedule };
  }

  next(pending: readonly Pending[]): Choice | "stop-run" {
    return this.#order.choose(pending) ?? "stop-run";
  }

  goesOn(op: OpKind, yielding: boolean): Choice | undefined {
    return this.#order.goesOn(op, yielding);
  }
}
