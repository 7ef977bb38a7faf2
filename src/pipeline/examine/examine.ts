import { optional } from "../../base/optional.js";
import { err, ok, type Result } from "../../base/result.js";
import { formatDuration } from "../../base/duration.js";
import { systemWallClock, type WallClock } from "../../base/wall-clock.js";
import { grouped } from "../../diagnose/run/findings.js";
import { scopeOver } from "../../diagnose/run/run-index.js";
import type { Exploration, Found } from "../../explore/exploration.js";
import { explore } from "../../explore/explorer.js";
import type { RunEnd, Strategy } from "../../explore/strategy.js";
import { strategyNamed } from "../../explore/strategies/registry.js";
import { replay } from "../../explore/replay-schedule.js";
import { DEFAULT_STEPS } from "../../model/run/limits.js";
import { goStatementsOf } from "./go-statements.js";
import { missingIn } from "./missing-capabilities.js";
import { computesOn, isSplit, mayHaveMore, splitAfter, splitCoverage } from "./splitting.js";
import { shrink } from "../../explore/shrink.js";
import type { WorkerSource } from "../../explore/workers/worker-pool.js";
import type { DataRace } from "../../model/finding/data-race.js";
import type { Coverage, Examination } from "../../model/results/examination.js";
import { sameLeft } from "../../model/finding/finding-identity.js";
import type { Finding, Verdict } from "../../model/finding/finding.js";
import type { Outcome } from "../../model/run/outcome.js";
import type { Program } from "../../model/run/program.js";
import { formatSchedule, type Schedule } from "../../model/run/schedule.js";
import { readableSteps } from "../../report/exploration/steps.js";
import { bareKey, failsNoEarlier, isLong, stallsNoLonger, withoutNeedless, type FindingClassifier } from "./finding-classifier.js";
import { NEVER_ENDS, outcomeWord } from "./outcome-word.js";
import type { ExploreSettings } from "../config/settings.js";
import type { Progress } from "../config/progress.js";
import { LOOKED_AT, raceWords, withRaces, type RaceSource } from "./data-races.js";
import { drawnRun } from "./drawn-run.js";
import { naturalRun, type NaturalOptions } from "./natural-run.js";
import { stuckBeside } from "./stuck.js";
import { twoPasses } from "./two-passes.js";
import { isReplayable, TracedReplayer, type ExaminationTarget, type TracedRun } from "./traced-replayer.js";

export interface ExamineOptions extends ExaminationTarget, Pick<NaturalOptions, "output" | "isFastUntraced"> {
  readonly settings: ExploreSettings;
  readonly progress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
  /** The same program, which takes for dependent what `program` takes for independent without being sure of it. */
  readonly thorough?: Program;
  /** Threads that may help, with the same program; their judges get the natural schedule's outcome as context. */
  readonly helpers?: Omit<WorkerSource, "context">;
  readonly wall?: WallClock;
  /** What of the program may be explored by itself in its place; undefined: nothing. */
  readonly subtests?: SubtestSource;
  /** Undefined: data races are not looked for (TypeScript has its own way, two-passes.ts). */
  readonly races?: RaceSource;
}

/** The subtests of a program: those that its last run has come to, and a program whose runs come to all and run none. */
export interface SubtestSource {
  readonly isFuzz: boolean;
  seen(): readonly string[];
  readonly list: Program;
}

/**
 * One program, from its natural schedule to what is to be said about it.
 *
 * E1. The natural schedule is run first, and only its output is shown.
 * E2. Every finding is replayed, with a trace, before it is reported; one that does not replay is not reported as a
 *     finding, but said in `limits`, for then the program does not depend on its schedule alone.
 * E4. All of it ends within the budget and a fifth of it: shrinking and looking for contrasts end with the budget, the
 *     replays of what was found by then a little later.
 * E3. What the natural schedule shows is never lost, however long it is: it may be longer than those that are explored.
 * E5. An exploration in which a data race was seen is not complete.
 */
