// Outcome, findings, notes, words and exit code never contradict each other, whatever came of a test.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Examination, Report } from "../../model/results/examination.js";
import { isNote, VERDICTS, type Finding } from "../../model/finding/finding.js";
import { reportExit } from "../exit-code.js";
import { reportGithub } from "./github.js";
import { reportJson } from "./json.js";
import { reportJunit } from "./junit.js";
import { reportMarkdown } from "./markdown.js";
import { reportGitlab } from "./gitlab.js";
import { reportSarif } from "./sarif.js";
import { reportText } from "./text.js";
import { reportPageData } from "../report-page/data.js";
import { reportPage } from "../report-page/html.js";

const OUTCOMES = ["passed", "failed", "skipped", "exit 0", "exit 1", "panic", "deadlock", "runaway", "never ends", "timed out", "waits for the outside", "unsupported"] as const;

const finding: fc.Arbitrary<Finding> = fc.record({
  verdict: fc.constantFrom(...VERDICTS),
  needsStall: fc.boolean(),
  afterFailure: fc.boolean(),
  leftOut: fc.boolean(),
  own: fc.boolean(),
  line: fc.integer({ min: 1, max: 99 }),
}).map(({ verdict, needsStall, afterFailure, leftOut, own, line }) => ({
  verdict,
  cause: "unknown",
  evidence: [`nobody receives what line ${line} sends`],
  goroutines: 1,
  blocked: { reason: "chan send", function: own ? "p.TestX.func1" : "p.f", file: own ? "/p/x_test.go" : "/p/x.go", line },
  stack: [],
  package: "p",
  test: "TestX",
  ...(own ? { testCode: true as const } : {}),
  ...(needsStall ? { needsStall: true as const } : {}),
  ...(afterFailure ? { afterFailure: true as const } : {}),
  ...(leftOut ? { leftOut: true as const } : {}),
}));

const examination: fc.Arbitrary<Examination> = fc.record({
  outcome: fc.constantFrom(...OUTCOMES),
  findings: fc.array(finding, { maxLength: 3 }),
  complete: fc.boolean(),
  isTest: fc.boolean(),
  number: fc.integer({ min: 0, max: 4 }),
  limits: fc.array(fc.constantFrom("a limit", "another limit"), { maxLength: 2 }),
}).map(({ outcome, findings, complete, isTest, number, limits }) => ({
  name: isTest ? `Test${number}` : "p",
  package: "p",
  outcome,
  findings,
  limits,
  coverage: { schedules: 7, complete, bounds: [], depth: 3, milliseconds: 10, ...(complete ? {} : { stoppedBy: "time: raise --budget" }) },
}));

const report: fc.Arbitrary<Report> = fc.record({
  examinations: fc.array(examination, { minLength: 1, maxLength: 4 }),
  failures: fc.array(fc.constant({ package: "q", message: "does not build" }), { maxLength: 1 }),
});

/** What the exit code must be, from the words of docs/report-schema.md. */
function expected({ examinations, failures }: Report, strict: boolean): number {
  if (failures.length > 0) return 2;
  const isFinding = (one: Finding): boolean => !isNote(one) || (strict && one.verdict !== "cut-short");
  const fails = ({ name, package: path, outcome }: Examination): boolean => outcome === "failed" || (name !== path && (outcome.startsWith("exit ") || outcome === "timed out"));
  return examinations.some((one) => fails(one) || one.findings.some(isFinding)) ? 1 : 0;
}

interface SarifResult {
  readonly properties: { readonly verdict: string; readonly evidence: readonly string[] };
  readonly locations: readonly [{ readonly physicalLocation: { readonly artifactLocation: { readonly uri: string }; readonly region: { readonly startLine: number } } }];
}

const count = (text: string, pattern: RegExp): number => [...text.matchAll(pattern)].length;

