import type { Choice } from "../../model/run/choice.js";
import type { Outcome } from "../../model/run/outcome.js";
import { framesOf } from "../observe/stack-trace.js";
import { AwaitWatch } from "./await-watch.js";
import type { ControlledGoroutine } from "./controlled-goroutine.js";
import type { ControlledParts } from "./controlled-parts.js";
import type { RunPlan } from "./run-plan.js";

/** Is a step of this run, or of the one that proves it, going on? What is between steps is not the program's. */
export interface Stepping {
  now: boolean;
}

/** A run that is done again. */
export interface RepeatableRun {
  readonly parts: ControlledParts;
  begin(): Promise<void>;
  take(choice: Choice): Promise<void>;
  outcome(): Outcome | undefined;
}

/** A run done again (P1), to see what was not noted the first time: stacks, and each await. */
export class RunRepetition<R extends RepeatableRun> {
  readonly #parts: ControlledParts;
  readonly #start: (plan: RunPlan, stepping: Stepping) => R;

  constructor(parts: ControlledParts, start: (plan: RunPlan, stepping: Stepping) => R) {
    this.#parts = parts;
    this.#start = start;
  }

  /** The same run with stacks. */
  async again(more: Partial<RunPlan> = {}, stepping: Stepping = { now: false }): Promise<R> {
    const { plan, taken } = this.#parts;
    const run = this.#start({ ...plan, sandbox: plan.sandbox.silent(), traced: false, captures: true, ...more }, stepping);
    await run.begin();
    for (const choice of taken) await run.take(choice);
    return run;
  }

  /** The sentence for a run that may still be answered (R3): with an eye on every await, to say which one it is. */
  async openAt(): Promise<string> {
    const { plan, answers, goroutines } = this.#parts;
    const explained = (watch?: AwaitWatch): string => answers.explained(goroutines.members, watch);
    if (plan.watch !== undefined) return explained(plan.watch);
    const watch = new AwaitWatch();
    try {
      const outcome = (await this.again({ watch })).outcome();
      return outcome?.kind === "unsupported" ? outcome.what : explained();
    } catch {
      return explained();
    } finally {
      watch.stop();
    }
  }

  /** Ends the run: one goes round without an end of its step. Where, an eye on every await says. A loop without one has the place before it. */
  async ranAway(member: ControlledGoroutine): Promise<void> {
    const { plan: { watch, sandbox }, scope, ending } = this.#parts;
    const scopeOver = scope.over !== undefined;
    if (watch !== undefined) return ending.runaway(member, watch.latest() ?? framesOf(member.stoppedAt ?? member.createdAt), scopeOver, sandbox.turns.limit);
    const again = new AwaitWatch();
    try {
      const outcome = (await this.again({ watch: again })).outcome();
      ending.runaway(member, outcome?.kind === "runaway" ? outcome.stack : [], scopeOver, sandbox.turns.limit);
    } finally {
      again.stop();
    }
  }

  /** The place of the operation that raised a panic, where stacks were not captured. */
  async findPlace(): Promise<void> {
    const { ending } = this.#parts;
    const run = await this.again();
    ending.outcome = run.outcome() ?? ending.outcome;
  }
}
