import { jsonLine } from "../shared/json-text.js";
import type { Examination, Report } from "../../model/results/examination.js";
import type { Finding } from "../../model/finding/finding.js";
import { counts, failsItself } from "../exit-code.js";
import { endWordsOf } from "./end-words.js";
import { covered } from "./coverage-words.js";
import { reportText } from "./text.js";
import type { TextOptions } from "./text-options.js";

/** One line of `go test -json` (cmd/test2json). */
interface TestEvent {
  readonly Action: "start" | "run" | "output" | "pass" | "fail" | "skip";
  readonly Package: string;
  readonly Test?: string;
  readonly Output?: string;
  /** Seconds. */
  readonly Elapsed?: number;
}

/**
 * The report as `go test -json` events, for gotestsum, go-junit-report, tparse and editors. Each finding is a failing
 * subtest of its test, `TestX/unpark:leaked`: these tools count and show subtests, and know no other place for it. A note
 * is output of its test. What could not be done is output of its package, which then fails.
 */
export function reportGoTestJson(report: Report, options: TextOptions = {}): string {
  const packages = [...new Set([...report.examinations, ...report.failures].map((one) => one.package))];
  return packages.flatMap((path) => packageEvents(path, report, options)).map((event) => jsonLine(event)).join("");
}

function packageEvents(path: string, report: Report, options: TextOptions): readonly TestEvent[] {
  const examinations = report.examinations.filter((one) => one.package === path);
  const failures = report.failures.filter((one) => one.package === path);
  const tests = testsOf(examinations);
  const events = tests.flatMap((test) => testEvents(path, test, report, options));
  const failed = failures.length > 0 || tests.some((test) => isFailed(test, options)) || examinations.some(({ coverage, outcome }) => coverage.native && outcome === "failed");
  const seconds = examinations.reduce((sum, { coverage }) => sum + coverage.milliseconds, 0) / 1000;
  return [
    { Action: "start", Package: path },
    ...events,
    ...failures.map(({ test, message }): TestEvent => ({ Action: "output", Package: path, Output: `unpark: ${test === undefined ? "" : `${test}: `}${message}\n` })),
    { Action: "output", Package: path, Output: `${failed ? "FAIL" : "ok  "}\t${path}\t${seconds.toFixed(3)}s\n` },
    { Action: failed ? "fail" : "pass", Package: path, Elapsed: seconds },
  ];
}

/** A test with what every pass said of it: the native one, of the whole package, and the exploration of its own. */
interface TestResult {
  readonly name: string;
  readonly explored?: Examination;
  readonly findings: readonly Finding[];
  /** Its subtests that are programs of their own. */
  readonly below: readonly Examination[];
}

function testsOf(examinations: readonly Examination[]): readonly TestResult[] {
  const explored = examinations.filter(({ coverage }) => !coverage.native);
  const native = examinations.filter(({ coverage }) => coverage.native).flatMap(({ findings }) => findings);
  const known = new Set(explored.map(({ name }) => name));
  const home = (finding: Finding): string => homeOf(finding, known);
  const own = explored.map((one): TestResult => ({
    name: one.name, explored: one, findings: [...one.findings, ...native.filter((finding) => home(finding) === one.name)],
    below: explored.filter(({ name }) => name.startsWith(`${one.name}/`)),
  }));
  const others = [...new Set(native.map(home).filter((name) => !known.has(name)))];
  return [...own, ...others.map((name): TestResult => ({ name, findings: native.filter((finding) => home(finding) === name), below: [] }))];
}

/** A subtest's finding is shown below the program that it is part of: itself, or its top-level test. */
function homeOf({ test = "(no test)" }: Finding, known: ReadonlySet<string>): string {
  return known.has(test) ? test : test.split("/")[0]!;
}

/** A test fails where one of its subtests does, as with go test. */
const isFailed = ({ explored, findings, below }: TestResult, options: TextOptions): boolean =>
  [...(explored === undefined ? [] : [explored]), ...below].some(failsItself) || [...findings, ...below.flatMap((one) => one.findings)].some((finding) => counts(finding, options.strict ?? false));

function testEvents(path: string, test: TestResult, report: Report, options: TextOptions): readonly TestEvent[] {
  const { name, explored, findings } = test;
  const skipped = explored?.outcome === "skipped";
  const failed = isFailed(test, options);
  const seconds = (explored?.coverage.milliseconds ?? 0) / 1000;
  const lines = (text: string, of = name): readonly TestEvent[] => text.split("\n").filter((line, i, all) => line !== "" || i < all.length - 1).map((line) => ({ Action: "output", Package: path, Test: of, Output: `${line}\n` }));
  const word = skipped ? "SKIP" : failed ? "FAIL" : "PASS";
  return [
    { Action: "run", Package: path, Test: name },
    ...lines(`=== RUN   ${name}\n`),
    ...lines(explored?.output ?? ""),
    ...(explored === undefined || !failsItself(explored) ? [] : endWordsOf(explored).flatMap((words) => lines(`    ${words}\n`))),
    ...(explored === undefined ? [] : lines(`    unpark: ${covered(explored.coverage)}\n`)),
    ...findings.flatMap((finding, index) => findingEvents(path, `${name}/unpark:${finding.verdict}${sameBefore(findings, index)}`, finding, report, options, lines)),
    ...lines(`--- ${word}: ${name} (${seconds.toFixed(2)}s)\n`),
    { Action: skipped ? "skip" : failed ? "fail" : "pass", Package: path, Test: name, Elapsed: seconds },
  ];
}

/** As package testing numbers subtests of one name: `#01`, `#02`. */
function sameBefore(findings: readonly Finding[], index: number): string {
  const before = findings.slice(0, index).filter(({ verdict }) => verdict === findings[index]!.verdict).length;
  return before === 0 ? "" : `#${String(before).padStart(2, "0")}`;
}

function findingEvents(path: string, name: string, finding: Finding, report: Report, options: TextOptions, lines: (text: string, of?: string) => readonly TestEvent[]): readonly TestEvent[] {
  const counted = counts(finding, options.strict ?? false);
  const one: Report = { ...report, failures: [], examinations: [{ name: finding.test ?? path, package: path, outcome: "passed", findings: [finding], limits: [], coverage: NO_COVERAGE }] };
  const text = reportText(one, options).split("\n\n")[0]!;
  return [
    { Action: "run", Package: path, Test: name },
    ...lines(`=== RUN   ${name}\n`, name),
    ...lines(`${text}\n`, name),
    ...lines(`    --- ${counted ? "FAIL" : "PASS"}: ${name} (0.00s)\n`, name),
    { Action: counted ? "fail" : "pass", Package: path, Test: name, Elapsed: 0 },
  ];
}

const NO_COVERAGE = { schedules: 0, complete: false, bounds: [], depth: 0, milliseconds: 0 };
