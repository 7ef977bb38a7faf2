import { spelledOut } from "../../base/spell-out.js";
import type { Report } from "../../model/results/examination.js";
import { counts } from "../exit-code.js";
import { count, TEST_CODE } from "./verdict-words.js";
import { ownPlace } from "../shared/own-place.js";
import { pathBelow } from "../shared/path-below.js";

/** GitHub's workflow commands: an annotation on the line for each finding and note. */
export const reportGithub = (report: Report, options: GithubOptions = {}): string => annotations(spelledOut(report), options);

interface GithubOptions {
  readonly cwd?: string;
  readonly strict?: boolean;
}

function annotations(report: Report, options: GithubOptions): string {
  const lines = report.examinations.flatMap(({ findings }) =>
    findings.map((finding) => {
      const { blocked, verdict, cause, goroutines, evidence, test, testCode } = finding;
      const level = counts(finding, options.strict ?? false) ? "error" : "notice";
      const own = ownPlace(finding, options.cwd);
      const file = pathBelow(own.file, options.cwd) ?? own.file;
      const where = own.what === undefined ? "" : ` at ${blocked.file}:${blocked.line} (${own.what})`;
      const text = [`${count(goroutines, "goroutine")}${test === undefined ? "" : ` of ${test}`}: ${blocked.reason}${where}${testCode ? `, ${TEST_CODE}` : ""}`, ...evidence].join("\n");
      return `::${level} file=${property(file)},line=${Math.max(1, own.line)},title=${property(`unpark: ${verdict} (${cause})`)}::${data(text)}`;
    }),
  );
  const failures = report.failures.map(({ package: path, message }) => `::error title=${property(`unpark: ${path}`)}::${data(message)}`);
  return [...lines, ...failures].map((line) => `${line}\n`).join("");
}

const data = (text: string): string => text.replace(/%/g, "%25").replace(/\r/g, "%0D").replace(/\n/g, "%0A");
const property = (text: string): string => data(text).replace(/:/g, "%3A").replace(/,/g, "%2C");