export async function examine(program: Program, options: ExamineOptions): Promise<Examination> {
  return new Examiner(program, options).examine();
}

class Examiner {
  readonly #program: Program;
  readonly #options: ExamineOptions;
  readonly #replayer: TracedReplayer;
  readonly #limits: string[] = [];
  /** The first schedules that were tried. */
  readonly #tried: Schedule[] = [];
  readonly #wall: WallClock;
  readonly #began: number;

  constructor(program: Program, options: ExamineOptions) {
    this.#program = program;
    this.#options = options;
    this.#wall = options.wall ?? systemWallClock;
    this.#began = this.#wall.now();
    this.#replayer = new TracedReplayer(program, options, () => this.#isOver());
  }

  /** E4. The budget is spent; short programs are run whatever it is. */
  #isLate(): boolean {
    return this.#options.signal?.aborted === true || this.#wall.now() - this.#began >= this.#options.settings.budget + GRACE.run;
  }

  /** E4. There is no time for replays any more, either. */
  #isOver(): boolean {
    const { signal, settings } = this.#options;
    return signal?.aborted === true || this.#wall.now() - this.#began >= settings.budget + Math.max(GRACE.replays, REPLAYING * settings.budget);
  }

  async examine(): Promise<Examination> {
    const replayed = await this.#natural();
    const base = { name: this.#program.name, package: this.#options.package };
    if (!replayed.ok) return { ...base, outcome: "unsupported", findings: [], limits: [replayed.error], coverage: NOTHING_TRIED };
    const natural = replayed.value;
    const { outcome, output } = natural;
    const judge = this.#replayer.judge(outcome);
    const took = this.#wall.now() - this.#began;
    const subtests = await this.#subtests(natural);
    const splits = this.#splits(natural, subtests, took);
    const whole = splits === "at-once" ? NOT_WHOLE : await this.#explore(judge, outcome, Math.min(this.#left(took), splits === "never" ? Infinity : splits));
    const isInParts = splits !== "never" && isSplit(whole.coverage);
    const exploration = { ...whole, coverage: isInParts ? splitCoverage(whole.coverage) : withRaces(whole.coverage, await this.#races(natural, whole.coverage)) };
    const explored = this.#wall.now();
    const findings = await this.#explained(exploration, natural, judge);
    this.#addLimits(outcome, exploration);
    // The natural run is one of the schedules, and takes its time, where there was none for another.
    const { faults = 0 } = this.#options.settings;
    const bounds = [...exploration.coverage.bounds, ...(faults > 0 ? [`at most ${faults} fault${faults === 1 ? "" : "s"} in one run`] : [])];
    const coverage = { ...(this.#options.test === undefined ? exploration.coverage : ofEndless(exploration.coverage, outcomeWord(outcome, this.#options.test))), bounds, schedules: Math.max(1, exploration.coverage.schedules), milliseconds: Math.round(explored - this.#began) };
    return { ...base, outcome: outcomeWord(outcome, this.#options.test), output, findings, limits: this.#limits, coverage, ...optional({ goStatements: goStatementsOf(natural.trace), stubs: natural.trace.stubs }), ...(isInParts ? { subtests } : {}) };
  }

  /** Its subtests by name, those that the natural run did not come to as well. */
  async #subtests({ outcome }: TracedRun): Promise<readonly string[]> {
    const { subtests } = this.#options;
    if (subtests === undefined) return [];
    const seen = subtests.seen();
    if (!mayHaveMore(outcome) || computesOn(outcome, seen.length)) return seen;
    const listed = await replay(subtests.list, [], { steps: LISTING_STEPS, natural: true }, () => this.#options.signal?.aborted === true || this.#wall.now() - this.#began >= LISTING * this.#options.settings.budget);
    return typeof listed.stopped === "object" ? seen : [...new Set([...subtests.seen(), ...seen])];
  }

  #splits({ outcome, schedule, output, trace }: TracedRun, subtests: readonly string[], milliseconds: number): ReturnType<typeof splitAfter> {
    const { settings, subtests: source } = this.#options;
    const split = { isFuzz: source?.isFuzz === true, subtests, budget: settings.budget, ...optional({ schedules: settings.schedules }) };
    return splitAfter(split, { outcome, steps: schedule.length, milliseconds, lacks: missingIn(outcomeWord(outcome, this.#options.test), output, trace.stubs) !== undefined }, DEFAULT_STEPS);
  }

  #natural(): Promise<Result<TracedRun, string>> {
    const { settings, output, isFastUntraced } = this.#options;
    const { budget, natural = budget, pictures } = settings;
    const late = (): boolean => this.#options.signal?.aborted === true || this.#wall.now() - this.#began >= natural + GRACE.run;
    return naturalRun(this.#replayer, optional({ output, isFastUntraced, pictures }), late);
  }

  /** What is left for exploring after a natural run of so many milliseconds: each finding takes a few such runs more. */
  #left(natural: number): number {
    const { budget } = this.#options.settings;
    return Math.max(0, budget - natural - Math.min(budget / 4, REPLAYS * natural));
  }

  #explore(judge: FindingClassifier, natural: Outcome, time: number): Promise<Exploration<Finding>> {
    const { settings, thorough } = this.#options;
    if (thorough === undefined || settings.preemptions !== undefined || settings.strategy !== undefined) return this.#pass(this.#program, time, judge, natural);
    return twoPasses(time, (which, budget) => (which === "quick" ? this.#pass(this.#program, budget, judge, natural) : this.#pass(thorough, budget, judge, natural, Infinity)));
  }

  #pass(program: Program, budget: number, judge: FindingClassifier, natural: Outcome, preemptions = this.#options.settings.preemptions): Promise<Exploration<Finding>> {
    const { settings, progress, signal, helpers, wall } = this.#options;
    const { schedules, seed, clock, faults, pairs } = settings;
    return explore(
      program,
      {
        budget,
        seed,
        clock,
        ...optional({ schedules, preemptions, faults, pairs, signal, wall, strategy: this.#strategy(preemptions) }),
        ...(progress === undefined ? {} : { progress: (at) => progress({ program: this.#program.name, ...at }) }),
        ...(helpers === undefined ? {} : { helpers: { call: (join) => helpers.call(join), dismiss: () => helpers.dismiss(), context: natural } }),
      },
      (end) => {
        if (this.#tried.length < LOOKED_AT) this.#tried.push(end.schedule.slice());
        return judge.judge(end);
      },
    );
  }

  /** E5 */
  async #races({ trace, schedule }: TracedRun, { complete }: Coverage): Promise<readonly DataRace[]> {
    const { races, test } = this.#options;
    const alone = test === undefined ? 0 : 1; // a test's own goroutine
    const isKnown = trace.steps.length > 0 || schedule.length === 0;
    if (races === undefined || !complete || (isKnown && trace.lives.length <= alone)) return [];
    const found = await races([schedule, ...this.#tried], () => this.#isOver());
    this.#limits.push(...found.map(raceWords));
    return found;
  }

  /** The one that the settings name; undefined: the portfolio. */
  #strategy(preemptions: number | undefined): Strategy | undefined {
    const { strategy, seed, clock, faults } = this.#options.settings;
    if (strategy === undefined) return undefined;
    const named = strategyNamed(strategy);
    if (!named.ok) throw new RangeError(named.error); // a caller without types
    return named.value.make({ seed, clock, preemptions, faults });
  }

  /** Each thing found, replayed with its trace; what the natural schedule alone can show (cut short) comes last. */
  async #explained(exploration: Exploration<Finding>, natural: TracedRun, judge: FindingClassifier): Promise<readonly Finding[]> {
    const findings = new Map<string, Finding>();
    const notShown = new Map<string, string>();
    for (const found of withoutNeedless(exploration.found)) {
      if (isReported(found, [...findings.values()])) continue;
      const explained = await this.#explain(found, await this.#short(found, judge), natural, judge);
      if (explained.ok) keepGravest(findings, explained.value);
      else notShown.set(sameLeft(found.value), explained.error);
    }
    // E3: whatever came of the exploration, what the natural schedule shows is reported.
    for (const finding of this.#replayer.findings(natural, undefined)) {
      if (finding.verdict === "cut-short" || !findings.has(sameLeft(finding))) findings.set(sameLeft(finding), this.#withSteps(finding, natural));
    }
    this.#limits.push(...[...notShown].filter(([place]) => !findings.has(place)).map(([, words]) => words)); // another schedule may show the same
    return grouped([...findings.values()]);
  }

  #withSteps(finding: Finding, { trace, snapshot, schedule }: TracedRun): Finding {
    if (finding.verdict === "cut-short") return finding;
    const steps = readableSteps({ trace, snapshot, finding, lines: this.#options.lines });
    if (!isReplayable(schedule)) return { ...finding, evidence: [...finding.evidence, `the natural schedule shows it, in ${schedule.length.toLocaleString("en")} steps: too many to replay one by one`], steps };
    return { ...finding, schedule: formatSchedule(schedule), steps };
  }

  async #explain(found: Found<Finding>, short: Schedule, natural: TracedRun, judge: FindingClassifier): Promise<Result<Finding, string>> {
    const { outcome: usualOutcome, schedule: usual } = natural;
    const { value, seen } = found;
    const shown = (await this.#replayer.shown(short, value, usualOutcome)) ?? (await this.#replayer.shown(found.schedule, value, usualOutcome));
    if (!shown) return err(this.#notShown(value));
    const { traced } = shown;
    const search = { program: this.#program, replayer: this.#replayer, enough: (): boolean => this.#isLate(), clock: this.#options.settings.clock, subject: this.#options };
    const finding = (await stuckBeside({ ...search, others: (name) => [...(isReplayable(usual) ? [usual] : []), ...judge.ended.of(name)] }, shown.finding, traced)) ?? shown.finding;
    // The schedule that is shown may do without the early moves of the clock that it was found with.
    const stalls = value.needsStall === true && traced.stalls > 0;
    const drawn = this.#options.settings.pictures ? { drawn: await drawnRun(traced, finding, natural, this.#replayer, this.#options) } : {};
    const needs = { ...(stalls ? { needsStall: true as const } : {}), ...(stalls && value.needsLongStall && isLong(traced) ? { needsLongStall: true as const } : {}), ...(traced.faults.length > 0 ? { needsFault: true as const } : {}) };
    return ok({ ...this.#withSteps(finding, traced), ...drawn, ...needs, seen });
  }

  #notShown({ verdict, blocked: { file, line } }: Finding): string {
    if (this.#isOver()) return `a finding (${verdict} at ${file}:${line}) could not be replayed in time, so it is not reported${this.#options.signal?.aborted ? ": interrupted" : `: raise ${this.#timeFlag}`}`;
    if (verdict === "runaway") return `a loop at ${file}:${line} is longer than it is followed while schedules are tried; it ends when it is followed further`;
    return `a finding (${verdict} at ${file}:${line}) did not replay, so it is not reported: the program does not depend on its schedule alone`;
  }

  /**
   * A schedule with as few context switches as can be found that shows the same of at least as many goroutines; judged
   * without traces, which are slow. The natural one is left as it is: nothing is easier to follow.
   */
  async #short({ key, value, schedule, run }: Found<Finding>, judge: FindingClassifier): Promise<Schedule> {
    if (run === 1) return schedule;
    const shows = async (end: RunEnd): Promise<boolean> =>
      (await judge.judge(end)).some((one) => bareKey(one.key) === bareKey(key) && failsNoEarlier(one.key, key) && stallsNoLonger(one.key, key) && one.value.goroutines >= value.goroutines);
    return (await shrink(this.#program, schedule, shows, { clock: this.#options.settings.clock, faults: value.needsFault ? this.#options.settings.faults ?? 0 : 0, enough: () => this.#isLate() }))?.schedule ?? schedule;
  }

  /** What gives it more time. */
  get #timeFlag(): "--budget" | "--total" {
    return this.#options.settings.natural === undefined ? "--budget" : "--total";
  }

  #addLimits(natural: Outcome, { diverged, limits }: Exploration<Finding>): void {
    if (this.#options.test !== undefined && (natural.kind === "computes" || (natural.kind === "horizon" && ["budget", "steps"].includes(natural.limit ?? ""))) && natural.scopeOver) {
      this.#limits.push("what it has started goes on and on after its end, and was cut off: what was left then proves nothing");
    } else if (natural.kind === "horizon" && natural.limit === "budget") {
      const { budget, natural: share } = this.#options.settings;
      const time = formatDuration(BigInt(Math.round((share ?? budget) * 1e6)));
      this.#limits.push(`its natural schedule does not end within ${share === undefined ? "the budget" : "its share of the total time"} (${time}): raise ${this.#timeFlag}, or run it natively (--native)`);
    } else if (natural.kind === "computes") {
      this.#limits.push(`goroutine ${natural.goroutine} computes on and on while another goroutine, or a timer, could go on: it may wait for plain memory that they change, which it does not get to see here; run it natively (--native)`);
    } else if (natural.kind === "horizon" && natural.limit === "steps") {
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

/** It is reported already as a consequence, which it was in every schedule that showed it, as far as numbers say. */
const isReported = ({ value, seen }: Found<Finding>, reported: readonly Finding[]): boolean =>
  reported.some((one) => (one.consequences ?? []).some((consequence) => sameLeft(consequence) === sameLeft(value)) && (one.seen ?? 0) >= seen);

/** One place is one finding, whatever could be shown about it in which run: proved (TracedReplayer), stuck, or neither. */
function keepGravest(findings: Map<string, Finding>, finding: Finding): void {
  const before = findings.get(sameLeft(finding));
  if (before === undefined || gravity(finding) < gravity(before)) findings.set(sameLeft(finding), finding);
}

/** Of what is blocked at one place, the gravest first. */
const GRAVEST: readonly Verdict[] = ["deadlock", "leaked", "abandoned", "stuck", "waiting-outside", "lingering"];
const gravity = ({ verdict }: Finding): number => GRAVEST.indexOf(verdict);

/** E4: the share of the budget that replays may take beyond it; milliseconds that a run and replays have at least. */
const REPLAYING = 0.15;
const GRACE = { run: 300, replays: 1_000 } as const;
/** Runs as long as the natural one that a finding takes: a run that shows it again, two that are traced, one to contrast it. */
const REPLAYS = 4;

/** Times the budget that finding out the subtests' names may take, set-up and all; steps of it. */
const LISTING = 2;
const LISTING_STEPS = 200_000;

/** What the natural run shows is all that is known of the whole (S3). */
/** A test that never ends has shown a part of what it does, in any schedule: nothing of it is complete. (A main that serves has no end; its limit says how it is judged.) */
const ofEndless = (coverage: Coverage, outcome: string): Coverage => (outcome === NEVER_ENDS && coverage.complete ? { ...coverage, complete: false, stoppedBy: "it does not come to an end" } : coverage);

const NOT_WHOLE: Exploration<Finding> = { coverage: { schedules: 1, complete: false, bounds: [], depth: 0, milliseconds: 0 }, found: [], runs: 1, redundant: 0, cut: 0, limits: [] };

const NOTHING_TRIED = { schedules: 0, complete: false, bounds: [], stoppedBy: "it could not be run", depth: 0, milliseconds: 0 };
