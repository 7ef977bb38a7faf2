import { DEFAULT_STEPS } from "../../model/run/limits.js";
import type { Choice } from "../../model/run/choice.js";
import type { Outcome } from "../../model/run/outcome.js";
import type { Pending } from "../../model/run/program.js";
import type { ControlledGoroutine } from "./controlled-goroutine.js";
import type { ControlledParts } from "./controlled-parts.js";
import { RunLength } from "./run-length.js";

/** When a run is over, and with what outcome: something ended it (RunTermination), it has come to rest, or it reached a limit. */
export class RunConclusion {
  readonly #parts: ControlledParts;
  readonly #length: RunLength;
  #outcome: Outcome | undefined;

  constructor(parts: ControlledParts) {
    this.#parts = parts;
    this.#length = new RunLength(parts.scope, parts.control.spinning, parts.plan.maxSteps);
  }

  /** Undefined: the run goes on. */
  outcome(): Outcome | undefined {
    return (this.#outcome ??= this.#parts.ending.outcome ?? this.#atRest());
  }

  /** As far as it is known without a look at who could go on. */
  get known(): Outcome | undefined {
    return this.#outcome ?? this.#parts.ending.outcome;
  }

  stepBegins(choice: Choice, actors: readonly ControlledGoroutine[], pending: readonly Pending[]): void {
    this.#length.begins(choice, actors, pending);
  }

  stepOver(): void {
    if (this.#parts.ending.outcome === undefined) this.#outcome = this.#tooLong();
  }

  #tooLong(): Outcome | undefined {
    const { taken, goroutines, control, scope } = this.#parts;
    const last = taken.at(-1);
    const reached = last && this.#length.over(last, goroutines.members, control.clock.now());
    if (reached?.kind === "endless") return scope.endless(reached.goroutine);
    if (reached?.kind === "rounds") return this.#limit("time");
    return this.#isLongEnough() ? this.#limit("steps") : undefined;
  }

  /** A run that only spins becomes no other by being longer, whatever the limit is. */
  #isLongEnough(): boolean {
    const { steps, plan, goroutines } = this.#parts;
    if (steps >= plan.maxSteps) return true;
    if (steps === 0 || steps % DEFAULT_STEPS !== 0 || this.#length.isCounting(goroutines.members)) return false;
    const able = this.#parts.pending().filter(({ alternatives }) => alternatives.length > 0);
    return able.length > 0 && able.every(({ yielding }) => yielding === true);
  }

  #atRest(): Outcome | undefined {
    const pending = this.#parts.pending();
    if (pending.some((one) => one.alternatives.length > 0)) return undefined;
    if (pending.at(-1)?.op === "clock") return this.#limit("time");
    return this.#parts.scope.atRest(this.#parts.goroutines.members, () => this.#parts.blocked());
  }

  #limit(limit: "time" | "steps"): Outcome {
    return this.#parts.scope.atLimit(limit, this.#parts.goroutines.members, () => this.#parts.blocked(), this.#parts.now());
  }
}