test("the exit code follows from outcomes and findings, and every form agrees with it", () => {
  fc.assert(
    fc.property(report, fc.boolean(), (one, strict) => {
      const code = reportExit(one, strict);
      assert.equal(code, expected(one, strict));
      const all = one.examinations.flatMap(({ findings }) => findings);
      const found = all.filter((each) => !isNote(each) || (strict && each.verdict !== "cut-short"));
      const text = reportText(one, { strict });
      const fails = /^FAIL /m.test(text) || /^--- FAIL: /m.test(text);
      assert.equal(fails, expected({ ...one, failures: [] }, strict) === 1, text); // FAIL exactly where the code would be 1
      assert.equal(/^CANNOT /m.test(text), one.failures.length > 0);
      assert.equal(/^No leak\b/m.test(text), found.length === 0, text);
      // "No leak." claims all: never where a schedule may be left.
      const isOpen = one.examinations.some(({ coverage }) => !coverage.complete && coverage.native !== true);
      if (found.length === 0) assert.equal(/^No leak\. ?/m.test(text), !isOpen, text);
      assert.equal(count(text, /^ {4}(?:leaked|abandoned|stuck|deadlock|runaway|panics|flaky|waiting-outside|grows|lingering|cut-short): /gm), found.length, text);
      assert.equal(count(text, /^\d+ notes?\b|\. \d+ notes? \(-v\)\./gm), all.length > found.length ? 1 : 0, text);
      const loud = reportText(one, { strict, verbose: true });
      assert.equal(count(loud, /^ {4}(?:leaked|abandoned|stuck|deadlock|runaway|panics|flaky|waiting-outside|grows|lingering|cut-short): /gm), all.length, loud);
      const sarif = JSON.parse(reportSarif(one, { strict })) as { runs: [{ results: { level: string }[] }] };
      assert.equal(sarif.runs[0].results.filter(({ level }) => level === "error").length, found.length);
      assert.equal((JSON.parse(reportGitlab(one, { root: "/", strict })) as { severity: string }[]).filter(({ severity }) => severity !== "info").length, found.length);
      assert.equal(count(reportGithub(one, { strict }), /^::error file=/gm), found.length);
      assert.equal(/no goroutine leak found/.test(reportMarkdown(one, { strict })), found.length === 0);
      const failures = Number(count(reportJunit(one, { strict }), /<failure /g) > 0);
      assert.equal(failures, expected({ ...one, failures: [] }, strict));
      assert.equal((JSON.parse(reportJson(one)) as { programs: { findings: unknown[] }[] }).programs.flatMap(({ findings }) => findings).length, all.length);
    }),
    { numRuns: 500 },
  );
});

test("the page says what text, SARIF and JSON say: as many findings and notes, at the same places, for the same reasons", () => {
  fc.assert(
    fc.property(report, fc.boolean(), (one, strict) => {
      const all = one.examinations.flatMap(({ findings }) => findings);
      const found = all.filter((each) => !isNote(each) || (strict && each.verdict !== "cut-short"));
      const options = { cwd: "/", strict };
      const page = reportPageData(one, options);
      assert.equal(page.findings.length, all.length);
      assert.equal(page.findings.filter(({ counts }) => counts).length, found.length);
      assert.equal(page.programs.reduce((sum, { findings }) => sum + findings, 0), found.length);
      assert.equal(/<h1>no findings in/.test(reportPage(one, options)), found.length === 0);

      const said = (verdict: string, file: string, line: number): string => `${verdict} at ${file}:${line}`;
      const places = all.map(({ verdict, blocked }) => said(verdict, blocked.file, blocked.line)).sort();
      assert.deepEqual(page.findings.map(({ verdict, place }) => `${verdict} at ${place}`).sort(), places);
      const json = (JSON.parse(reportJson(one)) as { programs: { findings: Finding[] }[] }).programs.flatMap(({ findings }) => findings);
      assert.deepEqual(json.map(({ verdict, blocked }) => said(verdict, blocked.file, blocked.line)).sort(), places);
      const { results } = (JSON.parse(reportSarif(one, { strict })) as { runs: [{ results: SarifResult[] }] }).runs[0];
      assert.deepEqual(results.map(({ properties, locations: [{ physicalLocation: at }] }) => said(properties.verdict, at.artifactLocation.uri.replace("file://", ""), at.region.startLine)).sort(), places);
      assert.deepEqual(results.map(({ properties }) => properties.evidence.join()).sort(), all.map(({ evidence }) => evidence.join()).sort());
      const loud = reportText(one, { strict, verbose: true });
      for (const { verdict, meaning, why, counts } of page.findings) {
        assert.ok(loud.includes(`    ${verdict}: `), loud);
        assert.ok(meaning !== "" && (!counts || why.every((line) => loud.includes(line))), loud);
      }
    }),
    { numRuns: 300 },
  );
});

test("complete and not complete are never said with the same words", () => {
  fc.assert(
    fc.property(examination, (one) => {
      const text = reportText({ examinations: [one], failures: [] }, { verbose: true });
      assert.equal(/the budget ended/.test(text), !one.coverage.complete, text);
      if (!one.coverage.complete) assert.doesNotMatch(text, /[1-9]\d* explored completely|all explored completely/);
    }),
  );
});
