import { basename } from "node:path";
import { optional } from "../base/optional.js";
import { REPLAYED, type Examination } from "../model/results/examination.js";
import type { Finding } from "../model/finding/finding.js";
import { parseSchedule } from "../model/run/schedule.js";
import { counts } from "../report/exit-code.js";
import { reportText } from "../report/exploration/text.js";
import { examineGrowth, growthFinding } from "./explore-growth.js";
import { growthOfRuns } from "./growth/run-growth.js";
import { callSite, currentTest, fileOf, type CallSite } from "./call-site.js";
import { reportOf } from "../pipeline/typescript/report-of.js";
import { examineTs, naturalRunsTs, replayTs, TOOLS, type ExamineTsOptions, type ExploredBody } from "../pipeline/typescript/examine-ts.js";
import { eachKey, runnerRequest, writeExamination, type RunnerRequest } from "../pipeline/typescript/runner-protocol.js";

/** What counts as a failure, beside what `examineTs` takes. */
export interface ExploreOptions extends ExamineTsOptions {
  /** Also fail for notes: what is only lingering, and what happens only on a machine that stalls. Default false. */
  readonly strict?: boolean;
  /** Also fail for what happens only on a machine that stalls: the clock moves while a goroutine could go on. Default false: a note. */
  readonly stalls?: boolean;
  /**
   * Do not explore: repeat the body in real time, at most so often (or 2,048 times), and fail for what each repetition leaves
   * behind: docs/promises.md.
   */
  readonly repeat?: number | true;
  /** Fail unless every schedule that differs was tried within the budget. Default false. */
  readonly complete?: boolean;
}

/** What `explore` throws: the message is the whole report, with the schedule step by step. `cause`: the test's own assertion. */
export class Explored extends Error {
  /** What was found, as data: docs/report-schema.md. */
  readonly examination: Examination;

  constructor(examination: Examination, site?: CallSite, cause?: unknown) {
    super(`\n${reportText(reportOf([examination]), { cwd: process.cwd(), strict: true }).trimEnd()}`, cause === undefined ? {} : { cause });
    const { findings } = examination;
    this.name = "Explored";
    this.examination = examination;
    // Runners show the source at the first frame: the guilty line; then who called.
    const frames = [...(findings[0] ? [guilty(findings[0])] : []), ...(site ? [site] : [])].filter(({ file }) => file.startsWith("/"));
    this.stack = [`${this.name}: ${this.message}`, ...frames.map((f) => `    at ${f.function.replace(/^main\./, "")} (${f.file}:${f.line}:1)`)].join("\n");
  }
}

const guilty = ({ blocked, stack }: Finding): CallSite => stack[0] ?? blocked;

/**
 * Runs `body` in every schedule that differs, within a budget, and throws if in one of them a goroutine leaks, or the
 * program panics, deadlocks, or fails by its own assertion. For any test runner:
 *
 *     it("answers once", () => explore(async () => { … }));
 *
 * Under `unpark test` what it finds is also told to that command, which writes one report of all.
 *
 * @param body is given `outside`, and makes all its channels and other state itself.
 * @param options among them the budget, in real milliseconds: 2,000 by default.
 * @returns what was explored.
 * @throws Explored, whose message is the report.
 * @example
 * const { coverage } = await explore(async () => {
 *   const answers = new Chan<number>(2);
 *   for (const n of [1, 2]) go(() => answers.send(n));
 *   assert.ok((await answers.recv())! > 0);
 * });
 * assert.equal(coverage.complete, true);
 */
export function explore(body: ExploredBody, options: GivenOptions = {}): Promise<Examination> {
  return exploreAt(body, options, callSite(explore));
}

/** An option that is undefined is not given, whatever exactOptionalPropertyTypes says where it is written. */
export type GivenOptions = { readonly [K in keyof ExploreOptions]: ExploreOptions[K] | undefined };

export async function exploreAt(body: ExploredBody, said: GivenOptions, site: CallSite | undefined, expected = false): Promise<Examination> {
  const given: ExploreOptions = optional(said);
  const by = runnerRequest();
  const here = site === undefined ? "main" : `${basename(site.file)}:${site.line}`;
  const name = given.name ?? currentTest(site) ?? (body.name || here);
  let cause: unknown;
  const onFailure = (error: unknown): void => void (cause = error);
  const file = given.package ?? fileOf(site, by?.cwd ?? process.cwd());
  const options = { onFailure, ...given, ...by?.options, ...by?.each?.[eachKey({ package: file, name })], name, package: file };
  const explored = await examined(body, options, by);
  if (explored === undefined) return OTHER_TEST;
  const examination = by?.replay === undefined ? await withGrowth(explored, body, options) : explored;
  if (by !== undefined) writeExamination(by, expected ? { ...examination, findings: [] } : examination); // what a test expects is no news
  if (isWrong(examination, options)) throw new Explored(examination, site, cause);
  return examination;
}

const REPETITIONS = 2_048;

function examined(body: ExploredBody, options: ExploreOptions & { readonly name: string; readonly package: string }, by: RunnerRequest | undefined): Promise<Examination | undefined> {
  const { repeat, name, package: path, budget = 2_000 } = options;
  if (repeat !== undefined) return examineGrowth(() => body(TOOLS), { name, package: path }, { repeat: repeat === true ? REPETITIONS : repeat, budget });
  return by?.replay === undefined ? examineTs(body, options) : again(body, options, by.replay);
}

/** What is only lingering is a leak where each run leaves one more: that is looked at before it is called a note. */
async function withGrowth(examination: Examination, body: ExploredBody, options: ExploreOptions & { readonly name: string; readonly package: string }): Promise<Examination> {
  if (!examination.findings.some(({ verdict }) => verdict === "lingering")) return examination;
  const { grown, runs } = await growthOfRuns((times, running) => naturalRunsTs(body, times, options, running));
  return { ...examination, findings: [...grown.map((thing) => growthFinding(thing, runs, options)), ...examination.findings] };
}

/** Undefined: the schedule is another test's. */
async function again(body: ExploredBody, options: ExploreOptions, wanted: NonNullable<RunnerRequest["replay"]>): Promise<Examination | undefined> {
  if (wanted.test !== options.name || wanted.package !== options.package) return undefined;
  const schedule = parseSchedule(wanted.schedule);
  const done = schedule.ok ? await replayTs(body, schedule.value, options) : schedule;
  if (done.ok) return done.value;
  return { name: wanted.test ?? "main", package: wanted.package, coverage: { ...NOT_EXPLORED, stoppedBy: REPLAYED }, outcome: "unsupported", findings: [], limits: [done.error] };
}

const NOT_EXPLORED = { schedules: 0, complete: false, bounds: [], stoppedBy: "another test's replay", depth: 0, milliseconds: 0 };
const OTHER_TEST: Examination = { name: "main", package: "main", coverage: NOT_EXPLORED, outcome: "skipped", findings: [], limits: [] };

/** The rule of `unpark test` (report/exit-code.ts): notes fail only where that is asked for. */
function isWrong({ findings, outcome, coverage }: Examination, { strict = false, stalls = false, complete = false }: ExploreOptions): boolean {
  return findings.some((finding) => counts(finding, strict || (stalls && finding.needsStall === true))) || !FINE.has(outcome) || (complete && !coverage.complete);
}

const FINE: ReadonlySet<string> = new Set(["passed", "never ends"]);
