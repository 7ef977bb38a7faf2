import type { Hover } from "vscode-languageserver-protocol";
import { goStatementWords } from "../report/editor/go-statement.js";
import { spellOut } from "../base/spell-out.js";
import { rangeOf } from "./line-finder.js";
import { pathOf, type Workspace } from "./workspace.js";

/** On a `go` statement: what is recorded of the goroutines that it started. `line` is counted from 1. */
export function hoverAt(workspace: Workspace, uri: string, line: number): Hover | null {
  const file = pathOf(uri);
  const words = workspace.reports.flatMap((report) => {
    // The line as the report has it: its number may have been another.
    const then = Object.keys(report.lines[file] ?? {}).map(Number).find((one) => workspace.lineNow(report, { file, line: one }) === line);
    return then === undefined ? [] : goStatementWords(report, { file, line: then });
  });
  if (words.length === 0) return null;
  return { contents: { kind: "plaintext", value: ["Unpark, last run:", ...words.map(spellOut)].join("\n") }, range: rangeOf(workspace.linesOf(file)!, line) };
}
