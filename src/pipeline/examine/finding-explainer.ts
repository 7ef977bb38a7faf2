import { optional } from "../../base/optional.js";
import { err, ok, type Result } from "../../base/result.js";
import { grouped } from "../../diagnose/run/findings.js";
import type { Exploration, Found } from "../../explore/exploration.js";
import { shrink } from "../../explore/shrink.js";
import type { RunEnd } from "../../explore/strategy.js";
import { sameLeft } from "../../model/finding/finding-identity.js";
import type { Finding, Verdict } from "../../model/finding/finding.js";
import type { Program } from "../../model/run/program.js";
import { formatSchedule, type Schedule } from "../../model/run/schedule.js";
import { readableSteps } from "../../report/exploration/steps.js";
import { drawnRun } from "./drawn-run.js";
import type { ExamineOptions } from "./examine-options.js";
import { bareKey, failsNoEarlier, failsToo, stallsNoLonger, withoutNeedless, type FindingClassifier } from "./finding-classifier.js";
import { timeFlag } from "./run-limits.js";
import { besidePassing } from "./passing.js";
import { asksPassing, runNeeds } from "./run-needs.js";
import { stuckBeside } from "./stuck.js";
import { isReplayable, REPLAY_LIMITS, type TracedReplayer, type TracedRun } from "./traced-replayer.js";

/** What was found and is to be reported; and what did not replay, in words (E2). */
interface ExplainedFindings {
  readonly findings: readonly Finding[];
  readonly notShown: readonly string[];
}

interface ExplainerParts {
  readonly replayer: TracedReplayer;
  /** No more shrinking and no more contrasts (E4). */
  isLate(): boolean;
  /** No more replays (E4). */
  isOver(): boolean;
}

/**
 * From what an exploration found to what is reported.
 *
 * E2. Every finding is replayed, with a trace, before it is reported; one that does not replay is not reported as a
 *     finding, but said in `limits`, for then the program does not depend on its schedule alone.
 * E3. What the natural schedule shows is never lost, however long it is: it may be longer than those that are explored.
 */
export class FindingExplainer {
  readonly #program: Program;
  readonly #options: ExamineOptions;
  readonly #replayer: TracedReplayer;
  readonly #time: Pick<ExplainerParts, "isLate" | "isOver">;
  #recorded: Result<TracedRun, string> | undefined;

  constructor(program: Program, options: ExamineOptions, { replayer, ...time }: ExplainerParts) {
    this.#program = program;
    this.#options = options;
    this.#replayer = replayer;
    this.#time = time;
  }

  /** Each thing found, replayed with its trace; what the natural schedule alone can show (cut short) comes last. */
  async explain(exploration: Exploration<Finding>, natural: TracedRun, judge: FindingClassifier): Promise<ExplainedFindings> {
    const findings = new Map<string, Finding>();
    const notShown = new Map<string, string>();
    for (const found of withoutNeedless(exploration.found)) {
      if (isReported(found, [...findings.values()])) continue;
      const explained = await this.#explainOne(found, await this.#short(found, judge), natural, judge);
      if (explained.ok) keepGravest(findings, explained.value);
      else notShown.set(sameLeft(found.value), explained.error);
    }
    // E3: whatever came of the exploration, what the natural schedule shows is reported.
    for (const finding of this.#replayer.findings(natural, undefined)) {
      if (finding.verdict === "cut-short" || !findings.has(sameLeft(finding))) findings.set(sameLeft(finding), this.#withSteps(finding, natural));
    }
    // Another schedule may show the same.
    return { findings: grouped([...findings.values()]), notShown: [...notShown].filter(([place]) => !findings.has(place)).map(([, words]) => words) };
  }

  #withSteps(finding: Finding, { trace, snapshot, schedule }: TracedRun): Finding {
    if (finding.verdict === "cut-short") return finding;
    const steps = readableSteps({ trace, snapshot, finding, lines: this.#options.lines });
    if (!isReplayable(schedule)) return { ...finding, evidence: [...finding.evidence, `the natural schedule shows it, in ${schedule.length.toLocaleString("en")} steps: too many to replay one by one`], steps };
    return { ...finding, schedule: formatSchedule(schedule), steps };
  }

  async #explainOne(found: Found<Finding>, short: Schedule, natural: TracedRun, judge: FindingClassifier): Promise<Result<Finding, string>> {
    const { outcome: usualOutcome, schedule: usual } = natural;
    const { value, seen } = found;
    const shown = (await this.#replayer.shown(short, value, usualOutcome)) ?? (await this.#replayer.shown(found.schedule, value, usualOutcome));
    if (!shown) return err(this.#notShown(value));
    const { traced } = shown;
    const search = { program: this.#program, replayer: this.#replayer, enough: (): boolean => this.#time.isLate(), clock: this.#options.settings.clock, subject: this.#options };
    const passing = await this.#passing(traced, natural);
    const needs = needsShown(found, runNeeds(shown.finding, traced, passing));
    const beside = await stuckBeside({ ...search, others: (name) => [...(isReplayable(usual) ? [usual] : []), ...judge.ended.of(name)] }, shown.finding, traced);
    const finding = beside ?? (await besidePassing(search, { ...shown.finding, ...needs }, traced, passing ?? natural));
    const drawn = this.#options.settings.pictures ? { drawn: await drawnRun(traced, finding, natural, this.#replayer, this.#options) } : {};
    return ok({ ...this.#withSteps(finding, traced), ...drawn, ...needs, seen });
  }

  /** The natural run where the test passes in it: with a trace, which a long one has not until it is asked for. */
  async #passing(failing: TracedRun, natural: TracedRun): Promise<TracedRun | undefined> {
    if (!asksPassing(failing) || natural.outcome.kind === "failed") return undefined;
    if (natural.trace.steps.length > 0 || !isReplayable(natural.schedule) || this.#time.isLate()) return natural;
    this.#recorded ??= await this.#replayer.replay(natural.schedule, undefined, REPLAY_LIMITS);
    return this.#recorded.ok ? this.#recorded.value : undefined;
  }

  #notShown({ verdict, blocked: { file, line } }: Finding): string {
    if (this.#time.isOver()) return `a finding (${verdict} at ${file}:${line}) could not be replayed in time, so it is not reported${this.#options.signal?.aborted ? ": interrupted" : `: raise ${timeFlag(this.#options.settings)}`}`;
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
    return (await shrink(this.#program, schedule, shows, { clock: this.#options.settings.clock, faults: value.needsFault ? this.#options.settings.faults ?? 0 : 0, enough: () => this.#time.isLate() }))?.schedule ?? schedule;
  }
}

/** The schedule that is shown may do with less than it was found with; what it was found without is not needed. */
function needsShown({ key, value }: Found<Finding>, { needsFault, needsStall, needsLongStall, afterFailure, leftOut }: ReturnType<typeof runNeeds>): Partial<Finding> {
  const stall = value.needsStall ? { needsStall, ...(value.needsLongStall ? { needsLongStall } : {}), ...(failsToo(key) ? { afterFailure } : {}) } : {};
  return optional({ needsFault, ...stall, leftOut: failsToo(key) ? leftOut : undefined });
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
