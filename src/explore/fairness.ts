import { DEFAULT_CASE, type Choice } from "../model/run/choice.js";
import type { Pending } from "../model/run/program.js";
import type { AbleCounts, AbleIndex } from "./able-index.js";

/**
 * When the clock may move. `lazy`: only when no goroutine can go on. `any`: also before, for real machines stall, but at
 * most `early` times in one run: with a ticker there would be no end to the schedules otherwise.
 */
export type ClockPolicy = { readonly kind: "lazy" } | { readonly kind: "any"; readonly early: number };

export const LAZY_CLOCK: ClockPolicy = { kind: "lazy" };
export const DEFAULT_CLOCK: ClockPolicy = { kind: "any", early: 3 };

/** What fairness depends on besides the state itself: put back when a run is taken up in the middle. */
export interface FairnessState {
  /** How often the clock has moved early (G2). */
  readonly early: number;
  /** Those of them beside which a goroutine could have gone on, and not only an answer from outside have come. */
  readonly stalls: number;
  /** The longest of these moves; nanoseconds. */
  readonly longestStall: number;
  readonly clockMovedLast: boolean;
  /** Where the clock stands; nanoseconds since the run began. */
  readonly at: number;
}

export const FAIR_START: FairnessState = { early: 0, stalls: 0, longestStall: 0, clockMovedLast: false, at: 0 };

/**
 * Which of a state's alternatives the explorer considers at all; what it shuts out is a bound of the exploration.
 *
 * G1. A goroutine that yields goes on only when no other goroutine can, and then in turn with the clock (fairness in the
 *     sense of Musuvathi & Qadeer, "Fair stateless model checking", 2008). Without it `for !done { Gosched() }` has
 *     endlessly many schedules, all but one of them alike.
 * G2. The clock moves early (while a goroutine that does not yield can go on, or one that may be straight code) at most as often as the
 *     policy says.
 * G3. If a run can go on at all, something is let through.
 */
export class FairnessFilter {
  readonly policy: ClockPolicy;
  state = FAIR_START;
  #goroutineCanGo = false;
  #wouldStall = false;
  /** The clock's own entry, where a timer is set. */
  #clock: Pending | undefined;
  #shutClock = false;
  #shutYielding = false;

  constructor(policy: ClockPolicy) {
    this.policy = policy;
  }

  /** Same length and order; what may not go on now has no alternatives. The array itself where nothing is shut out. */
  permit(pending: readonly Pending[]): readonly Pending[] {
    let plain = false;
    let busy = false;
    let yielding = false;
    let straight = false;
    for (const p of pending) {
      if (p.alternatives.length === 0 || p.goroutine === undefined) continue;
      if (p.yielding === true) {
        yielding = true;
        if (p.mayBeStraight === true) straight = true;
      } else {
        plain = true;
        if (p.op !== "answer") busy = true;
      }
    }
    const { shutClock, shutYielding } = this.#decide({ plain, busy, yielding, straight, clock: clockIn(pending) });
    if (!shutClock && !shutYielding) return pending;
    return pending.map((p) => ((p.goroutine === undefined ? shutClock : shutYielding && p.yielding === true) ? withoutAlternatives(p) : p));
  }

  /** The same, of those who can go on where not each is looked at. */
  permitAmong(able: AbleIndex): void {
    const { shutClock, shutYielding } = this.#decide(able.counts);
    able.show(!shutClock, !shutYielding);
  }

  #decide({ plain, busy, yielding, straight, clock }: AbleCounts): { readonly shutClock: boolean; readonly shutYielding: boolean } {
    this.#clock = clock;
    const ready = plain || straight;
    this.#goroutineCanGo = ready;
    this.#wouldStall = busy || straight;
    const moves = clock !== undefined && clock.alternatives.length > 0;
    const shutClock = moves && (ready ? !this.#mayMoveEarly() : yielding && this.state.clockMovedLast);
    const shutYielding = yielding && (plain || (moves && !shutClock && !straight));
    this.#shutClock ||= shutClock && ready;
    this.#shutYielding ||= shutYielding;
    return { shutClock, shutYielding };
  }

  /** Instead of `permit`, for a search that shuts out nothing. */
  see(pending: readonly Pending[]): void {
    this.#goroutineCanGo = pending.some(isReady);
    this.#clock = clockIn(pending);
    this.#wouldStall = pending.some((one) => isReady(one) && one.op !== "answer");
  }

  /** To be called with each choice, after `permit` or `see` of the state that it was made in. */
  chose(choice: Choice): void {
    const clock = choice.kind === "clock";
    // The same value as long as nothing changes: most steps are no moves of the clock.
    if (clock) this.#countClockMove(true);
    else if (this.state.clockMovedLast) this.state = { ...this.state, clockMovedLast: false };
  }

  /** To be called before a move of the clock that a recorded schedule takes, without asking. */
  passClockMove(pending: readonly Pending[]): void {
    this.see(pending);
    this.#countClockMove(this.state.clockMovedLast);
  }

  #countClockMove(clockMovedLast: boolean): void {
    const { early, stalls, longestStall, at } = this.state;
    const to = Number(this.#clock?.time ?? at);
    this.state = {
      early: this.#goroutineCanGo ? early + 1 : early,
      stalls: this.#wouldStall ? stalls + 1 : stalls,
      longestStall: this.#wouldStall ? Math.max(longestStall, to - at) : longestStall,
      clockMovedLast,
      at: to,
    };
  }

  /** How often the clock has moved early as on a machine that stalls (FairnessState.stalls): an answer from outside may take any time. */
  get stalls(): number {
    return this.state.stalls;
  }

  /** The longest of them, in nanoseconds of virtual time. */
  get longestStall(): number {
    return this.state.longestStall;
  }

  /** What was shut out so far, in words for `Coverage`: only bounds that were met. */
  bounds(): readonly string[] {
    const bounds: string[] = [];
    if (this.#shutClock) bounds.push(clockBound(this.policy));
    if (this.#shutYielding) bounds.push("fair scheduling of goroutines that poll");
    return bounds;
  }

  #mayMoveEarly(): boolean {
    return this.policy.kind === "any" && this.state.early < this.policy.early;
  }
}

/** A goroutine that can go on, and does not yield, or may be straight code. */
const isReady = ({ goroutine, alternatives, yielding, mayBeStraight }: Pending): boolean => goroutine !== undefined && alternatives.length > 0 && (yielding !== true || mayBeStraight === true);

/** It stands last (Run.pending). */
function clockIn(pending: readonly Pending[]): Pending | undefined {
  const last = pending.at(-1);
  return last?.goroutine === undefined ? last : undefined;
}

const NO_CHOICES: readonly Choice[] = [];
const withoutAlternatives = (pending: Pending): Pending => ({ ...pending, alternatives: NO_CHOICES });

function clockBound(policy: ClockPolicy): string {
  if (policy.kind === "lazy") return "the clock moves only when no goroutine can go on";
  return `at most ${policy.early} early clock move${policy.early === 1 ? "" : "s"} in one run`;
}

/** Lowest in the natural order: a select that takes its default, for it may go on doing so for ever. */
export const isDefault = (choice: Choice): boolean => choice.kind === "go" && choice.case === DEFAULT_CASE;
