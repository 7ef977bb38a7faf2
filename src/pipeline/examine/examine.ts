import { formatDuration } from "../../base/duration.js";
import { grouped } from "../../diagnose/run/findings.js";
import { scopeOver } from "../../diagnose/run/run-index.js";
import type { Exploration, Found } from "../../explore/exploration.js";
import { explore } from "../../explore/explorer.js";
import type { RunEnd } from "../../explore/search.js";
import { shrink } from "../../explore/shrink.js";
import type { WorkerSource } from "../../explore/workers/worker-pool.js";
import type { Examination } from "../../model/examination.js";
import type { Finding } from "../../model/finding.js";
import type { Outcome } from "../../model/outcome.js";
import type { Program, RunOptions } from "../../model/program.js";
import { formatSchedule, type Schedule } from "../../model/schedule.js";
import { readableSteps } from "../../report/exploration/steps.js";
import { optional } from "../go/build-context.js";
import { placeKey, withoutNeedlessStalls, type FindingClassifier } from "./finding-classifier.js";
import { outcomeWord } from "./outcome-word.js";
import type { Progress, Settings } from "../config/settings.js";
import { drawnRun } from "./drawn-run.js";
import { stuckBeside } from "./stuck.js";
import { REPLAY_LIMITS, TracedReplayer, type ExaminationTarget, type TracedRun } from "./traced-replayer.js";

export interface ExamineOptions extends ExaminationTarget {
  readonly settings: Settings;
  /** Where the natural schedule's output goes while it runs. */
  readonly output?: RunOptions["output"];
  readonly progress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
  /** Threads that may help, with the same program; their judges get the natural schedule's outcome as context. */
  readonly hands?: Omit<WorkerSource, "context">;
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

class Examiner {
  readonly #program: Program;
  readonly #options: ExamineOptions;
  readonly #teller: TracedReplayer;
  readonly #limits: string[] = [];

  constructor(program: Program, options: ExamineOptions) {
    this.#program = program;
    this.#options = options;
    this.#teller = new TracedReplayer(program, options);
  }

  async examine(): Promise<Examination> {
    const natural = await this.#teller.tell([], this.#options.output, REPLAY_LIMITS);
    const base = { name: this.#program.name, package: this.#options.package };
    if (typeof natural === "string") return { ...base, outcome: "unsupported", findings: [], limits: [natural], coverage: NOTHING_TRIED };
    const { outcome, output } = natural;
    const judge = this.#teller.judge(outcome);
    const exploration = await this.#explore(judge, outcome);
    const findings = await this.#explained(exploration, natural, judge);
    this.#tellLimits(outcome, exploration);
    return { ...base, outcome: outcomeWord(outcome), output, findings, limits: this.#limits, coverage: exploration.coverage };
  }

  #explore(judge: FindingClassifier, natural: Outcome): Promise<Exploration<Finding>> {
    const { settings, progress, signal, hands } = this.#options;
    const { budget, schedules, seed, clock, preemptions } = settings;
    return explore(
      this.#program,
      {
        budget,
        seed,
        clock,
        ...optional({ schedules, preemptions, signal }),
        ...(progress === undefined ? {} : { progress: (at) => progress({ program: this.#program.name, ...at }) }),
        ...(hands === undefined ? {} : { hands: { call: (join) => hands.call(join), dismiss: () => hands.dismiss(), context: natural } }),
      },
      (end) => judge.judge(end),
    );
  }

  /** Each thing found, replayed with its trace; what the natural schedule alone can tell (cut short) comes last. */
  async #explained(exploration: Exploration<Finding>, natural: TracedRun, judge: FindingClassifier): Promise<readonly Finding[]> {
    const findings = new Map<string, Finding>();
    for (const found of withoutNeedlessStalls(exploration.found)) {
      const explained = await this.#explain(found, await this.#short(found, judge), natural, judge);
      if (!explained) continue;
      // Proved in some runs only (TracedReplayer): one finding, and proved.
      const { verdict } = explained;
      const place = placeKey({ ...explained, verdict: verdict === "lingering" ? "leaked" : verdict });
      if (findings.get(place)?.verdict !== "leaked") findings.set(place, explained);
    }
    const notes = this.#teller.findings(natural, undefined).filter(({ verdict }) => verdict === "cut-short");
    return grouped([...findings.values(), ...notes]);
  }

  async #explain(found: Found<Finding>, short: Schedule, natural: TracedRun, judge: FindingClassifier): Promise<Finding | undefined> {
    const { outcome: usualOutcome, schedule: usual } = natural;
    const { value, seen } = found;
    const shown = (await this.#teller.shown(short, value, usualOutcome)) ?? (await this.#teller.shown(found.schedule, value, usualOutcome));
    if (!shown) {
      const { file, line } = value.blocked;
      if (value.verdict === "runaway") this.#limits.push(`a loop at ${file}:${line} is longer than it is followed while schedules are tried; it ends when it is followed further`);
      else this.#limits.push(
        `a finding (${value.verdict} at ${file}:${line}) did not replay, so it is not reported: the program does not depend on its schedule alone`,
      );
      return undefined;
    }
    const { told } = shown;
    const search = { program: this.#program, replayer: this.#teller, clock: this.#options.settings.clock, subject: this.#options };
    const finding = (await stuckBeside({ ...search, others: (name) => [usual, ...judge.ended.of(name)] }, shown.finding, told)) ?? shown.finding;
    const steps = readableSteps({ trace: told.trace, snapshot: told.snapshot, finding, lines: this.#options.lines });
    const drawn = this.#options.settings.pictures ? { drawn: await drawnRun(told, finding, natural, this.#teller, this.#options) } : {};
    return { ...finding, ...drawn, ...(value.needsStall ? { needsStall: true as const } : {}), schedule: formatSchedule(told.schedule), steps, seen };
  }

  /**
   * A schedule with as few context switches as can be found that shows the same of at least as many goroutines; judged
   * without traces, which are slow. The natural one is left as it is: nothing is easier to follow.
   */
  async #short({ key, value, schedule, run }: Found<Finding>, judge: FindingClassifier): Promise<Schedule> {
    if (run === 1) return schedule;
    const shows = async (end: RunEnd): Promise<boolean> =>
      (await judge.judge(end)).some((one) => one.key === key && one.value.goroutines >= value.goroutines);
    return (await shrink(this.#program, schedule, shows, { clock: this.#options.settings.clock }))?.schedule ?? schedule;
  }

  #tellLimits(natural: Outcome, { diverged, limits }: Exploration<Finding>): void {
    if (natural.kind === "horizon" && natural.limit === "steps") {
      this.#limits.push("its natural schedule is longer than Unpark follows (200,000 steps): runs were cut off, and what was left then proves nothing");
    } else if (natural.kind === "horizon" && natural.limit === "outside") {
      this.#limits.push(
        "it waits for what comes from outside (a connection, a signal), and nothing comes here: what was left then is judged by reachability; a test with a client shows more",
      );
    } else if (natural.kind === "horizon" && !scopeOver(natural)) {
      const { horizon } = this.#options.settings;
      const after = horizon === undefined ? "when the clock moved on and on and nothing changed" : `after ${formatDuration(BigInt(horizon))} of virtual time (--horizon)`;
      this.#limits.push(`it does not end by itself: runs were ended ${after}, and what was left then is judged by reachability`);
    }
    this.#limits.push(...limits);
    if (diverged) this.#limits.push(diverged.message);
  }
}

const NOTHING_TRIED = { schedules: 0, complete: false, bounds: [], stoppedBy: "it could not be run", depth: 0, milliseconds: 0 };
