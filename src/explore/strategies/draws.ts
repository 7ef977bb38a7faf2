import type { Prng } from "../../base/prng.js";
import type { Choice } from "../../model/run/choice.js";
import type { Pending } from "../../model/run/program.js";
import type { Schedule } from "../../model/run/schedule.js";
import type { AbleIndex } from "../able-index.js";
import type { FairnessState } from "../fairness.js";
import type { Beginning, ExhaustiveStrategy, Strategy } from "../strategy.js";
import { canFail } from "./faults.js";
import { Forwarding } from "./forwarding.js";

/** Stopped before a draw of random numbers, which can always go on and touches nothing that others see. */
const isDraw = (pending: Pending): boolean => pending.op === "random" && pending.alternatives.length > 0;

/** A draw, or an operation in which something may go wrong: that is a value, too, and the first way is that all goes well. */
const hasValues = (pending: Pending): boolean => isDraw(pending) || canFail(pending);

/** Strategies that draw do this at once: no order of draws makes a difference. Undefined: nothing pending is a draw. */
export function drawOf(pending: readonly Pending[], prng: Prng): Choice | undefined {
  const drawing = pending.find(isDraw);
  return drawing && drawing.alternatives[prng.below(drawing.alternatives.length)];
}

/** The same, among many. */
export const drawAmong = ({ draw }: AbleIndex, prng: Prng): Choice | undefined => draw && draw.alternatives[prng.below(draw.alternatives.length)];

/** How many draws of a run may give another value than the first: none, one, any number. */
const ROUNDS = [0, 1, Infinity];

/**
 * Another search, with randomness below scheduling: first every schedule in which all draws give their first value, then
 * those in which one draw gives another, then all. A program that draws now and then has a multiple of its schedules
 * for every draw, and a search that goes through the values where they occur changes the last draws of its first
 * schedule for as long as its budget lasts.
 *
 * Each round is a search of its own, over fewer alternatives. That is no less sound than the search itself: how many
 * draws of a run differ from the first value does not depend on the order of steps that commute, and the first value
 * is always possible.
 *
 * V1. A round that left no value out was the last. What it counts as distinct is what the search alone would count.
 * V2. The rounds before the last are repeated by it: at most one run in as many as there are values, and then some.
 */
export class DrawsLast extends Forwarding {
  readonly #make: (limit: DrawLimit) => ExhaustiveStrategy;
  #limit = new DrawLimit(0);
  #done = false;
  protected override current: ExhaustiveStrategy;

  constructor(make: (limit: DrawLimit) => ExhaustiveStrategy) {
    super();
    this.#make = make;
    this.current = make(this.#limit);
  }

  override get exhausted(): boolean {
    return this.#done;
  }

  override get distinct(): number {
    return this.current.coverage.distinct;
  }

  override get bounds(): readonly string[] {
    return this.current.coverage.bounds;
  }

  override get roundIndex(): number | undefined {
    return this.current.coverage.roundIndex === undefined ? undefined : this.#limit.round;
  }

  override begin(): Beginning | undefined {
    for (;;) {
      const beginning = this.current.begin();
      if (beginning) return beginning;
      const { exhausted } = this.current.coverage;
      this.#done = exhausted && !this.#limit.left;
      if (this.#done || !exhausted) return undefined;
      this.#limit = new DrawLimit(this.#limit.round + 1);
      this.current = this.#make(this.#limit);
    }
  }

  override present(): Strategy {
    return this;
  }

  /** What it leaves out, it leaves out of a list. */
  override get choosesAmong(): boolean {
    return false;
  }

  override next(pending: readonly Pending[], history: Schedule, fairness: FairnessState): Choice | "stop-run" | "stop" {
    return super.next(this.#limit.within(pending, history), history, fairness);
  }
}

/** What a round lets through. */
export class DrawLimit {
  readonly round: number;
  /** It has left a value out. Also set where a part of the round is explored elsewhere. */
  left = false;

  constructor(round: number) {
    this.round = round;
  }

  within(pending: readonly Pending[], history: Schedule): readonly Pending[] {
    if (!pending.some(hasValues) || differing(history) < ROUNDS[this.round]!) return pending;
    this.left ||= pending.some((p) => hasValues(p) && p.alternatives.length > 1);
    return pending.map((p) => (hasValues(p) ? { ...p, alternatives: p.alternatives.slice(0, 1) } : p));
  }
}

const differing = (schedule: Schedule): number => schedule.filter((choice) => choice.kind === "value" && choice.value !== 0).length;
