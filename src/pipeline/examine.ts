import { formatDuration } from "../base/duration.js";
import type { Context } from "../diagnose/context.js";
import { findings, grouped } from "../diagnose/findings.js";
import { NO_TRACE, scopeOver } from "../diagnose/scene.js";
import { explore } from "../explore/explorer.js";
import type { Exploration, Found } from "../explore/exploration.js";
import { earlyMoves, replay } from "../explore/replay.js";
import type { RunEnd } from "../explore/search.js";
import { shrink } from "../explore/shrink.js";
import { REPLAYED, type Examination } from "../model/examination.js";
import type { Finding } from "../model/finding.js";
import { cameToRest, type Outcome } from "../model/outcome.js";
import type { Program, Run, RunOptions } from "../model/program.js";
import { formatSchedule, type Schedule } from "../model/schedule.js";
import type { Snapshot } from "../model/snapshot.js";
import type { Trace } from "../model/trace.js";
import { readableSteps } from "../report/steps.js";
import { err, ok, type Result } from "../base/result.js";
import { optional } from "./build.js";
import { completeTrace } from "./complete-trace.js";
import { Judge, placeKey, withoutNeedlessStalls } from "./judge.js";
import type { Progress, Settings } from "./settings.js";

export interface ExamineOptions {
  readonly package: string;
  /** Undefined: the program is a `main`. */
  readonly test?: string;
  readonly settings: Settings;
  readonly lines: (file: string) => readonly string[] | undefined;
  /** Where the natural schedule's output goes while it runs. */
  readonly output?: (stream: "stdout" | "stderr", bytes: Uint8Array) => void;
  readonly progress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
  /** False where this Go has no leak collection: then the host's "not unreachable" says nothing. Default true. */
  readonly reachability?: boolean;
}

/**
 * One program, from its natural schedule to what is to be said about it.
 *
 * E1. The natural schedule is run first, and only its output is shown.
 * E2. Every finding is replayed, with a trace, before it is reported; one that does not replay is not reported as a
 *     finding, but said in `limits`, for then the program does not depend on its schedule alone.
 */
export async function examine(program: Program, options: ExamineOptions): Promise<Examination> {
  return new Examiner(program, options).examine();
}

/** One schedule of a program again, told step by step; an error where it is not this program's schedule. */
export async function replayProgram(program: Program, schedule: Schedule, options: ExamineOptions): Promise<Result<Examination, string>> {
  return new Examiner(program, options).replay(schedule);
}

/** The end of one run, told in full. */
interface Told {
  readonly outcome: Outcome;
  readonly snapshot: Snapshot;
  readonly trace: Trace;
  readonly schedule: Schedule;
  readonly output: string;
}

/**
 * The natural schedule is run once and shown, and tells whether a test passes: it may take longer than those that are
 * explored by the thousand (a test of golang.org/x/sync sleeps ten thousand times in a loop).
 */
const PATIENCE = { steps: 200_000, rounds: 20_000 };

const NOTHING_LEFT: Snapshot = { provenance: { source: "", how: "run" }, goroutines: [], losses: [] };

class Examiner {
  readonly #program: Program;
  readonly #options: ExamineOptions;
  readonly #limits: string[] = [];

  constructor(program: Program, options: ExamineOptions) {
    this.#program = program;
    this.#options = options;
  }

