import { spellOut } from "../../base/spell-out.js";
import type { Report } from "../../model/results/examination.js";
import type { Finding } from "../../model/finding/finding.js";
import { counts } from "../exit-code.js";
import { failedWords } from "./failed-tests.js";
import { count, TEST_CODE } from "./verdict-words.js";
import { pathBelow } from "../shared/path-below.js";

/** More than this nobody reads in a comment; the rest is counted. */
const MAX_ROWS = 20;

/** A summary for a pull request's comment: a line of numbers, a table of findings, the notes folded away. Markdown as GitHub reads it. */
export function reportMarkdown(report: Report, options: { readonly cwd?: string; readonly strict?: boolean } = {}): string {
  const all = report.examinations.flatMap(({ findings }) => findings);
  const found = all.filter((finding) => counts(finding, options.strict ?? false));
  const notes = all.filter((finding) => !counts(finding, options.strict ?? false));
  const open = report.examinations.filter(({ outcome }) => outcome === "no verdict").map((one) => one.package);
  const explored = report.examinations.filter(({ coverage }) => !coverage.native);
  const some = explored.filter(({ coverage }) => !coverage.complete);
  const failed = failedWords(report.examinations);
  return [
    `### Unpark: ${[headline(report, found.length), ...(failed === undefined ? [] : [failed.replace(/\.$/, "")])].join("; ")}`,
    "",
    ...table(found, options.cwd),
    ...(report.failures.length > 0 ? [`Could not be done: ${report.failures.map((one) => code(one.package)).join(", ")}.`, ""] : []),
    ...(found.length === 0 && some.length > 0 ? [`Not all schedules were tried: ${count(some.length, "program")} of ${explored.length}.`, ""] : []),
    ...(open.length > 0 ? [`No verdict: ${open.map(code).join(", ")}.`, ""] : []),
    ...(notes.length > 0 ? [`<details><summary>${count(notes.length, "note")}</summary>`, "", ...table(notes, options.cwd), "</details>", ""] : []),
  ].join("\n");
}

function headline({ examinations, accepted = 0 }: Report, found: number): string {
  if (found > 0) return count(found, "finding");
  return accepted > 0 || examinations.some(({ findings }) => findings.some(({ severity }) => severity === "note")) ? "no finding that counts" : "no goroutine leak found";
}

function table(findings: readonly Finding[], cwd: string | undefined): readonly string[] {
  if (findings.length === 0) return [];
  const rows = findings.slice(0, MAX_ROWS).map(({ verdict, cause, goroutines, test, blocked, testCode }) => {
    const file = pathBelow(blocked.file, cwd) ?? blocked.file;
    return `| ${verdict} | ${cause === "unknown" ? "" : cause} | ${goroutines} | ${test === undefined ? "" : code(test)} | ${cell(blocked.reason)} at ${code(`${file}:${blocked.line}`)}${testCode ? `, ${TEST_CODE}` : ""} |`;
  });
  const more = findings.length - rows.length;
  return ["| verdict | cause | goroutines | test | where |", "| --- | --- | --- | --- | --- |", ...rows, ...(more > 0 ? ["", `and ${more} more`] : []), ""];
}

/**
 * A cell must not end early, nor a code span, and nothing of a stranger's is markup, a link or a mention: whatever is
 * punctuation is written by its number. In a code span there are no numbers; there only its ends and the cell's matter.
 */
const cell = (text: string): string => spellOut(text).replace(/[^\p{L}\p{N} ,()]/gu, (c) => `&#${c.codePointAt(0)};`);
const code = (text: string): string => `\`${spellOut(text).replace(/`/g, "'").replace(/\\(?=\||$)/g, "\\ ").replace(/\|/g, "\\|").replace(/^\s*$/, "?")}\``;
