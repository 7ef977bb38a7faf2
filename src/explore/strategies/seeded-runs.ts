import { Prng } from "../../base/prng.js";
import type { Choice } from "../../model/run/choice.js";
import type { Pending } from "../../model/run/program.js";
import { FROM_THE_START, type Beginning, type Strategy } from "../strategy.js";

/** A strategy that draws: runs from the start, each with random numbers of its own, which follow from the seed and the run's number. */
export abstract class SeededRuns implements Strategy {
  abstract readonly name: string;
  /** Of the present run. */
  protected prng: Prng;
  readonly #seed: number;
  readonly #spread: number;
  readonly #runs: number;
  #begun = 0;

  /** `spread`: the strategy's own factor, so that no two draw the same of one seed. `runs`: how many to try. */
  constructor(seed: number, spread: number, runs: number) {
    this.#seed = seed;
    this.#spread = spread;
    this.#runs = runs;
    this.prng = new Prng(seed);
  }

  begin(): Beginning | undefined {
    if (this.#begun >= this.#runs) return undefined;
    this.prng = new Prng(this.#seed * this.#spread + this.#begun);
    this.beginRun(this.#begun++);
    return FROM_THE_START;
  }

  /** `run`: its number, from 0. */
  protected abstract beginRun(run: number): void;

  abstract next(pending: readonly Pending[]): Choice | "stop-run";

  /** One of its alternatives, each as likely as any other. A single one draws nothing. */
  protected oneOf({ alternatives }: Pending): Choice {
    return alternatives[alternatives.length === 1 ? 0 : this.prng.below(alternatives.length)]!;
  }
}
