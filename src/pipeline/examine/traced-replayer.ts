import { optional } from "../../base/optional.js";
import { err, ok, type Result } from "../../base/result.js";
import { BoundedText } from "../../base/bounded-text.js";
import { outcomeAtRest } from "../../diagnose/run/quiescence.js";
import type { DiagnosisContext } from "../../diagnose/run/diagnosis-context.js";
import { findings } from "../../diagnose/run/findings.js";
import { NO_TRACE } from "../../diagnose/run/run-index.js";
import { replay as replayRun } from "../../explore/replay-schedule.js";
import { leftPlaces, sameDefect, sameLeft } from "../../model/finding/finding-identity.js";
import type { Fault } from "../../model/run/fault.js";
import type { Finding } from "../../model/finding/finding.js";
import type { GoroutineName } from "../../model/ids.js";
import { RECORDED_STEPS } from "../../model/run/limits.js";
import { cameToRest, type Outcome } from "../../model/run/outcome.js";
import type { Pending, Program, Run, RunOptions } from "../../model/run/program.js";
import { scopeGoroutine } from "../../model/run/scope-goroutine.js";
import type { Schedule } from "../../model/run/schedule.js";
import type { Snapshot } from "../../model/goroutine/snapshot.js";
import type { FileSyntax } from "../../model/source/syntax.js";
import { OWN_STUBS, type Trace } from "../../model/run/trace.js";
import { underFault } from "./under-fault.js";
import { completeTrace } from "./complete-trace.js";
import { FindingClassifier, NOTHING_LEFT } from "./finding-classifier.js";

/** What has to be known about a program to say what its runs mean. */
export interface ExaminationTarget {
  readonly package: string;
  /** Undefined: the program is a `main`. */
  readonly test?: string;
  readonly lines: (file: string) => readonly string[] | undefined;
  readonly testsOnly?: boolean;
  /** As the diagnosis asks for it. */
  readonly syntax?: (file: string) => FileSyntax | undefined;
  /** Its runs are drawn: they are traced with what functions were called with. */
  readonly pictures?: boolean;
  /** False where this Go has no leak collection: then the host's "not unreachable" says nothing. Default true. */
  readonly reachability?: boolean;
  /** As Finding's. */
  readonly scope?: GoroutineName;
  /** What compiled Go printed at its end says more of them (bubble-deadlock.ts: reading that takes the whole parser, which the library leaves out). */
  readonly naming?: (findings: readonly Finding[], outcome: Outcome, output: string) => readonly Finding[];
}

/** The end of one run, told in full. */
export interface TracedRun {
  readonly outcome: Outcome;
  readonly snapshot: Snapshot;
  readonly trace: Trace;
  readonly schedule: Schedule;
  readonly output: string;
  /** How often the clock moved while a goroutine could still go on. */
  readonly stalls: number;
  /** As in RunEnd. */
  readonly longestStall: number;
  /** What went wrong because the schedule says so. */
  readonly faults: readonly Fault[];
}

/** What is told may be longer than what is explored by the thousand (a test of golang.org/x/sync sleeps ten thousand times in a loop). */
export const REPLAY_LIMITS = { steps: RECORDED_STEPS, rounds: 20_000 };

/** Longer ones are of runs that cannot be told step by step, nor made again by their choices alone (`UNTRACED.unaskedAfter`). */
export const isReplayable = (schedule: Schedule): boolean => schedule.length <= REPLAY_LIMITS.steps;

/** The natural schedule is run once and shown, and tells whether a test passes: for as long as there is time, without a trace. */
export const UNTRACED = { steps: 1_000_000_000, rounds: 20_000, trace: false, unaskedAfter: REPLAY_LIMITS.steps };

export interface ReplayOptions extends Pick<RunOptions, "steps" | "rounds" | "natural" | "trace" | "preempts" | "unaskedAfter" | "timeout"> {
  /** It goes on behind the schedule only when no other can (strategies/replay.ts). */
  readonly held?: GoroutineName;
}

/** Runs single schedules of a program with a trace, and says what they show. */
export class TracedReplayer {
  readonly #program: Program;
  readonly #subject: ExaminationTarget;
  readonly #overtime: (() => boolean) | undefined;

  /** `overtime`: asked now and then in its runs; true ends them. */
  constructor(program: Program, subject: ExaminationTarget, overtime?: () => boolean) {
    this.#program = program;
    this.#subject = subject;
    this.#overtime = overtime;
  }

