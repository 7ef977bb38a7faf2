import type { CodeAction, Diagnostic } from "vscode-languageserver-protocol";
import type { DiagnosticData } from "./diagnostics.js";
import { pathOf, type Workspace } from "./workspace.js";

/** The reason is the person's to give: what stands there until then says that it is none yet. */
const COMMENT = "//unpark:ignore TODO: say why this goroutine may stay";

/** For each diagnostic of ours that is of a goroutine: accept what its `go` statement starts, by a comment at that line's end. */
export function actionsFor(workspace: Workspace, diagnostics: readonly Diagnostic[]): readonly CodeAction[] {
  return diagnostics.flatMap((diagnostic): CodeAction[] => {
    const { goStatement } = (diagnostic.source === "unpark" ? (diagnostic.data ?? {}) : {}) as DiagnosticData;
    if (goStatement === undefined || typeof goStatement.uri !== "string" || !Number.isInteger(goStatement.line)) return [];
    const text = workspace.linesOf(pathOf(goStatement.uri))?.[goStatement.line - 1];
    if (text === undefined || text.includes("//unpark:ignore")) return [];
    // A line that has a comment already, or opens a block whose end is elsewhere, takes it on the line above.
    const above = text.includes("//");
    const indent = /^\s*/.exec(text)![0];
    const line = goStatement.line - 1;
    const edit = above
      ? { range: { start: { line, character: 0 }, end: { line, character: 0 } }, newText: `${indent}${COMMENT}\n` }
      : { range: { start: { line, character: text.length }, end: { line, character: text.length } }, newText: ` ${COMMENT}` };
    return [{ title: "Unpark: ignore what this go statement starts (//unpark:ignore)", kind: "quickfix", diagnostics: [diagnostic], edit: { changes: { [goStatement.uri]: [edit] } } }];
  });
}
