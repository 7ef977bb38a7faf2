import { optional } from "../../base/optional.js";
import type { Examination, Report } from "../../model/results/examination.js";
import { isNote, type Finding } from "../../model/finding/finding.js";
import { sameAcrossModes } from "../../model/finding/finding-identity.js";
import { wordsForBuild } from "../../toolchain/go/go-test.js";
import type { NativeRequest } from "./native.js";
import { exploreGo } from "../go/run-go.js";
import type { Listener, ExploreRequest } from "../go/explore-request.js";
import { selectionOf } from "../go/test-selection.js";
import type { ExploreSettings } from "../../explore/explore-settings.js";

/** More tests than this are not explored: each may take its whole budget. */
const MAX_EXPLORED_TESTS = 10;

/** `exploreGo`, or a test's double. */
type Explore = (request: ExploreRequest, listener: Listener) => Promise<Report>;

/**
 * What `--stress` met by chance is looked for by the explorer, one test at a time, within the budget of `settings`.
 *
 * S1. A native finding keeps its verdict, its place and its numbers; where the explorer meets the same place it gets
 *     that schedule, which `unpark replay` does again, and that run's cause.
 * S2. Each finding has a schedule, or a sentence among its evidence that says why it has none.
 */
export async function withSchedules(report: Report, request: NativeRequest, settings: ExploreSettings, listener: Listener, explore: Explore = exploreGo): Promise<Report> {
  const tests = [...new Map(report.examinations.flatMap(({ findings }) => [...findings].sort(notesLast).flatMap(programOf)).map((one) => [keyOf(one), one])).values()];
  const told = new Map<string, Report>();
  for (const one of tests.slice(0, MAX_EXPLORED_TESTS)) {
    if (request.signal?.aborted) break;
    told.set(keyOf(one), await explore(requestFor(one, request, settings), listener));
  }
  const examinations = report.examinations.map((one) => ({ ...one, findings: one.findings.map((finding) => scheduled(finding, told)) }));
  return { ...report, examinations, ...(report.origin === undefined ? {} : { origin: { ...report.origin, ...builtWith(request) } }) };
}

/** A top-level test of a package: what the explorer calls a program. */
interface TestOf {
  readonly package: string;
  readonly test: string;
}

const keyOf = ({ package: path, test }: TestOf): string => `${path} ${test}`;

const notesLast = (a: Finding, b: Finding): number => Number(isNote(a)) - Number(isNote(b));

/** A timer's goroutine has no test; a name that go test does not know is none. */
const PROGRAM = /^(Test|Fuzz|Example|Benchmark)/;

function programOf({ package: path, test }: Finding): readonly TestOf[] {
  return path !== undefined && test !== undefined && PROGRAM.test(test) ? [{ package: path, test: test.split("/")[0]! }] : [];
}

/** As the tests were built natively; that -race and -cover have no meaning under control is known (goflags.ts). */
function requestFor({ package: path, test }: TestOf, request: NativeRequest, settings: ExploreSettings): ExploreRequest {
  const { cwd, env, goVersion, unparkVersion, signal, overrides } = request;
  const { dir, flags } = wordsForBuild(request.args, cwd);
  const goflags = flags.length === 0 ? {} : { GOFLAGS: [env["GOFLAGS"] ?? "", ...flags].join(" ").trim() };
  return { command: "test", cwd: dir, env: { ...env, ...goflags }, patterns: [path], ...selectionOf(test, {}), settings, unparkVersion, ...builtWith(request), ...optional({ goVersion, signal, overrides }) };
}

function builtWith({ args, cwd }: NativeRequest): Pick<ExploreRequest, "args" | "tags" | "short"> {
  const { tags, short, args: own } = wordsForBuild(args, cwd);
  return { args: own, ...(short ? { short } : {}), ...optional({ tags }) };
}

function scheduled(finding: Finding, told: ReadonlyMap<string, Report>): Finding {
  const why = (sentence: string): Finding => ({ ...finding, evidence: [...finding.evidence, `no schedule to replay: ${sentence}`] });
  const [program] = programOf(finding);
  if (program === undefined) return why("which test it belongs to is not known");
  const report = told.get(keyOf(program));
  if (report === undefined) return why(`${MAX_EXPLORED_TESTS} other tests were explored; for this one: unpark test -run '^${program.test}$' ${program.package}`);
  const [failure] = report.failures;
  if (failure !== undefined) return why(failure.message);
  const [whole] = report.examinations;
  if (whole === undefined) return why("under control its package has no such test (build constraints?)");
  // The test itself, or the subtest that is a program of its own.
  const examination = report.examinations.find(({ name }) => name === finding.test) ?? whole;
  const there = examination.findings.filter((one) => one.schedule !== undefined && isSameDefect(one, finding));
  const met = there.find(({ verdict }) => verdict === finding.verdict) ?? there[0];
  if (met === undefined) return why(`the explorer did not meet it in ${tried(examination)}`);
  const seen = `under control it showed in ${met.seen ?? 1} of ${tried(examination)}`;
  const better = met.cause === "unknown" ? finding : met; // a run that was followed step by step knows who went where
  return { ...finding, cause: better.cause, evidence: [...(better === met ? met.evidence : []), ...finding.evidence, seen], ...optional({ schedule: met.schedule, steps: met.steps }), ...(met.test === finding.test ? {} : optional({ program: met.test })) };
}

function tried({ coverage }: Examination): string {
  const { schedules, complete } = coverage;
  const many = `${schedules} schedule${schedules === 1 ? "" : "s"}`;
  return complete ? `all ${many} that differ` : `${many} (not all: raise --budget)`;
}

/** Not of assertions and panics: natively another line may have failed. */
const isSameDefect = (a: Finding, b: Finding): boolean => sameAcrossModes(a) === sameAcrossModes(b) && a.verdict !== "flaky" && a.verdict !== "panics";
