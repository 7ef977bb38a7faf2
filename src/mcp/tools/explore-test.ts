import { err, ok } from "../../base/result.js";
import { readWholeReport } from "../../report/exploration/read-whole.js";
import { isNote, type Finding } from "../../model/finding/finding.js";
import { fitting, jsonOf } from "../answer.js";
import { numberOf, textOf } from "../arguments.js";
import { REPORT_CUTS } from "../bounded.js";
import type { Arguments, Tool } from "../tool.js";

const TIME = "^\\d+(\\.\\d+)?(ms|s|m|h)$";

export const exploreTest: Tool = {
  name: "explore_test",
  title: "Explore tests",
  description:
    "Runs Go (or TypeScript) tests under control, each in many schedules, and reports goroutines that leak, deadlocks, panics and tests that fail in some schedule. " +
    "Builds and runs the project's own tests. Answers the report of `unpark test --json` (docs/report-schema.md) with a numbered list of findings; " +
    "`complete: true` of a program is a proof within its `bounds`, anything else is not. Go on with explain_finding or replay_schedule.",
  inputSchema: {
    type: "object",
    properties: {
      package: { type: "string", description: "a package pattern as go test takes it (./server, ./...), or a file or folder of TypeScript tests", pattern: "^[^-]" },
      run: { type: "string", description: "only tests whose name matches, as go test -run takes it" },
      budget: { type: "string", description: "real time for each test (3s): 500ms, 10s, 1m", pattern: TIME },
      total: { type: "string", description: "real time for all of it (2m); what was left out is named in the report", pattern: TIME },
      faults: { type: "integer", description: "at most so many connections refused, reset, cut short in a run (0)", minimum: 0, maximum: 3 },
      strict: { type: "boolean", description: "lingering goroutines count as findings, too" },
    },
    required: ["package"],
    additionalProperties: false,
  },
  readOnly: false,
  async call(args, { run, explorations }) {
    const end = await run(words(args));
    const json = jsonOf(end);
    if (!json.ok) return json;
    const report = readWholeReport(end.stdout);
    if (!report.ok) return err(report.error);
    const findings = report.value.examinations.flatMap((one) => one.findings);
    const failures = report.value.failures.map(({ package: path, message }) => `${path}: ${message.split("\n").slice(0, 20).join("\n")}`);
    return ok({
      exploration: explorations.add(end.stdout),
      exit: end.exit,
      findings: findings.slice(0, 100).map((finding, i) => summary(finding, i + 1)),
      ...(findings.length > 100 ? { findingsLeftOut: findings.length - 100 } : {}),
      ...(failures.length > 0 ? { couldNotBeDone: failures.slice(0, 10) } : {}),
      ...fitting("report", json.value, REPORT_CUTS),
    });
  },
};

function words(args: Arguments): readonly string[] {
  const [run, faults] = [textOf(args, "run"), numberOf(args, "faults")];
  return [
    "test", "--json",
    `--total=${textOf(args, "total") ?? "2m"}`,
    ...(args["budget"] === undefined ? [] : [`--budget=${textOf(args, "budget")}`]),
    ...(run === undefined ? [] : [`-run=${run}`]),
    ...(faults === undefined ? [] : [`--faults=${faults}`]),
    ...(args["strict"] === true ? ["--strict"] : []),
    textOf(args, "package")!,
  ];
}

const summary = (finding: Finding, number: number): Readonly<Record<string, unknown>> => {
  const { verdict, cause, blocked, package: path, test, goroutines } = finding;
  return { number, verdict, ...(isNote(finding) ? { note: true } : {}), cause, package: path, test, goroutines, at: `${blocked.file}:${blocked.line}`, reason: blocked.reason };
};