  async examine(): Promise<Examination> {
    const natural = await this.#tell([], this.#options.output, PATIENCE);
    const { name } = this.#program;
    const base = { name, package: this.#options.package };
    if (typeof natural === "string") return { ...base, outcome: "unsupported", findings: [], limits: [natural], coverage: NOTHING_TRIED };
    const judge = new Judge(this.#context(natural.outcome), (run) => this.#snapshot(run));
    const exploration = await this.#explore(judge);
    const found = await this.#explained(exploration, natural, judge);
    this.#tellLimits(natural.outcome, exploration);
    return {
      ...base,
      outcome: outcomeWord(natural.outcome),
      output: natural.output,
      findings: found,
      limits: this.#limits,
      coverage: exploration.coverage,
    };
  }

  async replay(schedule: Schedule): Promise<Result<Examination, string>> {
    const natural = await this.#tell([], undefined, PATIENCE);
    const told = await this.#tell(schedule, this.#options.output, PATIENCE);
    if (typeof told === "string") return err(told);
    const { trace, snapshot, outcome, output } = told;
    const { lines } = this.#options;
    const stalls = (await earlyMoves(this.#program, schedule)) > 0;
    const found = this.#findingsOf(told, typeof natural === "string" ? undefined : natural.outcome).map((finding) => {
      const steps = readableSteps({ trace, snapshot, finding, lines });
      return { ...finding, ...(stalls && finding.verdict === "flaky" ? { needsStall: true as const } : {}), schedule: formatSchedule(told.schedule), steps };
    });
    const coverage = { schedules: 1, complete: false, bounds: [], stoppedBy: REPLAYED, depth: told.schedule.length, milliseconds: 0 };
    const { name } = this.#program;
    const { test, package: path } = this.#options;
    const steps = found.length > 0 ? {} : { steps: readableSteps({ trace, snapshot, lines, ...optional({ test }) }) };
    return ok({ name, package: path, outcome: outcomeWord(outcome), output, findings: found, limits: [], coverage, ...steps });
  }

  #context(natural: Outcome | undefined, output?: string): Context {
    const { package: path, test, lines } = this.#options;
    return {
      package: path,
      closedWorld: test === undefined,
      lines,
      ...(test === undefined ? {} : { test }),
      ...(natural === undefined ? {} : { natural }),
      ...(output === undefined ? {} : { output }),
    };
  }

  #explore(judge: Judge): Promise<Exploration<Finding>> {
    const { settings, progress, signal } = this.#options;
    const { budget, schedules, seed, clock, preemptions } = settings;
    return explore(
      this.#program,
      {
        budget,
        seed,
        clock,
        ...(schedules === undefined ? {} : { schedules }),
        ...(preemptions === undefined ? {} : { preemptions }),
        ...(signal === undefined ? {} : { signal }),
        ...(progress === undefined ? {} : { progress: (at) => progress({ program: this.#program.name, ...at }) }),
      },
      (end) => judge.judge(end),
    );
  }

  /** Each thing found, replayed with its trace; what the natural schedule alone can tell (cut short) comes last. */
  async #explained(exploration: Exploration<Finding>, natural: Told, judge: Judge): Promise<readonly Finding[]> {
    const findings: Finding[] = [];
    for (const found of withoutNeedlessStalls(exploration.found)) {
      const explained = await this.#explain(found, await this.#short(found, judge), natural);
      if (explained) findings.push(explained);
    }
    const notes = this.#findingsOf(natural, undefined).filter(({ verdict }) => verdict === "cut-short");
    return grouped([...findings, ...notes]);
  }

  async #explain(found: Found<Finding>, short: Schedule, natural: Told): Promise<Finding | undefined> {
    const key = placeKey(found.value);
    const shown = (await this.#shown(short, key, natural)) ?? (await this.#shown(found.schedule, key, natural));
    if (!shown) {
      this.#limits.push(
        `a finding (${found.value.verdict} at ${found.value.blocked.file}:${found.value.blocked.line}) did not replay, so it is not reported: the program does not depend on its schedule alone`,
      );
      return undefined;
    }
    const { finding, told } = shown;
    const steps = readableSteps({ trace: told.trace, snapshot: told.snapshot, finding, lines: this.#options.lines });
    const stall = found.value.needsStall ? { needsStall: true as const } : {};
    return { ...finding, ...stall, schedule: formatSchedule(told.schedule), steps, seen: found.seen };
  }

  /**
   * A schedule with as few context switches as can be found that shows the same of at least as many goroutines; judged
   * without traces, which are slow. The natural one is left as it is: nothing is easier to follow.
   */
  async #short({ key, value, schedule, run }: Found<Finding>, judge: Judge): Promise<Schedule> {
    if (run === 1) return schedule;
    const shows = async (end: RunEnd): Promise<boolean> =>
      (await judge.judge(end)).some((one) => one.key === key && one.value.goroutines >= value.goroutines);
    return (await shrink(this.#program, schedule, shows, { clock: this.#options.settings.clock }))?.schedule ?? schedule;
  }

  /** The finding of that key in a schedule, and the run's story; undefined where it is not there. */
  async #shown(schedule: Schedule, key: string, natural: Told): Promise<{ readonly finding: Finding; readonly told: Told } | undefined> {
    const told = await this.#tell(schedule);
    if (typeof told === "string") return undefined;
    const all = this.#findingsOf(told, natural.outcome);
    const finding = all.find((one) => placeKey(one) === key);
    return finding && { finding, told };
  }

  #findingsOf({ trace, snapshot, outcome, output }: Told, natural: Outcome | undefined): readonly Finding[] {
    return findings(trace, snapshot, outcome, this.#context(natural, output));
  }

  /** Runs a schedule (and on, naturally, behind its end) with a trace; a sentence where that cannot be done. */
  async #tell(schedule: Schedule, output?: ExamineOptions["output"], limits: Pick<RunOptions, "steps" | "rounds"> = {}): Promise<Told | string> {
    let text = "";
    const decoder = new TextDecoder();
    const end = await replay(this.#program, schedule, {
      ...limits,
      trace: true,
      output: (stream, bytes) => {
        text += decoder.decode(bytes, { stream: true });
        output?.(stream, bytes);
      },
    });
    if (typeof end.stopped === "object") return end.stopped.diverged.message;
    const { outcome } = end;
    if (outcome === undefined) return `a run of more than ${end.schedule.length} steps was given up`;
    if (outcome.kind === "unsupported") return outcome.what;
    const snapshot = cameToRest(outcome) ? await this.#snapshot(end.run) : NOTHING_LEFT;
    return { outcome, snapshot, trace: completeTrace(end.run.trace() ?? NO_TRACE, snapshot), schedule: end.schedule.slice(), output: text };
  }

  async #snapshot(run: Run): Promise<Snapshot> {
    const snapshot = await run.goroutines();
    if (this.#options.reachability !== false) return snapshot;
    return { ...snapshot, goroutines: snapshot.goroutines.map(({ unreachable: _, ...rest }) => rest) };
  }

  #tellLimits(natural: Outcome, exploration: Exploration<Finding>): void {
    if (natural.kind === "horizon" && natural.limit === "steps") {
      this.#limits.push("its natural schedule is longer than Unpark follows (200,000 steps): runs were cut off, and what was left then proves nothing");
    } else if (natural.kind === "horizon" && !scopeOver(natural)) {
      const after = formatDuration(BigInt(this.#options.settings.horizon ?? DEFAULT_HORIZON));
      this.#limits.push(
        `it does not end by itself: runs were ended after ${after} of virtual time, and what was left then is judged by reachability (--horizon)`,
      );
    }
    if (exploration.diverged) this.#limits.push(exploration.diverged.message);
  }
}

/** Nanoseconds; the host's own (host/go-program.ts). */
const DEFAULT_HORIZON = 600e9;

const NOTHING_TRIED = { schedules: 0, complete: false, bounds: [], stoppedBy: "it could not be run", depth: 0, milliseconds: 0 };

/** The natural schedule's outcome in a word (model/examination.ts). */
export function outcomeWord(outcome: Outcome): string {
  switch (outcome.kind) {
    case "quiescent":
    case "exit":
      return outcome.exitCode === 0 ? "passed" : `exit ${outcome.exitCode}`;
    case "horizon":
      return outcome.scopeOver ? "passed" : "never ends";
    case "runaway":
      return outcome.scopeOver ? "passed" : "runaway";
    case "panic":
    case "deadlock":
    case "failed":
    case "skipped":
    case "unsupported":
      return outcome.kind;
  }
}
