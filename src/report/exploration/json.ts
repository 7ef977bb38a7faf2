import { optional } from "../../base/optional.js";
import { jsonText } from "../shared/json-text.js";
import type { Examination, Report } from "../../model/results/examination.js";
import type { Consequence, Finding, Step } from "../../model/finding/finding.js";
import type { Frame } from "../../model/goroutine/stack.js";

/**
 * The version of the JSON form: `docs/report-schema.md` tells it in words, `docs/report.schema.json` in JSON Schema
 * (a test holds the three together). Fields may be added within a version; none is renamed, removed or changed in meaning.
 */
export const REPORT_SCHEMA = "unpark-report/1";

/** The report as JSON text, one value, with a line end. */
export function reportJson(report: Report): string {
  return jsonText(reportValue(report), 2);
}

export function reportValue({ origin, examinations, failures, leftOut }: Report) {
  return {
    schema: REPORT_SCHEMA,
    ...optional({ origin }),
    programs: examinations.map(programValue),
    failures: failures.map(({ package: path, test, message }) => ({ package: path, ...optional({ test }), message })),
    ...optional({ leftOut }),
  };
}

function programValue({ name, package: path, coverage, outcome, output, limits, findings, steps, subtests, goStatements }: Examination) {
  const { schedules, complete, bounds, stoppedBy, depth, repeated, milliseconds, native, cached } = coverage;
  return {
    name,
    package: path,
    outcome,
    schedules,
    complete,
    bounds,
    ...(native ? { native } : {}),
    ...(cached ? { cached } : {}),
    ...optional({ stoppedBy }),
    depth,
    ...optional({ repeated }),
    milliseconds,
    limits,
    ...optional({ output, subtests, goStatements }),
    findings: findings.map(findingValue),
    ...(steps === undefined ? {} : { steps: steps.map(stepValue) }),
  };
}

function findingValue(finding: Finding) {
  const { verdict, cause, evidence, goroutines, blocked, stack, createdBy, calledFrom, steps, consequences, drawn: _drawn, ...rest } = finding;
  return {
    verdict,
    cause,
    goroutines,
    blocked,
    ...(createdBy === undefined ? {} : { createdBy: frameValue(createdBy) }),
    ...(calledFrom === undefined ? {} : { calledFrom: frameValue(calledFrom) }),
    evidence,
    ...(steps === undefined ? {} : { steps: steps.map(stepValue) }),
    stack: stack.map(frameValue),
    ...(consequences === undefined ? {} : { consequences: consequences.map(consequenceValue) }),
    ...rest,
  };
}

const consequenceValue = ({ createdBy, stack, ...rest }: Consequence) => ({
  ...rest,
  ...(createdBy === undefined ? {} : { createdBy: frameValue(createdBy) }),
  stack: stack.map(frameValue),
});

const frameValue = ({ function: name, file, line }: Frame) => ({ function: name, file, line });
const stepValue = (step: Step): Step => step;
