import { optional } from "../../base/optional.js";
import type { Examination } from "../../model/results/examination.js";
import type { Schedule } from "../../model/run/schedule.js";
import { Divergence } from "../../model/run/program.js";
import { systemWallClock } from "../../base/wall-clock.js";
import { goroutineName } from "../../model/ids.js";
import type { Result } from "../../base/result.js";
import { ControlledProgram, type ProgramOptions } from "../../runtime/control/controlled-program.js";
import { withFetch } from "../../promises/mocked-fetch.js";
import { outside, type OutsideOptions } from "../../promises/outside.js";
import { recordAwaits } from "../../promises/pending-awaits.js";
import { exploreSettings, type ExploreSettings, type SaidSettings } from "../config/settings.js";
import { examine } from "../examine/examine.js";
import type { ExamineOptions } from "../examine/examine-options.js";
import { replay } from "../../explore/replay-schedule.js";
import { replayProgram } from "../go/replay-program.js";
import { sourceLines } from "../examine/source-lines.js";

/** How long and how wide it is explored. */
export interface ExamineTsOptions extends ProgramOptions, Partial<Pick<ExploreSettings, "budget" | "schedules" | "seed" | "strategy" | "preemptions">>, Pick<SaidSettings, "clock"> {
  /** For reports: the file of the test, or of the program. Default `main`. */
  readonly package?: string;
  /**
   * `shared` (default): goroutines may share variables, so every order of their steps is tried, as far as the budget goes.
   * `private`: they share none but what channels, locks and the like guard; far fewer orders differ then.
   */
  readonly variables?: "shared" | "private";
  /**
   * A `fetch` that answers inside of the process (a mock, msw, undici's MockAgent): its answers come in any order, as those of `outside`. These say how else
   * a call may end; false: its answers come as the mock gives them. Default: each comes.
   */
  readonly fetch?: OutsideOptions | false;
  /** Ends the exploration, with what was found so far. */
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

/** A function that is explored: run anew for each schedule. */
export type ExploredBody = (tools: ExploreTools) => unknown;

export const TOOLS: ExploreTools = { outside };
const withTools = (body: ExploredBody): (() => unknown) => Object.defineProperty(() => body(TOOLS), "name", { value: body.name });

/**
 * Explores a function written on the TypeScript runtime, as `unpark test` explores a Go test, and throws for nothing that it finds.
 *
 * @param given is run anew for each schedule.
 * @param options among them the budget, in real milliseconds: 2,000 by default.
 * @example
 * const { findings } = await examineTs(() => void go(() => new Chan<number>().recv()));
 * assert.deepEqual(findings.map(({ verdict }) => verdict), ["leaked"]);
 */
export const examineTs = async (given: ExploredBody, options: ExamineTsOptions = {}): Promise<Examination> => {
  try {
    return await examined(withTools(given), options);
  } catch (error) {
    if (!(error instanceof Divergence)) throw error;
    return { ...namesOf(given, options), coverage: NOTHING_KNOWN, outcome: "unsupported", findings: [], limits: [notRepeatable(error)] };
  }
};

const NOTHING_KNOWN = { schedules: 0, complete: false, bounds: [], stoppedBy: "it did not do the same again", depth: 0, milliseconds: 0 };

/** A run that is done again, with the same choices, to say where everybody is, or who can still be woken. */
function notRepeatable({ step, expected, actual }: Divergence): string {
  if (actual.endsWith("(runaway)")) return "when it was run again with the same choices, a step took so long that it was ended, so nothing is concluded: the machine was busy, or it does not do the same each time; raise the budget, or patience";
  return (
    `it did not do the same when it was run again with the same choices (at step ${step}: ${expected === "@" ? "the clock" : expected}, but ${actual}), so nothing is concluded; ` +
    "what it keeps from run to run (a module that is loaded once, a cache, a variable of the module) is to be made inside of the function, or loaded before"
  );
}

function examined(body: () => unknown, options: ExamineTsOptions): Promise<Examination> {
  return guarded(body, { ...options, variables: "private" }, async (program, settings) => {
    if (options.variables === "private") return within(await examine(program, settings), "goroutines share no variables but through operations");
    const thorough = new ControlledProgram(body, { prover: recordAwaits, ...options, variables: "shared" }, program);
    return examine(program, { ...settings, thorough });
  });
}

/** What loops without an operation is ended after the budget; but a busy machine may take a while for anything. */
const patienceOf = ({ patience, budget = BUDGET }: ExamineTsOptions): number => patience ?? Math.max(500, budget);

/** Alone, and in turns of the event loop that are ended where they take too long. What comes after is not. */
function guarded<T>(body: () => unknown, options: ExamineTsOptions, work: (program: ControlledProgram, options: ExamineOptions) => Promise<T>): Promise<T> {
  return alone(async () => {
    const program = new ControlledProgram(body, { prover: recordAwaits, ...options, patience: patienceOf(options) });
    const wall = { now: () => systemWallClock.now(), turn: () => program.turn() };
    const explored = async (): Promise<T> => {
      await program.turn();
      return withFetch(options.fetch, () => work(program, { ...examineOptions(body, options), wall }));
    };
    try {
      return await Promise.race([explored(), program.lost]); // from before the first turn: what is ended there goes on nowhere
    } finally {
      program.end();
      await systemWallClock.turn();
    }
  });
}

const within = (examination: Examination, bound: string): Examination => ({
  ...examination,
  coverage: { ...examination.coverage, bounds: [...examination.coverage.bounds, bound] },
});

/** Its natural schedule, `times` times, or until the budget ends; `running` hears which run is going on. Gives how many were done. */
export const naturalRunsTs = (given: ExploredBody, times: number, options: ExamineTsOptions, running: (number: number | undefined) => void): Promise<number> =>
  guarded(withTools(given), options, async (program) => {
    const end = systemWallClock.now() + (options.budget ?? BUDGET);
    for (let number = 0; number < times; number++) {
      if (systemWallClock.now() > end) return number;
      running(number);
      await replay(program, [], { natural: true });
      running(undefined);
    }
    return times;
  });

/** One schedule of it again, told step by step. */
export const replayTs = (body: ExploredBody, schedule: Schedule, options: ExamineTsOptions = {}): Promise<Result<Examination, string>> =>
  guarded(withTools(body), options, (program, given) => replayProgram(program, schedule, given));

const namesOf = (body: ExploredBody, { name, package: path = "main" }: ExamineTsOptions): Pick<Examination, "name" | "package"> => ({ name: name ?? (body.name || "main"), package: path });

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
