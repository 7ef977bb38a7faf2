import type { GoroutineName } from "../../model/ids.js";
import type { Outcome } from "../../model/outcome.js";
import type { GuestGoroutine } from "../guest/guest-goroutine.js";
import { LivelockDetector, type LivelockState } from "../../control/livelock.js";
import { isStopped, timersOf } from "./pending.js";
import type { RunParts } from "./run-parts.js";

export interface LimitsState {
  readonly steps: number;
  readonly rounds: LivelockState;
  readonly fruitless: number;
}

/** A step that is over, as the limits see it. */
export interface TakenStep {
  /** The goroutine that acted; undefined: the clock. */
  readonly actor: GuestGoroutine | undefined;
  /** It received nothing (empty-receives.ts). */
  readonly nothing: boolean;
  readonly isClock: boolean;
}

/** What ends a run that does not end by itself: its length, a loop without an end, a clock that goes round and round. */
export class RunLimits {
  readonly #parts: RunParts;
  readonly #rounds: LivelockDetector;
  #steps = 0;
  /** Steps in a row that only looked. */
  #fruitless = 0;
  /** The goroutine whose loop has no end (empty-receives.ts). */
  #endless: GoroutineName | undefined;

  constructor(parts: RunParts) {
    this.#parts = parts;
    this.#rounds = new LivelockDetector(parts.guest.maxRounds);
  }

  get steps(): number {
    return this.#steps;
  }

  begin(): void {
    this.#steps = 0;
  }

  stepBegins(): void {
    this.#steps++;
  }

  stepOver({ actor, nothing, isClock }: TakenStep): void {
    const { guest, scope, spinning, goroutines } = this.#parts;
    if (isClock) this.#rounds.note(goroutines.all, scope.over !== undefined);
    this.#fruitless = spinning.looked ? this.#fruitless + 1 : 0;
    // The place to report is where it looks, not where it yields in between.
    if (this.#fruitless >= guest.maxFruitless && actor?.op !== "yield") this.#endless ??= actor?.name;
    if (nothing && actor!.empty >= guest.maxEmpty) this.#endless ??= actor!.name;
  }

  /** The outcome where the last step was the last one allowed. */
  reached(): Outcome | undefined {
    const { guest, scope } = this.#parts;
    if (this.#endless) return scope.endless(this.#endless);
    if (this.#steps >= guest.maxSteps) return this.atLimit("steps");
    if (this.#rounds.repeats(scope.over !== undefined, () => this.#allSeenGoingRound())) return this.atLimit("time");
    return undefined;
  }

  atLimit(limit: "time" | "steps"): Outcome {
    const { scope, goroutines } = this.#parts;
    return scope.atLimit(limit, goroutines.all, () => this.#parts.blocked(), this.#parts.now());
  }

  /** No goroutine's wait for time is longer than half of the time since the scope was over (as diagnose's isLongAsleep). */
  #allSeenGoingRound(): boolean {
    const { scope, guest, goroutines, began } = this.#parts;
    const watched = scope.watched(this.#parts.now());
    const waits = (one: GuestGoroutine): readonly number[] => (one.op === "sleep" ? [one.until] : timersOf(one, guest.objects));
    return goroutines.all.every((one) => !isStopped(one) || waits(one).every((when) => when - one.since <= watched / 2 || when - began > guest.horizon));
  }

  save(): LimitsState {
    return { steps: this.#steps, rounds: this.#rounds.save(), fruitless: this.#fruitless };
  }

  restore(state: LimitsState): void {
    this.#steps = state.steps;
    this.#rounds.restore(state.rounds);
    this.#fruitless = state.fruitless;
    this.#endless = undefined;
  }
}
