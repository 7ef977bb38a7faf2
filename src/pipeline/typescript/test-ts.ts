import { dirname, resolve } from "node:path";
import { optional } from "../../base/optional.js";
import type { Examination, Failure, Report } from "../../model/results/examination.js";
import { findJsProject, isScript, runnerCommand, runnerOf, type Runner } from "../../toolchain/js/js-project.js";
import { passedTests, resultWords } from "../../toolchain/js/runner-results.js";
import { runNode, type NodeOutcome } from "../../toolchain/js/run-node.js";
import { TELL, withAnswers, type RunnerRequest } from "./runner-protocol.js";
import { reportOf } from "./report-of.js";
import { folderOf } from "../config/language.js";
import type { Listener } from "../go/explore-request.js";

export { isRunner, isScript } from "../../toolchain/js/js-project.js";

/** What `unpark test` is asked for, of TypeScript. */
export interface TsTestRequest {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Files, folders, `./...`. */
  readonly patterns: readonly string[];
  /** By default the one that the project depends on. */
  readonly runner?: Runner;
  readonly run?: string;
  readonly workers?: number;
  /** The runner's own words. */
  readonly args: readonly string[];
  readonly options: RunnerRequest["options"];
  readonly replay?: RunnerRequest["replay"];
  readonly each?: RunnerRequest["each"];
  /** A file for the runner's own results: then it is told which tests passed, and they get all the time that they need. */
  readonly results?: string;
  readonly unparkVersion: string;
  readonly signal?: AbortSignal;
}

/**
 * The project's own runner, as it is; each `explore` and `verifyNone` in it tells what it found (runner-protocol.ts), and that is
 * the report. What the runner prints is talk.
 */
export async function testTs(request: TsTestRequest, onOutput: NonNullable<Listener["output"]>): Promise<Report & { readonly passed?: readonly string[] }> {
  const { cwd, env, patterns, run, workers, args, options, replay, each, results, unparkVersion, signal } = request;
  const paths = patterns.map((word) => resolve(cwd, folderOf(word)));
  const name = patterns.join(" ");
  const project = findJsProject(isScript(paths[0]!) ? dirname(paths[0]!) : paths[0]!);
  if (project === undefined) return cannot(name, "no package.json at or above it depends on unpark: npm install --save-dev unpark (docs/typescript.md)");
  const runner = request.runner ?? runnerOf(project);
  const command = runnerCommand(runner, project, { files: paths.filter((path) => path !== project), rest: results === undefined ? args : [...args, ...resultWords(runner, results)], ...optional({ run, workers }) });
  if (!command.ok) return cannot(name, command.error);
  return withAnswers(async (folder, read) => {
    const asked: RunnerRequest = { folder, cwd, options, ...optional({ replay, each }) };
    const outcome = await runNode({ args: command.value, cwd: project, env: { ...env, [TELL]: JSON.stringify(asked) }, onOutput, ...optional({ signal }) });
    const report = reportOf(read());
    const origin = { command: "test" as const, unpark: unparkVersion, packages: patterns, args, runner };
    const beside = besides(runner, name, outcome, read());
    return { ...report, origin, examinations: [...report.examinations, ...beside.examinations], failures: [...report.failures, ...beside.failures], ...(results === undefined ? {} : { passed: passedTests(runner, results) }) };
  });
}

const cannot = (path: string, message: string): Report => ({ examinations: [], failures: [{ package: path, message }] });

/** What the runner's own end says, beyond what was told. */
function besides(runner: Runner, name: string, outcome: NodeOutcome, told: readonly Examination[]): { readonly examinations: readonly Examination[]; readonly failures: readonly Failure[] } {
  const fails = (message: string): { examinations: []; failures: readonly Failure[] } => ({ examinations: [], failures: [{ package: name, message }] });
  const title = runner === "node" ? "node --test" : runner;
  if (outcome.kind === "not-started") return fails(`${title} could not be started: ${outcome.message}`);
  if (outcome.kind === "interrupted") return fails("interrupted");
  if (told.length === 0) {
    const how = outcome.status === 0 ? "every test passed" : `it ended with exit code ${outcome.status}; what it printed stands above`;
    return fails(`${title} ran no test that calls explore or leak.verifyNone of unpark/testing (${how}): see docs/typescript.md`);
  }
  const explained = outcome.status === 0 || told.some(({ findings, outcome: word }) => findings.length > 0 || word !== "passed");
  if (explained) return { examinations: [], failures: [] };
  const coverage = { schedules: 0, complete: false, bounds: [], stoppedBy: "its own tests", depth: 0, milliseconds: 0 };
  const limits = [`${title} ended with exit code ${outcome.status}: a test that is not explored fails, see above`];
  return { examinations: [{ name: title, package: name, coverage, outcome: "failed", findings: [], limits }], failures: [] };
}
