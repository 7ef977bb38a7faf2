import { optional } from "../../base/optional.js";
import { systemWallClock } from "../../base/wall-clock.js";
import { sameAcrossModes } from "../../model/finding/finding-identity.js";
import { isHang, ONLY_NATIVELY, TIMED_OUT, type Examination, type Failure, type Report } from "../../model/results/examination.js";
import type { Finding } from "../../model/finding/finding.js";
import { exploreGo } from "../go/run-go.js";
import type { ExploreRequest, Listener } from "../go/explore-request.js";
import { DEPENDS, EarlyChecks, natively, NOT_HERE, onlyHere, suspectsIn } from "./by-itself.js";
import { NO_TEST_BEGAN } from "./native-report.js";
import type { NativeResult } from "./native.js";
import { NativeRuns } from "./native-runs.js";

/**
 * `unpark test`: all tests natively, once, at full speed, with the real network and processes; beside that each that can be
 * explored in many schedules. What both found is reported once, as the exploration reports it: with a schedule.
 *
 * B1. The native run is ended where nothing of it is outstanding but packages of which the explorer knows a hang: they
 *     would hang until the time-out of minutes. Where the hang is not proved, but the test is not over when go test would end it, the
 *     native run has had a minute: it may be over there.
 * B2. Tests with time-outs of real seconds may fail for want of a processor: a package that failed beside the exploration
 *     is run again by itself, and that run counts. Not one of which the explorer knows a hang: it would hang again (B1).
 *     So is one that `go test` took from its cache without our knowing what that run left (kept-runs.ts, R2).
 *     Where nothing was explored beside it (all results were kept), a package that failed did so by itself. Where the total time is over, it is
 *     still run again if that takes a moment, for a failure is a word that is not taken back (gax-go, whose 10 ms passed beside the builds).
 * B3. A test that fails under control, by itself, is run by itself natively, where its package passed (by-itself.ts). Within --total, beside
 *     the exploration: there may be no time afterwards.
 * B4. A test that hangs or fails in every schedule that differs, and whose package passed, is natively only (by-itself.ts).
 */
export async function testBoth(request: ExploreRequest, listener: Listener, onOutput: (bytes: Uint8Array) => void | Promise<void>): Promise<Report> {
  const { signal, total } = request;
  const runs = new NativeRuns(request, onOutput);
  const known: { explored?: Report } = {};
  const wall = systemWallClock;
  const began = wall.now();
  const native = runs.beside((over) => known.explored !== undefined && onlyHangs(known.explored, over(), wall.now() - began >= PATIENCE));
  const early = new EarlyChecks(async (one) => suspectsIn({ examinations: [one] }, withDeaths(await native)).length > 0 && runs.failsItself(one));
  const explored = await exploreGo(request, total === undefined ? listener : checkedEarly(listener, early));
  known.explored = explored;
  const first = withTotal(await native, request);
  const failed = [...failedIn(first, explored), ...first.unknown];
  const isOver = signal?.aborted === true;
  if (isOver && total?.ended.aborted !== true) return mergedWith(explored, withDeaths(first), early.dependentIn(explored));
  const second = total === undefined ? { packages: failed, signal } : lateOf(first, failed, total);
  const last = withDeaths(second.packages.length === 0 ? first : replaced(first, await runs.again({ patterns: second.packages, ...optional({ signal: second.signal }) }, isOver)));
  if (isOver) return mergedWith(explored, last, early.dependentIn(explored));
  const dependent: Examination[] = [];
  for (const one of suspectsIn(explored, last)) if (await runs.failsItself(one)) dependent.push(one);
  return mergedWith(explored, last, dependent);
}

/** B3: while the exploration goes on. */
const checkedEarly = (listener: Listener, early: EarlyChecks): Listener => ({
  ...listener,
  examined: (one) => {
    listener.examined?.(one);
    early.note(one);
  },
});

/** B3, B4: what fails by itself, and what differs only here, is natively only. */
function mergedWith(explored: Report, native: Report, dependent: readonly Examination[]): Report {
  const independent = natively(explored, dependent, DEPENDS);
  return merge(native, natively(independent, onlyHere(independent, native), NOT_HERE));
}

/** A native run that the total time ended, or the first finding of the exploration: that one says what is left out. */
function withTotal(native: NativeResult, { total, failFast, patterns }: ExploreRequest): NativeResult {
  if (failFast?.ended.aborted === true) return { ...native, report: { ...native.report, failures: native.report.failures.filter((one) => !one.message.startsWith("interrupted")) } };
  if (total?.ended.aborted !== true) return native;
  const failures = native.report.failures.map((one) => (one.message.startsWith("interrupted") ? { ...one, package: patterns.join(" ") || ".", message: `its native run was left out: it had not ended when the total time did (--total ${total.text})` } : one));
  return { ...native, report: { ...native.report, failures } };
}

/** B2 */
export function failedIn({ report: { examinations }, died }: Pick<NativeResult, "report" | "died">, explored: Pick<Report, "examinations">): readonly string[] {
  if (explored.examinations.length > 0 && explored.examinations.every(({ coverage }) => coverage.cached === true)) return [];
  const hanging = hangsIn(explored);
  return examinations.flatMap((one) => ((one.outcome === "failed" || died.includes(one.package)) && !hanging.has(one.package) ? [one.package] : []));
}

