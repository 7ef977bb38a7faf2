import { sameChoice, type Choice } from "../../model/run/choice.js";
import type { Pending } from "../../model/run/program.js";
import type { Schedule } from "../../model/run/schedule.js";
import { allAlternatives } from "../alternatives.js";
import { FAIR_START, type FairnessState } from "../fairness.js";
import type { Beginning, RunEnd, SearchCoverage, Strategy } from "../strategy.js";
import { NonPreemptiveOrder } from "./natural.js";

/**
 * Every schedule, one after the other, the natural one first: the plain search that reduction is compared with.
 * With a bound, choices beyond the first `depth` of a run are the natural ones and have no siblings.
 *
 * F1. The stack holds one node for each step of the current run within the bound; its `rest` are the siblings still to
 *     be tried there.
 */
export class DepthFirst implements Strategy, SearchCoverage {
  readonly name = "depth-first";
  readonly coverage: SearchCoverage = this;
  readonly roundIndex = 0;
  readonly #depth: number;
  readonly #order = new NonPreemptiveOrder();
  #stack: { choice: Choice; readonly rest: Choice[]; readonly fairness: FairnessState }[] = [];
  #begun = false;
  #cut = false;
  readonly #bounds = new Set<string>();
  exhausted = false;
  /** All of its runs: it knows none that are alike. */
  distinct = 0;

  constructor(depth = Infinity) {
    this.#depth = depth;
  }

  get bounds(): readonly string[] {
    return [...this.#bounds, ...(this.#cut ? [`all orders of the first ${this.#depth} steps, the natural one after them`] : [])];
  }

  begin(): Beginning | undefined {
    this.#order.reset();
    if (!this.#begun) {
      this.#begun = true;
      return { prefix: [], fairness: FAIR_START };
    }
    while (this.#stack.length > 0 && this.#stack.at(-1)!.rest.length === 0) this.#stack.pop();
    const node = this.#stack.at(-1);
    if (!node) {
      this.exhausted = true;
      return undefined;
    }
    const prefix = this.#stack.slice(0, -1).map((n) => n.choice);
    for (const choice of prefix) this.#order.follow(choice);
    return { prefix, fairness: node.fairness };
  }

  ended(end: RunEnd): void {
    this.distinct++;
    for (const bound of end.bounds) this.#bounds.add(bound);
  }

  normalForm({ schedule }: RunEnd): Schedule {
    return schedule.slice();
  }

  canonicalLength({ schedule }: RunEnd): number {
    return schedule.length;
  }

  next(pending: readonly Pending[], history: Schedule, fairness: FairnessState): Choice | "stop-run" {
    const depth = history.length;
    if (depth < this.#stack.length) {
      const node = this.#stack[depth]!;
      node.choice = node.rest.pop()!;
      this.#order.follow(node.choice);
      return node.choice;
    }
    const natural = this.#order.choose(pending);
    if (natural === undefined) return "stop-run";
    if (depth >= this.#depth) {
      this.#cut = true;
      return natural;
    }
    const rest = allAlternatives(pending).filter((choice) => !sameChoice(choice, natural));
    this.#stack.push({ choice: natural, rest: rest.reverse(), fairness });
    return natural;
  }
}
