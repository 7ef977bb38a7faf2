import { Prng } from "../../base/prng.js";
import type { Choice } from "../../model/run/choice.js";
import type { Pending } from "../../model/run/program.js";
import type { Schedule } from "../../model/run/schedule.js";
import type { FairnessState } from "../fairness.js";
import type { Beginning, RunEnd, Strategy } from "../strategy.js";
import { Forwarding } from "./forwarding.js";
import { NonPreemptiveOrder } from "./natural.js";

/** Something may go wrong in it: a value beside the way in which all goes well (`Pending.alternatives`, control/pending.ts). */
export const canFail = ({ op, alternatives }: Pending): boolean => op !== "random" && alternatives.length > 1 && alternatives.some(({ kind }) => kind === "value");

/** Without what may go wrong. The array itself where nothing can. */
const goingWell = (pending: readonly Pending[]): readonly Pending[] =>
  pending.some(canFail) ? pending.map((one) => (canFail(one) ? { ...one, alternatives: one.alternatives.filter(({ kind }) => kind !== "value") } : one)) : pending;

/**
 * The natural order (natural.ts) with one thing going wrong, for each thing and each place; then with two, as far as the program
 * lets two go wrong; and so on. Error paths are code like other code: most of their bugs show in any order of the
 * goroutines, once something fails.
 *
 * F1. Each run begins with what an earlier one did, up to the operation that fails; so each is tried once.
 */
export class FaultSweep implements Strategy {
  readonly name = "faults";
  readonly looksAtAbleOnly = true;
  readonly #order = new NonPreemptiveOrder();
  #queue: Schedule[] = [[]];
  #at = 0;

  begin(): Beginning | undefined {
    const prefix = this.#queue[this.#at];
    if (prefix === undefined) return undefined;
    if (++this.#at > 1_000) [this.#queue, this.#at] = [this.#queue.slice(this.#at), 0];
    this.#order.reset();
    if (prefix.length > 0) this.#order.follow(prefix.at(-1)!);
    return { prefix };
  }

  next(pending: readonly Pending[], history: Schedule): Choice | "stop-run" {
    const choice = this.#order.choose(pending);
    if (choice === undefined) return "stop-run";
    for (const fault of faultsBeside(pending, choice)) this.#queue.push([...history, fault]);
    return choice;
  }
}

/** What may go wrong in the operation that is about to be done. */
function faultsBeside(pending: readonly Pending[], choice: Choice): readonly Choice[] {
  if (choice.kind !== "go") return NOTHING;
  const one = pending.find(({ goroutine }) => goroutine === choice.goroutine);
  return one !== undefined && canFail(one) ? one.alternatives.filter(({ kind }) => kind === "value") : NOTHING;
}

const NOTHING: readonly Choice[] = [];

/** A strategy that knows nothing of faults, with as many as are asked for; itself where there are none. */
export const withFaults = (strategy: Strategy, seed: number, faults: number): Strategy => (faults === 0 ? strategy : new WithFaults(strategy, seed, faults));

/** Operations that may fail in a run, before any was seen. */
const FIRST_GUESS = 8;
/** A factor of its own (seeded-runs.ts): what fails is drawn apart from what the strategy within draws. */
const SPREAD = 0x165667b1;

/**
 * A random search that knows nothing of faults, with something going wrong here and there: at each of as many places as
 * there may be faults, drawn among those that the longest run had. (Drawn where they are met, the first operations would
 * fail in most runs, and the last in none.)
 */
class WithFaults extends Forwarding {
  protected override readonly current: Strategy;
  readonly #seed: number;
  readonly #faults: number;
  #prng: Prng;
  #begun = 0;
  #places = 0;
  #longest = FIRST_GUESS;
  #failing: ReadonlySet<number> = new Set();

  constructor(inner: Strategy, seed: number, faults: number) {
    super();
    this.current = inner;
    this.#seed = seed;
    this.#faults = faults;
    this.#prng = new Prng(seed);
  }

  override begin(): Beginning | undefined {
    this.#prng = new Prng(this.#seed * SPREAD + this.#begun++);
    this.#places = 0;
    this.#failing = new Set(Array.from({ length: this.#faults }, () => this.#prng.below(this.#longest)));
    return this.current.begin();
  }

  override present(): Strategy {
    return this;
  }

  /** Each may fail. */
  override get choosesAmong(): boolean {
    return false;
  }

  override next(pending: readonly Pending[], history: Schedule, fairness: FairnessState): Choice | "stop-run" | "stop" {
    const choice = this.current.next(goingWell(pending), history, fairness);
    if (choice === "stop" || choice === "stop-run") return choice;
    const faults = faultsBeside(pending, choice);
    if (faults.length === 0 || !this.#failing.has(this.#places++)) return choice;
    return faults[this.#prng.below(faults.length)]!;
  }

  override ended(end: RunEnd): void {
    this.#longest = Math.max(this.#longest, this.#places);
    super.ended(end);
  }
}