/** B2: which of the failed packages are run again within what is left of the total time, or a moment behind it, and until when; none where the user ended it. */
export function lateOf({ report, unknown = [] }: Pick<NativeResult, "report"> & { readonly unknown?: readonly string[] }, failed: readonly string[], { time, interrupted }: NonNullable<ExploreRequest["total"]>): { readonly packages: readonly string[]; readonly signal: AbortSignal } {
  const milliseconds = Math.ceil(time.left) + time.grace;
  const isShort = (path: string): boolean => report.examinations.some((one) => one.package === path && one.coverage.milliseconds < milliseconds / 2);
  const over = new AbortController(); // a signal of AbortSignal.timeout may be collected before its time, where only AbortSignal.any knows it
  setTimeout(() => over.abort(), milliseconds).unref();
  return {
    packages: interrupted?.aborted === true ? [] : failed.filter((path) => isShort(path) || (unknown.includes(path) && time.left > 0)),
    signal: interrupted === undefined ? over.signal : AbortSignal.any([over.signal, interrupted]),
  };
}

/** B2: the second run's word on the packages that it ran. */
export function replaced(first: Pick<NativeResult, "report" | "died">, again: Pick<NativeResult, "report" | "died">): Pick<NativeResult, "report" | "died"> {
  const second = new Map(again.report.examinations.map((one) => [one.package, one]));
  return {
    report: { ...first.report, examinations: first.report.examinations.map((one) => second.get(one.package) ?? one) },
    died: [...first.died.filter((path) => !second.has(path)), ...again.died],
  };
}

/** B1: milliseconds. */
const PATIENCE = 60_000;

/** B1. `over`: packages whose native run has ended; `isLate`: it has gone on for long. */
export function onlyHangs({ examinations, failures }: Report, over: ReadonlySet<string>, isLate = true): boolean {
  const hanging = hangsIn({ examinations: examinations.filter(({ outcome }) => isLate || outcome !== TIMED_OUT) });
  const outstanding = [...new Set([...examinations, ...failures].map((one) => one.package))].filter((path) => !over.has(path));
  return outstanding.length > 0 && outstanding.every((path) => hanging.has(path));
}

/** Packages of which a program hangs in its natural schedule. */
const hangsIn = ({ examinations }: Pick<Report, "examinations">): ReadonlySet<string> => new Set(examinations.filter(isHang).map((one) => one.package));

/** F3. A package whose tests panic natively has failed, though what it left is not known; one that took too long has not. */
export function withDeaths({ report, died }: Pick<NativeResult, "report" | "died">): Report {
  return { ...report, examinations: report.examinations.map((one) => (died.includes(one.package) ? { ...one, outcome: "failed" } : one)) };
}

/**
 * F1. A place that the exploration reports is not reported again. F2. Nor is a package that neither can do.
 * F4. A test, or package, that cannot be put under control was run natively with the others of its package, and what they left was looked
 *     at: where that passed, it is a limit and nothing that could not be done. Nor is a package whose process ends well before its
 *     tests, natively too: go test calls it ok.
 */
export function merge(native: Report, explored: Report): Report {
  const places = new Set(explored.examinations.flatMap(({ findings }) => findings.flatMap(placesOf)));
  const first = native.examinations.map((one) => ({ ...one, findings: one.findings.filter((finding) => !places.has(sameAcrossModes(finding))) }));
  const seen = new Set(native.examinations.flatMap(({ findings }) => findings.map(sameAcrossModes)));
  const later = explored.examinations.map((one) => ({ ...one, findings: one.findings.map((finding) => (placesOf(finding).some((place) => seen.has(place)) ? { ...finding, natively: true as const } : finding)) }));
  const isDone = ({ package: path, onlyNatively }: Failure): boolean => onlyNatively !== undefined && native.examinations.some((one) => one.package === path && (one.outcome === "passed" || one.limits.includes(NO_TEST_BEGAN)));
  const left = explored.failures.filter((failure) => !isDone(failure));
  const told = new Set(left.map((failure) => failure.package));
  const failures = [...left, ...native.failures.filter((failure) => !told.has(failure.package) && left.length === 0)];
  return { ...explored, examinations: [...first.map((one) => withLimits(one, explored.failures.filter(isDone))), ...later], failures };
}

/** F4 */
const withLimits = (one: Examination, done: readonly Failure[]): Examination => ({
  ...one,
  limits: [...one.limits, ...done.filter(({ package: path }) => path === one.package && !one.limits.includes(NO_TEST_BEGAN)).map(({ test = one.package, onlyNatively = "" }) => `${ONLY_NATIVELY}${test} ${onlyNatively}`)],
});

/** A test that hangs in some schedule did not natively, whatever other tests left there. */
const placesOf = (finding: Finding): readonly string[] => (finding.verdict === "deadlock" ? [] : [finding, ...(finding.consequences ?? [])].map(sameAcrossModes));
