import { sameChoice, type Choice } from "../../model/choice.js";
import type { Pending } from "../../model/program.js";
import type { Schedule } from "../../model/schedule.js";
import { allAlternatives } from "../alternatives.js";
import type { Beginning, RunEnd, Search } from "../search.js";
import { NonPreemptiveOrder } from "./natural.js";

/**
 * Every schedule, one after the other, the natural one first: the plain search that reduction is compared with.
 * With a bound, choices beyond the first `depth` of a run are the natural ones and have no siblings.
 *
 * F1. The stack holds one node for each step of the current run within the bound; its `rest` are the siblings still to
 *     be tried there.
 */
export class DepthFirst implements Search {
  readonly name = "depth-first";
  readonly roundIndex = 0;
  readonly #depth: number;
  readonly #order = new NonPreemptiveOrder();
  #stack: { choice: Choice; readonly rest: Choice[]; readonly gate: number }[] = [];
  #begun = false;
  #cut = false;
  readonly #bounds = new Set<string>();
  exhausted = false;

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
      return { prefix: [], gate: 0 };
    }
    while (this.#stack.length > 0 && this.#stack.at(-1)!.rest.length === 0) this.#stack.pop();
    const node = this.#stack.at(-1);
    if (!node) {
      this.exhausted = true;
      return undefined;
    }
    const prefix = this.#stack.slice(0, -1).map((n) => n.choice);
    for (const choice of prefix) this.#order.follow(choice);
    return { prefix, gate: node.gate };
  }

  ended(end: RunEnd): void {
    for (const bound of end.bounds) this.#bounds.add(bound);
  }

  next(pending: readonly Pending[], history: Schedule, _run?: unknown, gate = 0): Choice | "stop-run" {
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
    this.#stack.push({ choice: natural, rest: rest.reverse(), gate });
    return natural;
  }
}
