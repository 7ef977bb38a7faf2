import { sameAcrossModes } from "../../model/finding-identity.js";
import type { Examination, Report } from "../../model/examination.js";
import { nativeTest, type NativeResult } from "./native.js";
import { exploreGo, type Listener, type ExploreRequest } from "../go/run-go.js";

/**
 * `unpark test`: first all tests natively, once, at full speed, with the real network and processes; then each that can
 * be explored in many schedules. What both found is told once, as the exploration tells it: with a schedule.
 */
export async function testBoth(request: ExploreRequest, listener: Listener, onOutput: (bytes: Uint8Array) => void | Promise<void>): Promise<Report> {
  const { cwd, env, unparkVersion, signal } = request;
  const native = await nativeTest({ cwd, env, args: goTestArgs(request), unparkVersion, ...(signal === undefined ? {} : { signal }) }, (_, bytes) =>
    onOutput(bytes),
  );
  if (signal?.aborted) return native.report;
  return merge(withDeaths(native), await exploreGo(request, listener));
}

/** F3. A package whose tests panic natively has failed, though what it left is not known; one that took too long has not. */
export function withDeaths({ report, died }: Pick<NativeResult, "report" | "died">): Report {
  return { ...report, examinations: report.examinations.map((one) => (died.includes(one.package) ? { ...one, outcome: "failed" } : one)) };
}

/** A test that hangs is the exploration's to tell: it is not waited for as long as go test does (10 min). */
const NATIVE_TIMEOUT = "2m";

function goTestArgs({ tags, run, short, patterns, args }: ExploreRequest): readonly string[] {
  return [
    `-timeout=${NATIVE_TIMEOUT}`,
    ...(tags === undefined ? [] : [`-tags=${tags}`]),
    ...(run === undefined ? [] : [`-run=${run}`]),
    ...(short ? ["-short"] : []),
    ...patterns,
    ...(args.length === 0 ? [] : ["-args", ...args]),
  ];
}

/** F1. A place that the exploration reports is not reported again. F2. Nor is a package that neither can do. */
export function merge(native: Report, explored: Report): Report {
  const places = new Set(explored.examinations.flatMap(({ findings }) => findings.map(sameAcrossModes)));
  const first = native.examinations.map((one) => withoutPlaces(one, places));
  const told = new Set(explored.failures.map((failure) => failure.package));
  const failures = [...explored.failures, ...native.failures.filter((failure) => !told.has(failure.package) && explored.failures.length === 0)];
  return { ...explored, examinations: [...first, ...explored.examinations], failures };
}

function withoutPlaces(one: Examination, places: ReadonlySet<string>): Examination {
  const findings = one.findings.filter((finding) => !places.has(sameAcrossModes(finding)));
  const both = one.findings.length - findings.length;
  return both === 0 ? one : { ...one, findings, limits: [...one.limits, `${both} found natively, too: told with a schedule`] };
}

