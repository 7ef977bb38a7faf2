import { sameChoice, type Choice } from "../../model/choice.js";
import type { Pending } from "../../model/program.js";
import type { Schedule } from "../../model/schedule.js";
import { FROM_THE_START, type Beginning, type Search } from "../search.js";
import { QuietMachine } from "./quiet-machine.js";

/**
 * Follows a list of choices as far as it can: one that is not possible when its turn comes is left out. After the list,
 * the natural order. For shrinking, which rearranges schedules without knowing whether the result is one.
 */
export class BestEffortReplay implements Search {
  readonly name = "guided";
  readonly #wishes: Schedule;
  readonly #order = new QuietMachine();
  #at = 0;
  #begun = false;

  constructor(wishes: Schedule) {
    this.#wishes = wishes;
  }

  begin(): Beginning | undefined {
    if (this.#begun) return undefined;
    this.#begun = true;
    return FROM_THE_START;
  }

  next(pending: readonly Pending[]): Choice | "stop-run" {
    while (this.#at < this.#wishes.length) {
      const wish = this.#wishes[this.#at++]!;
      if (!pending.some((p) => p.alternatives.some((choice) => sameChoice(choice, wish)))) continue;
      this.#order.follow(wish);
      return wish;
    }
    return this.#order.choose(pending) ?? "stop-run";
  }
}
