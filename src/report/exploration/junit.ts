import type { Examination, Report } from "../../model/results/examination.js";
import { counts, failsItself } from "../exit-code.js";
import { xml, xmlText } from "../shared/xml.js";
import { covered } from "./coverage-words.js";
import { reportText } from "./text.js";

interface Options {
  readonly strict?: boolean;
  readonly cwd?: string;
}

/**
 * JUnit XML as CI systems read it: a suite for each package; a case for each program, and of a native run (one program
 * for a package) one for each test that left something; a failure where something was found or the test itself failed.
 */
export function reportJunit(report: Report, options: Options = {}): string {
  const packages = [...new Set([...report.examinations, ...report.failures].map((one) => one.package))];
  const suites = packages.map((path) => {
    const own = report.examinations.filter((one) => one.package === path).flatMap(byTest);
    const failed = own.filter((one) => isFailed(one, options)).length;
    const skipped = own.filter((one) => one.outcome === NO_VERDICT).length;
    const errors = report.failures.filter((one) => one.package === path);
    const cases = [
      ...own.map((one) => testcase(one, report, options)),
      ...errors.map(({ test, message }) => `<testcase classname="${xml(path)}" name="${xml(test ?? path)}"><error message="${xml(message.split("\n")[0]!)}">${xmlText(message)}</error></testcase>`),
    ];
    return `<testsuite name="${xml(path)}" tests="${own.length + errors.length}" failures="${failed}" errors="${errors.length}" skipped="${skipped}">\n${cases.map((line) => `  ${line}\n`).join("")}</testsuite>\n`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${suites.join("")}</testsuites>\n`;
}

const NO_VERDICT = "no verdict";

/** A native package, cut into its tests with findings, behind the package itself (which may have failed, or have no verdict). */
function byTest(one: Examination): readonly Examination[] {
  if (!one.coverage.native) return [one];
  const tests = [...new Set(one.findings.map(({ test }) => test ?? "(a timer's)"))];
  const coverage = { ...one.coverage, milliseconds: 0 };
  return [{ ...one, findings: [] }, ...tests.map((test) => ({ ...one, name: test, coverage, outcome: "passed", limits: [], findings: one.findings.filter((finding) => (finding.test ?? "(a timer's)") === test) }))];
}

const isFailed = (one: Examination, { strict = false }: Options): boolean => failsItself(one) || one.findings.some((finding) => counts(finding, strict));

function testcase(one: Examination, report: Report, options: Options): string {
  const head = `classname="${xml(one.package)}" name="${xml(one.name)}" time="${(one.coverage.milliseconds / 1000).toFixed(3)}"`;
  const own: Report = { ...report, examinations: [one], failures: [] };
  const failure = isFailed(one, options) ? `<failure message="${xml(headline(one))}">${xmlText(reportText(own, options))}</failure>` : "";
  const skipped = one.outcome === NO_VERDICT ? `<skipped message="${xml(one.limits[0] ?? NO_VERDICT)}"/>` : "";
  return `<testcase ${head}>${failure}${skipped}<system-out>${xmlText(covered(one.coverage))}</system-out></testcase>`;
}

const MAX_FINDINGS_IN_MESSAGE = 3;

function headline(one: Examination): string {
  const { findings } = one;
  const places = findings.slice(0, MAX_FINDINGS_IN_MESSAGE).map(({ verdict, cause, blocked }) => `${verdict} ${cause} at ${blocked.file}:${blocked.line}`);
  const more = findings.length > MAX_FINDINGS_IN_MESSAGE ? [`${findings.length - MAX_FINDINGS_IN_MESSAGE} more`] : [];
  return [...(failsItself(one) ? ["the test itself fails"] : []), ...places, ...more].join("; ");
}
