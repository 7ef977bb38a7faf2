import type { Examination, Report } from "../model/examination.js";
import { counts } from "./exit-code.js";
import { xml } from "./xml.js";
import { covered, reportText } from "./text.js";

/** JUnit XML as CI systems read it: a suite for each package, a case for each program, a failure where something was found. */
export function reportJunit(report: Report, options: { readonly strict?: boolean; readonly cwd?: string } = {}): string {
  const packages = [...new Set([...report.examinations, ...report.failures].map((one) => one.package))];
  const suites = packages.map((path) => {
    const own = report.examinations.filter((one) => one.package === path);
    const failed = own.filter((one) => hasFindings(one, options.strict)).length;
    const errors = report.failures.filter((one) => one.package === path);
    const cases = [
      ...own.map((one) => testcase(one, report, options)),
      ...errors.map(({ test, message }) => `<testcase classname="${xml(path)}" name="${xml(test ?? path)}"><error message="${xml(message.split("\n")[0]!)}">${xml(message)}</error></testcase>`),
    ];
    return `<testsuite name="${xml(path)}" tests="${own.length + errors.length}" failures="${failed}" errors="${errors.length}">\n${cases.map((line) => `  ${line}\n`).join("")}</testsuite>\n`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${suites.join("")}</testsuites>\n`;
}

const hasFindings = ({ findings }: Examination, strict = false): boolean => findings.some((finding) => counts(finding, strict));

function testcase(one: Examination, report: Report, options: { readonly strict?: boolean; readonly cwd?: string }): string {
  const head = `classname="${xml(one.package)}" name="${xml(one.name)}" time="${(one.coverage.milliseconds / 1000).toFixed(3)}"`;
  const own: Report = { ...report, examinations: [one], failures: [] };
  const failure = hasFindings(one, options.strict) ? `<failure message="${xml(headline(one))}">${xml(reportText(own, options))}</failure>` : "";
  return `<testcase ${head}>${failure}<system-out>${xml(covered(one.coverage))}</system-out></testcase>`;
}

const headline = ({ findings }: Examination): string => findings.map(({ verdict, cause, blocked }) => `${verdict} ${cause} at ${blocked.file}:${blocked.line}`).join("; ");