  /** For runs without traces; `natural`: the natural schedule's outcome. */
  judge(natural: Outcome): FindingClassifier {
    return new FindingClassifier(this.#context(natural), (run) => this.#snapshot(run));
  }

  findings({ trace, snapshot, outcome, output, faults }: TracedRun, natural: Outcome | undefined): readonly Finding[] {
    const { scope } = this.#subject;
    const stubs = (trace.stubs ?? []).filter((name) => !OWN_STUBS.includes(name));
    const called = stubs.length === 0 ? [] : [`this run called ${listed(stubs)}, which ${stubs.length === 1 ? "is a stub here: it answers" : "are stubs here: they answer"} ENOSYS, and may do something else natively`];
    const told = underFault(findings(trace, snapshot, outcome, this.#context(natural, output)), outcome, faults);
    const found = this.#subject.naming?.(told, outcome, output) ?? told;
    return found.map((finding) => ({ ...finding, evidence: [...finding.evidence, ...called], ...optional({ scope }) }));
  }

  /** Runs a schedule (and on, naturally, behind its end) with a trace; an error where that cannot be done. */
  async replay(schedule: Schedule, output?: RunOptions["output"], { held, ...limits }: ReplayOptions = {}, overtime = this.#overtime): Promise<Result<TracedRun, string>> {
    const text = new BoundedText();
    const decoder = new TextDecoder();
    const end = await replayRun(this.#program, schedule, {
      trace: true,
      values: this.#subject.pictures === true,
      ...limits,
      output: (stream, bytes) => {
        text.add(decoder.decode(bytes, { stream: true }));
        output?.(stream, bytes);
      },
    }, overtime, held);
    if (typeof end.stopped === "object") return err(end.stopped.diverged.message);
    const outcome = end.outcome ?? (overtime?.() === true && limits.natural === true ? this.#outOfTime(end.pending) : undefined);
    if (outcome === undefined) return err(`a run of more than ${end.schedule.length} steps was given up`);
    if (outcome.kind === "unsupported") return err(outcome.what);
    const snapshot = cameToRest(outcome) ? await this.#snapshot(end.run) : NOTHING_LEFT;
    const atRest = outcomeAtRest(outcome, snapshot, this.#subject.test === undefined);
    return ok({ outcome: atRest, snapshot, trace: completeTrace(end.run.trace() ?? NO_TRACE, snapshot), schedule: end.schedule.slice(), output: String(text), stalls: end.stalls, longestStall: end.longestStall, faults: end.run.wentWrong?.() ?? [] });
  }

  /**
   * There was no more time. Where the scope is over, all that can go on only polls, and the clock has nothing to bring, more
   * time would show no more: a runaway on a slow machine, too.
   */
  #outOfTime(pending: readonly Pending[]): Outcome {
    const able = pending.filter(({ alternatives }) => alternatives.length > 0);
    const [first] = able;
    if (first?.goroutine === undefined || !able.every(({ goroutine, yielding }) => goroutine !== undefined && yielding === true)) return OUT_OF_TIME;
    const scope = scopeGoroutine(this.#subject);
    // While its scope lasts it may only be counting, and end.
    if (pending.some(({ goroutine }) => goroutine === scope)) return OUT_OF_TIME;
    return { kind: "runaway", goroutine: first.goroutine, stack: [], scopeOver: true };
  }

  /** What was found, in a schedule, and the run's story; undefined where it is not there. */
  async shown(schedule: Schedule, found: Finding, natural: Outcome): Promise<{ readonly finding: Finding; readonly traced: TracedRun } | undefined> {
    // A loop that looked endless is followed further: it may have counted.
    const replayed = await this.replay(schedule, undefined, found.verdict === "runaway" ? REPLAY_LIMITS : {});
    if (!replayed.ok) return undefined;
    const traced = replayed.value;
    const all = this.findings(traced, natural);
    const finding = all.find(isAt(sameDefect(found))) ?? this.#proved(all, found) ?? all.find((one) => leftPlaces(one).includes(sameLeft(found)));
    return finding && { finding, traced };
  }

  /**
   * The same goroutine, proved in one of the two runs only: what was collected once is proved, and V8's collection (unlike
   * Go's) may now and then leave something for the next one.
   */
  #proved(all: readonly Finding[], found: Finding): Finding | undefined {
    if (found.verdict !== "leaked" && found.verdict !== "lingering") return undefined;
    const other = found.verdict === "leaked" ? "lingering" : "leaked";
    const same = all.find(isAt(sameDefect({ ...found, verdict: other })));
    return same && { ...same, verdict: "leaked", unreachable: true };
  }

  #context(natural: Outcome | undefined, output?: string): DiagnosisContext {
    const { package: path, test, lines, syntax, testsOnly, scope } = this.#subject;
    return {
      package: path,
      closedWorld: test === undefined,
      lines,
      ...optional({ syntax, testsOnly, test, scope, natural, output }),
    };
  }

  async #snapshot(run: Run): Promise<Snapshot> {
    const snapshot = await run.goroutines();
    if (this.#subject.reachability !== false) return snapshot;
    return { ...snapshot, goroutines: snapshot.goroutines.map(({ unreachable: _, ...rest }) => rest) };
  }
}

const OUT_OF_TIME: Outcome = { kind: "horizon", scopeOver: false, cutShort: 0, limit: "budget" };

/** No more than three by name. */
const listed = (names: readonly string[]): string => [...names.slice(0, 3), ...(names.length > 3 ? [`${names.length - 3} more`] : [])].join(", ");

const isAt = (place: string) => (one: Finding): boolean => sameDefect(one) === place;
