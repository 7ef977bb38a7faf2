import type { Choice } from "../../model/choice.js";
import type { Pending } from "../../model/program.js";
import type { Schedule } from "../../model/schedule.js";
import type { Beginning, Search } from "../search.js";
import { QuietMachine } from "./quiet-machine.js";

/** A recorded schedule again, once; and on, in the natural order, should the program go on where the schedule ends. */
export class Replay implements Search {
  readonly name = "replay";
  readonly #schedule: Schedule;
  readonly keepsOwnFairness = true;
  readonly #order = new QuietMachine();
  #begun = false;

  constructor(schedule: Schedule) {
    this.#schedule = schedule;
  }

  begin(): Beginning | undefined {
    if (this.#begun) return undefined;
    this.#begun = true;
    for (const choice of this.#schedule) this.#order.follow(choice);
    return { prefix: this.#schedule };
  }

  next(pending: readonly Pending[]): Choice | "stop-run" {
    return this.#order.choose(pending) ?? "stop-run";
  }
}
