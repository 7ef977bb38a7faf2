import { actorsOf, DEFAULT_CASE, type Choice } from "../../model/run/choice.js";
import type { Pending } from "../../model/run/program.js";
import { DEFAULT_STEPS } from "../../model/run/limits.js";
import { nanos, type GoroutineName, type ObjectId } from "../../model/ids.js";
import { clockCanMove } from "../../control/pending.js";
import { loopLimits, type LoopLimits } from "../../control/loop-limits.js";
import { LivelockDetector, roundOf } from "../../control/livelock.js";
import type { RunScope } from "../../control/scope.js";
import { received, type Spinning } from "../../control/spinning.js";
import type { ControlledGoroutine } from "./controlled-goroutine.js";

/** Moves of the clock that change nothing; a step costs less here than in Go, so every run goes further. */
export const ROUNDS = 2_000;

/** The limit that a run has reached. */
type ReachedLimit = { readonly kind: "endless"; readonly goroutine: GoroutineName } | { readonly kind: "rounds" };

/**
 * Counts the steps that come to nothing: goroutines that poll in turn, receives that bring nothing, a clock that goes round. How many
 * are too many is one answer with compiled Go's (control/loop-limits.ts), but for what only a look at a goroutine's state would tell: no
 * engine shows an async function's variables, so that what goes round and what counts are told apart by their length alone.
 */
export class RunLength {
  readonly #rounds: LivelockDetector;
  readonly #scope: RunScope;
  readonly #spinning: Spinning<ControlledGoroutine>;
  readonly #limits: LoopLimits;
  /** Steps in a row, of any goroutine, that only looked. */
  #fruitless = 0;
  #endless: GoroutineName | undefined;

  constructor(scope: RunScope, spinning: Spinning<ControlledGoroutine>, maxSteps: number) {
    this.#scope = scope;
    this.#spinning = spinning;
    this.#limits = loopLimits(maxSteps);
    this.#rounds = new LivelockDetector(ROUNDS, maxSteps > DEFAULT_STEPS);
  }

  /** So many steps have come to nothing that their number ends the run, not its length. */
  isCounting(members: readonly ControlledGoroutine[]): boolean {
    const { fruitless, endless } = loopLimits(undefined);
    return this.#fruitless >= fruitless || members.some(({ empty }) => empty >= endless);
  }

  /** Before a step is done, when `spinning` has heard of it. */
  begins(choice: Choice, actors: readonly ControlledGoroutine[], pending: readonly Pending[]): void {
    const actor = actors[0];
    this.#fruitless = this.#spinning.looked ? this.#fruitless + 1 : 0;
    // The place to report is where it looks, not where it yields in between.
    if (this.#fruitless >= this.#limits.fruitless && actor?.stop!.op !== "yield") this.#endless ??= actor?.name;
    const from = receivesNothing(choice, actor);
    for (const one of actors) {
      if (from !== undefined || (one.stop!.channels !== undefined && !isDefault(choice)) || one.stop!.op === "sleep") received(one, choice, from);
      if (from !== undefined) this.#spinning.notes(one);
    }
    // While a timer is set it may be what ends the loop: the clock gets its turns (isDraining), and its rounds are counted.
    if (from !== undefined && actor!.empty >= this.#limits.endless && !clockCanMove(pending)) this.#endless ??= actor!.name;
  }

  /** After a step. */
  over(choice: Choice, members: readonly ControlledGoroutine[], now: number): ReachedLimit | undefined {
    if (this.#endless !== undefined) return { kind: "endless", goroutine: this.#endless };
    if (choice.kind !== "clock") return undefined;
    const scopeOver = this.#scope.over !== undefined;
    this.#rounds.note(roundOf(members.map((one) => ({ parent: one.creator?.name, phase: one.phase, op: one.stop?.op ?? "" }))), scopeOver);
    const seen = !this.#rounds.asks(scopeOver) || !scopeOver || this.#allSeenGoingRound(members, now);
    return this.#rounds.repeats(scopeOver, seen) ? { kind: "rounds" } : undefined;
  }

  /** No goroutine's wait for time is longer than half of the time since the scope was over (as diagnose's isLongAsleep). */
  #allSeenGoingRound(members: readonly ControlledGoroutine[], now: number): boolean {
    const watched = this.#scope.watched(nanos(BigInt(Math.round(now))));
    return members.every((one) => timesOf(one).every((when) => when - one.since <= watched / 2));
  }
}

/** When what it waits for is due, on the clock's scale; what never is counts for nothing. */
function timesOf({ stop }: ControlledGoroutine): readonly number[] {
  const timers = (stop?.channels?.offers ?? []).flatMap(({ channel }, i) => (channel === undefined ? [] : [stop!.channels!.core(i).timer?.next()]));
  return [stop?.until, ...timers].filter((when): when is number => when !== undefined && Number.isFinite(when));
}

/** A receive from a channel that is closed and empty is always ready and brings nothing: a look, like any other poll. The channel, if the step is one. */
function receivesNothing(choice: Choice, actor: ControlledGoroutine | undefined): ObjectId | undefined {
  const channels = actor?.stop?.channels;
  if (choice.kind !== "go" || channels === undefined || choice.case === DEFAULT_CASE) return undefined;
  const { direction, channel } = channels.offers[choice.case ?? 0] ?? {};
  if (direction !== "recv" || channel === undefined) return undefined;
  const core = channels.core(choice.case ?? 0);
  return core.closed && core.length === 0 ? channel : undefined;
}

const isDefault = (choice: Choice): boolean => actorsOf(choice).length === 1 && choice.kind === "go" && choice.case === DEFAULT_CASE;
