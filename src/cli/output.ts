import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Report } from "../model/results/examination.js";
import { type ExitCode, FAILED, reportExit } from "../report/exit-code.js";
import { reportGitlab } from "../report/exploration/gitlab.js";
import { reportGoTestJson } from "../report/exploration/go-test-json.js";
import { reportGithub } from "../report/exploration/github.js";
import { reportJson } from "../report/exploration/json.js";
import { reportJunit } from "../report/exploration/junit.js";
import { reportSarif } from "../report/exploration/sarif.js";
import { reportPage } from "../report/report-page/html.js";
import { reportMarkdown } from "../report/exploration/markdown.js";
import { coloured, plain } from "../report/shared/style.js";
import type { Waited } from "../report/exploration/package-lines.js";
import { reportText } from "../report/exploration/text.js";
import { complain, type Io } from "./io.js";

interface OutputChoice {
  readonly json: string | true | undefined;
  readonly sarif: string | true | undefined;
  readonly junit: string | true | undefined;
  readonly markdown?: string | true | undefined;
  /** GitLab's code quality report. */
  readonly gitlab?: string | true | undefined;
  readonly html?: string | true | undefined;
  /** As `go test -json` prints it, to stdout. */
  readonly goJson?: boolean;
  readonly github: boolean;
  readonly strict: boolean;
  /** `-v`: the text in full. */
  readonly v?: boolean;
  /** For the text. */
  readonly waited?: Waited | undefined;
}

/** Does a machine-readable form go to stdout? Then nothing else may. */
export const stdoutIsData = ({ json, sarif, junit, markdown, gitlab, goJson }: OutputChoice): boolean => [json, sarif, junit, markdown, gitlab, goJson].includes(true);

/** Prints the report in the forms asked for; text unless stdout is taken. Gives the exit code of the same value. */
export function deliver(report: Report, choice: OutputChoice, io: Io): ExitCode {
  const { strict } = choice;
  const forms = [
    [choice.json, () => reportJson(report)],
    [choice.goJson === true ? true : undefined, () => reportGoTestJson(report, { cwd: io.cwd, strict })],
    [choice.sarif, () => reportSarif(report, { cwd: io.cwd, strict })],
    [choice.gitlab, () => reportGitlab(report, { root: io.env["CI_PROJECT_DIR"] ?? io.cwd, strict })],
    [choice.junit, () => reportJunit(report, { cwd: io.cwd, strict })],
    [choice.html === true ? "unpark-report.html" : choice.html, () => reportPage(report, { cwd: io.cwd, strict })],
    [choice.markdown, () => reportMarkdown(report, { cwd: io.cwd, strict })],
  ] as const;
  let failed = false;
  for (const [where, form] of forms) {
    if (where === true) io.stdout.write(form());
    else if (where !== undefined) failed = !save(resolve(io.cwd, where), form(), io) || failed;
  }
  if (!stdoutIsData(choice)) io.stdout.write(reportText(report, { style: io.colour ? coloured : plain, cwd: io.cwd, strict, verbose: choice.v === true, waited: choice.waited }));
  if (choice.github || io.env["GITHUB_ACTIONS"] === "true") io.stderr.write(reportGithub(report, { cwd: io.cwd, strict }));
  return failed ? FAILED : reportExit(report, strict);
}

function save(path: string, text: string, io: Io): boolean {
  try {
    writeFileSync(path, text);
    return true;
  } catch (error) {
    complain(io, `cannot write ${path}: ${(error as Error).message}`);
    return false;
  }
}
