import { LivelockDetector, type LivelockState } from "../../../control/livelock.js";
import type { GoroutineName } from "../../../model/ids.js";
import type { Outcome } from "../../../model/run/outcome.js";
import type { GuestGoroutine } from "../../guest/guest-goroutine.js";
import { FruitlessLoop, type FruitlessLoopState } from "./fruitless-loop.js";
import { EmptyLoop, type EmptyLoopState } from "./empty-loop.js";
import type { RunParts } from "../run-parts.js";
import { SlowTimers, type SlowTimersState } from "./slow-timers.js";

export interface LimitsState {
  readonly steps: number;
  /** Since the test was over. */
  readonly after: number;
  readonly rounds: LivelockState;
  /** Undefined: the last step did something. */
  readonly fruitless: FruitlessLoopState | undefined;
  readonly empties: EmptyLoopState;
  readonly slow: SlowTimersState;
}

/** A step that is over, as the limits see it. */
export interface TakenStep {
  /** The goroutine that acted; undefined: the clock. */
  readonly actor: GuestGoroutine | undefined;
  /** It received nothing (empty-receives.ts). */
  readonly nothing: boolean;
  /** The clock could have moved instead of it. */
  readonly clock: boolean;
  readonly isClock: boolean;
}

/** What ends a run that does not end by itself: its length, a loop without an end, a clock that goes round and round. */
export class RunLimits {
  readonly #parts: RunParts;
  readonly #rounds: LivelockDetector;
  #steps = 0;
  #after = 0;
  /** Steps in a row that only looked. */
  #fruitless: FruitlessLoop | undefined;
  #empties: EmptyLoop;
  readonly #slow: SlowTimers;
  /** The next timer that has not been seen to go round, when it was last asked. */
  #unseen: number | undefined;
  /** The goroutine whose loop has no end (empty-receives.ts). */
  #endless: GoroutineName | undefined;

  constructor(parts: RunParts) {
    this.#parts = parts;
    this.#rounds = new LivelockDetector(parts.guest.bounds.maxRounds, parts.guest.bounds.maxRounds !== undefined);
    this.#empties = this.#emptyLoop();
    this.#slow = new SlowTimers(parts);
  }

  #emptyLoop(saved?: EmptyLoopState): EmptyLoop {
    const { maxEmpty, mostEmpty } = this.#parts.guest.bounds;
    return new EmptyLoop(maxEmpty, mostEmpty, saved);
  }

  get steps(): number {
    return this.#steps;
  }

  /** Nobody may go on without a stop: what they do is watched. */
  get isWatching(): boolean {
    return this.#fruitless?.isWatching === true || this.#empties.isWatching;
  }

  begin(): void {
    this.#steps = 0;
    this.#after = 0;
  }

  stepBegins(): void {
    this.#steps++;
  }

  stepOver({ actor, nothing, clock, isClock }: TakenStep): void {
    const { guest, goroutines, spinning, scope } = this.#parts;
    if (scope.over?.kind === "test") this.#after++;
    if (isClock) this.#clockMoved();
    if (!spinning.looked || actor === undefined) this.#fruitless = undefined;
    else {
      this.#fruitless ??= new FruitlessLoop(guest.bounds.maxFruitless);
      const goesRound = this.#fruitless.looked(actor.name, () => guest.objects.stateOf(actor.address), () => this.#able());
      // The place to report is where it looks, not where it yields in between.
      if (goesRound && actor.op !== "yield") this.#endless ??= actor.name;
    }
    // While a timer is set it may be what ends the loop: the clock gets its turns (isDraining), and its rounds are counted.
    if (nothing && !clock && this.#empties.received(actor!.name, actor!.empty, () => guest.objects.stateOf(actor!.address), goroutines.living)) this.#endless ??= actor!.name;
  }

  #clockMoved(): void {
    const { goroutines, table, scope, clock } = this.#parts;
    const over = scope.over !== undefined;
    this.#rounds.note(`${goroutines.living} ${table.whereabouts}`, over, over ? 1 : table.waitForTime);
    if (this.#rounds.begins(over)) this.#slow.begin();
    this.#unseen = this.#rounds.asks(over) ? this.#slow.next() : undefined;
    clock.skipTo = over && this.#unseen !== clock.base ? this.#unseen : undefined;
  }

  /** The outcome where the last step was the last one allowed. */
  reached(): Outcome | undefined {
    const { guest, scope, clock, began } = this.#parts;
    if (this.#endless) return scope.endless(this.#endless);
    if (scope.over === undefined && clock.base - began > guest.bounds.timeout) return this.atLimit("timeout");
    if (this.#steps >= guest.bounds.maxSteps || this.#after >= guest.bounds.maxAfterTest) return this.atLimit("steps");
    if (this.#rounds.repeats(scope.over !== undefined, this.#unseen === undefined)) return this.atLimit("time");
    return undefined;
  }

  atLimit(limit: "time" | "timeout" | "steps"): Outcome {
    const { scope, goroutines } = this.#parts;
    return scope.atLimit(limit, goroutines.all, () => this.#parts.blocked(), this.#parts.now(), this.#unseen !== undefined);
  }

  #able(): readonly GoroutineName[] {
    return this.#parts.pending().flatMap(({ goroutine, alternatives }) => (goroutine !== undefined && alternatives.length > 0 ? [goroutine] : []));
  }

  save(): LimitsState {
    return { steps: this.#steps, after: this.#after, rounds: this.#rounds.save(), fruitless: this.#fruitless?.save(), empties: this.#empties.save(), slow: this.#slow.save() };
  }

  restore(state: LimitsState): void {
    this.#steps = state.steps;
    this.#after = state.after;
    this.#rounds.restore(state.rounds);
    this.#fruitless = state.fruitless && FruitlessLoop.restored(state.fruitless);
    this.#empties = this.#emptyLoop(state.empties);
    this.#slow.restore(state.slow);
    this.#unseen = undefined;
    this.#endless = undefined;
  }
}
