import { sameChoice, type Choice } from "../../model/run/choice.js";
import type { Pending } from "../../model/run/program.js";
import type { Schedule } from "../../model/run/schedule.js";
import { OneRun } from "./one-run.js";
import { QuietMachine } from "./quiet-machine/quiet-machine.js";

/**
 * Follows a list of choices as far as it can: one that is not possible when its turn comes is left out. After the list,
 * the natural order. For shrinking, which rearranges schedules without knowing whether the result is one.
 */
export class BestEffortReplay extends OneRun {
  readonly name = "guided";
  readonly #wanted: Schedule;
  readonly #order = new QuietMachine();
  #at = 0;

  constructor(wishes: Schedule) {
    super();
    this.#wanted = wishes;
  }

  next(pending: readonly Pending[]): Choice | "stop-run" {
    while (this.#at < this.#wanted.length) {
      const wish = this.#wanted[this.#at++]!;
      if (!pending.some((p) => p.alternatives.some((choice) => sameChoice(choice, wish)))) continue;
      this.#order.follow(wish);
      return wish;
    }
    return this.#order.choose(pending) ?? "stop-run";
  }
}
