import type { Report } from "../../model/results/examination.js";
import type { Finding } from "../../model/finding/finding.js";
import { counts } from "../exit-code.js";
import { safeText } from "../shared/safe-text.js";
import { findingText } from "./finding-text.js";
import type { TextOptions } from "./text-options.js";

interface SubtestOptions extends TextOptions {
  /** Notes, too, as passing subtests: what `go test -v` would show. */
  readonly all: boolean;
  /** The lines of `go test -json`'s own protocol begin with a control character (testing.go, chattyFlag.prefix). */
  readonly marks: boolean;
}

const MARK = "\u0016";

/**
 * What a test binary prints of its own findings (unpark env), as package testing prints a subtest: so that `go test`, its
 * JSON, and whoever reads either, show each finding as the failing subtest `TestX/unpark:leaked`. The test itself is over by
 * then and may have passed: it is told again, for gotestsum looks for the end of a failing subtest's test after it.
 */
export const nativeSubtests = (report: Report, options: SubtestOptions): string => safeText(report, (shown) => subtests(shown, options));

function subtests(report: Report, { all, marks, ...options }: SubtestOptions): string {
  const strict = options.strict ?? false;
  const findings = report.examinations.flatMap((one) => one.findings.map((finding) => ({ coverage: one.coverage, finding, fails: counts(finding, strict) })));
  const shown = findings.filter(({ fails }) => all || fails);
  const mark = marks ? MARK : "";
  const chatty = all || marks;
  const tests = [...new Set(shown.map(({ finding }) => rootOf(finding)))];
  const blocks = tests.map((test) => {
    const own = shown.filter(({ finding }) => rootOf(finding) === test);
    const seen = new Map<string, number>();
    const parts = own.map(({ finding, coverage, fails }) => {
      const base = `${finding.test ?? NO_TEST}/unpark:${finding.verdict}`;
      const before = seen.get(base) ?? 0;
      seen.set(base, before + 1);
      const name = before === 0 ? base : `${base}#${String(before).padStart(2, "0")}`; // as package testing numbers them
      const text = findingText(finding, coverage, options).map((line) => (line === "" ? "\n" : `    ${line}\n`)).join("");
      const result = `${marks ? MARK : "    "}--- ${word(fails)}: ${name} (0.00s)\n`;
      return chatty ? `${mark}=== RUN   ${name}\n${text}${result}` : `${result}${text}`;
    });
    const result = `${mark}--- ${word(own.some(({ fails }) => fails))}: ${test} (0.00s)\n`;
    return chatty ? `${mark}=== RUN   ${test}\n${parts.join("")}${result}` : `${result}${parts.join("")}`;
  });
  // What follows is the package's own again (cmd/internal/test2json: this line gives no event).
  return `${blocks.join("")}${marks && blocks.length > 0 ? `${MARK}=== NAME  \n` : ""}`;
}

const NO_TEST = "(no test)";
const rootOf = ({ test = NO_TEST }: Finding): string => test.split("/")[0]!;
const word = (fails: boolean): string => (fails ? "FAIL" : "PASS");
