import { optional } from "../../base/optional.js";
import type { Examination } from "../../model/examination.js";
import type { Schedule } from "../../model/schedule.js";
import { systemWallClock } from "../../base/wall-clock.js";
import { goroutineName } from "../../model/ids.js";
import type { Result } from "../../base/result.js";
import { ControlledProgram, type ProgramOptions } from "../../runtime/control/controlled-program.js";
import { outside } from "../../promises/outside.js";
import { recordAwaits } from "../../promises/pending-awaits.js";
import { exploreSettings, type ExploreSettings, type SaidSettings } from "../config/settings.js";
import { examine, type ExamineOptions } from "../examine/examine.js";
import { replayProgram } from "../go/replay-program.js";
import { sourceLines } from "../examine/source-lines.js";

export interface ExamineTsOptions extends ProgramOptions, Partial<Pick<ExploreSettings, "budget" | "schedules" | "seed" | "strategy" | "preemptions">>, Pick<SaidSettings, "clock"> {
  /** For reports: the file of the test, or of the program. Default `main`. */
  readonly package?: string;
  /**
   * `shared` (default): goroutines may share variables, so every order of their steps is tried, as far as the budget goes.
   * `private`: they share none but what channels, locks and the like guard; far fewer orders differ then.
   */
  readonly variables?: "shared" | "private";
  readonly signal?: AbortSignal;
  /** Where the natural schedule's output goes while it runs. */
  readonly output?: (stream: "stdout" | "stderr", bytes: Uint8Array) => void;
}

/** Where a test does not say its `budget`. */
const BUDGET = 2_000;

/** What the function that is explored is given. */
export interface ExploreTools {
  /** Makes a function whose answers come from outside, in any order: src/promises/outside.ts. */
  readonly outside: typeof outside;
}

export type ExploredBody = (tools: ExploreTools) => unknown;

export const TOOLS: ExploreTools = { outside };
const withTools = (body: ExploredBody): (() => unknown) => Object.defineProperty(() => body(TOOLS), "name", { value: body.name });

/** Explores a function written on the TypeScript runtime, as `unpark test` explores a Go test. */
export const examineTs = (given: ExploredBody, options: ExamineTsOptions = {}): Promise<Examination> => {
  const body = withTools(given);
  return guarded(body, { ...options, variables: "private" }, async (program, settings) => {
    if (options.variables === "private") return within(await examine(program, settings), "goroutines share no variables but through operations");
    const thorough = new ControlledProgram(body, { prover: recordAwaits, ...options, patience: patienceOf(options), variables: "shared" });
    return examine(program, { ...settings, thorough });
  });
};

/** What loops without an operation is ended after the budget; but a busy machine may take a while for anything. */
const patienceOf = ({ patience, budget = BUDGET }: ExamineTsOptions): number => patience ?? Math.max(500, budget);

/** Alone, and in turns of the event loop that are ended where they take too long. What comes after is not. */
function guarded<T>(body: () => unknown, options: ExamineTsOptions, work: (program: ControlledProgram, options: ExamineOptions) => Promise<T>): Promise<T> {
  return alone(async () => {
    const program = new ControlledProgram(body, { prover: recordAwaits, ...options, patience: patienceOf(options) });
    const wall = { now: () => systemWallClock.now(), turn: () => program.turn() };
    await program.turn();
    try {
      return await Promise.race([work(program, { ...examineOptions(body, options), wall }), program.lost]);
    } finally {
      await systemWallClock.turn();
    }
  });
}

const within = (examination: Examination, bound: string): Examination => ({
  ...examination,
  coverage: { ...examination.coverage, bounds: [...examination.coverage.bounds, bound] },
});

/** One schedule of it again, told step by step. */
export const replayTs = (body: ExploredBody, schedule: Schedule, options: ExamineTsOptions = {}): Promise<Result<Examination, string>> =>
  guarded(withTools(body), options, (program, given) => replayProgram(program, schedule, given));

function examineOptions(body: () => unknown, options: ExamineTsOptions): ExamineOptions {
  const { budget, schedules, seed, clock, preemptions, strategy, signal, output, scope = "test", package: path = "main", horizon } = options;
  return {
    package: path,
    ...(scope === "test" ? { test: options.name ?? (body.name || "main"), scope: goroutineName("1") } : {}),
    settings: exploreSettings(optional({ budget, schedules, seed, clock, preemptions, strategy, horizon }), { budget: BUDGET, workers: 1 }),
    lines: sourceLines(),
    ...optional({ signal, output }),
  };
}

/**
 * One after the other: a run under control holds what `go` and the channels mean in the whole realm while a step lasts,
 * so two that are begun together (Promise.all, a runner's concurrent tests) must not take turns.
 */
let last: Promise<unknown> = Promise.resolve();

function alone<T>(work: () => Promise<T>): Promise<T> {
  const mine = last.then(work);
  last = mine.catch(() => undefined);
  return mine;
}
