import { objectId, type ObjectId } from "../../model/ids.js";
import { DEFAULT_HORIZON, DEFAULT_STEPS } from "../../model/run/limits.js";
import type { Program, Run, RunOptions } from "../../model/run/program.js";
import type { Body } from "../core/goroutine.js";
import { scheduler } from "../core/current-runtime.js";
import type { AwaitProver } from "./await-prover.js";
import { ControlledRun } from "./controlled-run.js";
import { StableIds } from "./controlled-goroutine.js";
import { GuardedTurns } from "./guarded-turns.js";
import { GlobalsSandbox } from "./globals-sandbox.js";
import { LateAnswers } from "./late-answers.js";
import { LostRejections } from "./lost-rejections.js";
import { MicrotaskEnd } from "./microtask-end.js";
import { installVirtualGlobals, ticks } from "./virtual-globals.js";

export interface ProgramOptions {
  /** For reports. */
  readonly name?: string;
  /** `main`: the process ends with the body's return. `test` (default): what it started lives on until it comes to rest. */
  readonly scope?: "main" | "test";
  /**
   * `private`: two steps whose operations are independent are independent, which is so where goroutines share no variables
   * but those that operations guard. `shared`: every step depends on every other. Default `private`.
   */
  readonly variables?: "private" | "shared";
  /** Virtual nanoseconds after which a run is over. Default 10 minutes. */
  readonly horizon?: number;
  /** Real milliseconds that one step may take before it is ended, and called a runaway. Default 10,000. */
  readonly patience?: number;
  /** Hears what the test's own assertion threw, in each run in which it failed. */
  readonly onFailure?: (error: unknown) => void;
  /** Proves which awaits of ordinary code can never go on; without it a run that has one is unsupported. */
  readonly prover?: AwaitProver;
  /** Steps after which a run is over. Default 20,000. */
  readonly steps?: number;
}

const encoder = new TextEncoder();

/**
 * A TypeScript program behind the seam: `body` is run anew for each schedule, and must make all its channels, locks
 * and other state itself. Everything that happens in it is decided by the choices (P1); what cannot be decided, such
 * as a promise from elsewhere, ends the run as `unsupported` with a sentence that says where.
 */
export class ControlledProgram implements Program {
  readonly name: string;
  readonly #body: Body;
  readonly #options: ProgramOptions;
  readonly #root = new StableIds("1");
  readonly #microtasks = new MicrotaskEnd(scheduler.platform, ticks);
  readonly #turns: GuardedTurns;
  readonly #lateAnswers: LateAnswers;
  readonly #asksThreads = { yes: false };
  readonly #rejections: LostRejections;
  #objects = 0;

  /** `beside`: one that is explored in turn with it, by the same turns of the event loop. */
  constructor(body: Body, options: ProgramOptions = {}, beside?: ControlledProgram) {
    this.name = options.name ?? (body.name === "" ? "main" : body.name);
    this.#body = body;
    this.#options = options;
    this.#turns = beside !== undefined ? beside.#turns : new GuardedTurns(scheduler.platform, options.patience ?? 10_000);
    this.#rejections = beside !== undefined ? beside.#rejections : new LostRejections();
    this.#lateAnswers = new LateAnswers(scheduler.platform, this.#turns);
  }

  /** Rejected where the machine was so busy that Unpark's own work was taken for a loop. */
  get lost(): Promise<never> {
    return this.#turns.lost;
  }

  /** Lets the event loop turn; what follows on it is ended where it takes longer than `ProgramOptions.patience`. */
  turn(): Promise<void> {
    this.#rejections.begin();
    return this.#turns.turn();
  }

  /** No run of it follows: what one that was given up has left says nothing. */
  end(): void {
    this.#rejections.take();
  }

  async start(options: RunOptions = {}): Promise<Run> {
    const { output } = options;
    installVirtualGlobals();
    ticks.pending = 0;
    const stage = new GlobalsSandbox(this.#microtasks, this.#turns, output && ((stream, text) => output(stream, encoder.encode(text))));
    const traced = options.trace ?? false;
    const run = new ControlledRun({
      name: this.name,
      body: this.#body,
      scope: this.#options.scope ?? "test",
      horizon: this.#options.horizon ?? DEFAULT_HORIZON,
      maxSteps: options.steps ?? this.#options.steps ?? DEFAULT_STEPS,
      root: this.#root,
      freshObject: (): ObjectId => objectId(++this.#objects),
      sandbox: stage,
      traced,
      captures: traced,
      asksThreads: this.#asksThreads,
      lateAnswers: this.#lateAnswers,
      rejections: this.#rejections,
      sharedVariables: this.#options.variables === "shared",
      arrival: options.arrival ?? false,
      ...(this.#options.prover === undefined ? {} : { prover: this.#options.prover }),
      ...(this.#options.onFailure === undefined ? {} : { onFailure: this.#options.onFailure }),
    });
    if (this.#turns.isDue) await this.turn();
    await run.begin();
    return run;
  }
}
