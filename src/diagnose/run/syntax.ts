import { withoutComment } from "../../model/source/code-line.js";
import { at, shortSymbol } from "../../model/source/blame.js";
import type { Frame } from "../../model/goroutine/stack.js";
import type { FileSyntax, FunctionSyntax, OperandSyntax, OperationSyntax } from "../../model/source/syntax.js";
import type { DiagnosisContext } from "./diagnosis-context.js";
import { typescriptSyntax } from "./typescript-syntax.js";

/**
 * What the source says of a frame. Every sentence of evidence that speaks of source code rests on these answers, which
 * come from a syntax tree; where there is none, or where it does not say which of two things is meant, the answer is
 * undefined and the sentence is not printed. A frame has a line but no column: so two receives in one line are one too many.
 */
export function lineAt(context: DiagnosisContext, frame: Frame): string | undefined {
  const text = frame.source ?? context.lines(frame.file)?.[frame.line - 1];
  return text && withoutComment(text).trim();
}

/** `a.go:4 (case <-ctx.Done():)`: a line with its text, where that is at hand. */
export function cited(context: DiagnosisContext, file: string, line: number): string {
  const text = lineAt(context, { function: "", file, line });
  return `${at({ function: "", file, line })}${text === undefined ? "" : ` (${text})`}`;
}

function syntaxOf(context: DiagnosisContext, file: string): FileSyntax | undefined {
  if (!/\.[cm]?[jt]sx?$/.test(file)) return context.syntax?.(file);
  const lines = context.lines(file);
  return lines && typescriptSyntax(lines);
}

/** A function of a file, with its number there. */
export interface FunctionIn {
  readonly file: FileSyntax;
  readonly number: number;
  readonly syntax: FunctionSyntax;
}

/** The function whose frame it is: as deep inside of literals as its symbol says (`f`, `f.func1`, `f.func1.2`). */
export function functionOf(context: DiagnosisContext, frame: Frame): FunctionIn | undefined {
  const file = syntaxOf(context, frame.file);
  if (file === undefined) return undefined;
  const around = file.functions.map((syntax, number) => ({ file, number, syntax })).filter(({ syntax }) => syntax.start <= frame.line && frame.line <= syntax.end);
  // Of TypeScript a frame in the line that opens a function is the caller's: `go(async () => {`.
  if (!frame.file.endsWith(".go")) return innermost(around.filter(({ syntax }) => syntax.start < frame.line));
  const fitting = around.filter(({ number }) => depthIn(file, number) === depthOf(frame.function));
  // A literal that the compiler inlined has another name; then only a line with one function around it is certain.
  return fitting.length === 1 ? fitting[0] : around.length > 0 && around.every(({ syntax }) => syntax.start < frame.line && frame.line < syntax.end) ? innermost(around) : undefined;
}

const innermost = (around: readonly FunctionIn[]): FunctionIn | undefined => around.findLast(({ syntax }) => around.every((other) => other.syntax.start <= syntax.start));

function depthIn(file: FileSyntax, number: number): number {
  const { parent } = file.functions[number]!;
  return parent < 0 ? (file.functions[number]!.name === "" ? 1 : 0) : depthIn(file, parent) + 1;
}

function depthOf(symbol: string): number {
  let depth = 0;
  for (const part of shortSymbol(symbol).split(".").reverse()) {
    if (!/^(?:func\d+|\d+|-range\d+)$/.test(part)) break;
    depth++;
  }
  return depth;
}

/** The operations of one function itself; what stands in a literal inside of it is the literal's. */
export const operationsOf = ({ file, number }: FunctionIn): readonly OperationSyntax[] => file.operations.filter((one) => one.function === number);

/** The function's own operations, and those of what it defers or calls on the spot. */
export function operationsWithin(owner: FunctionIn): readonly OperationSyntax[] {
  const { file, number } = owner;
  const inner = file.functions.flatMap((syntax, at) => (syntax.parent === number && (syntax.use === "defer" || syntax.use === "call") ? [{ file, number: at, syntax }] : []));
  return [...operationsOf(owner), ...inner.flatMap(operationsWithin)];
}

/** The operation that a goroutine stands at in a frame: of one of these kinds, and the only one in that line. */
export function operationAt(context: DiagnosisContext, frame: Frame, kinds: readonly string[]): OperationSyntax | undefined {
  const owner = functionOf(context, frame);
  const here = owner === undefined ? [] : operationsOf(owner).filter(({ line, select, kind }) => line === frame.line && select === 0 && kinds.includes(kind));
  return here.length === 1 ? here[0] : undefined;
}

/** The cases of the select statement that a goroutine stands at, without its default. */
export function selectAt(context: DiagnosisContext, frame: Frame): readonly OperationSyntax[] {
  const owner = functionOf(context, frame);
  return owner === undefined ? [] : operationsOf(owner).filter(({ select }) => select === frame.line);
}

/**
 * The case of a select that was taken, by the runtime's number: it has the sends first, in the order of the source, and
 * the receives from the end backwards (cmd/compile/internal/walk/select.go, walkSelectCases).
 */
export function caseTaken(context: DiagnosisContext, frame: Frame, number: number): OperationSyntax | undefined {
  const cases = selectAt(context, frame);
  const sends = cases.filter(({ kind }) => kind === "send");
  const receives = cases.filter(({ kind }) => kind !== "send");
  return number < sends.length ? sends[number] : receives[cases.length - 1 - number];
}

/** Do two operands of one file mean the same variable, or the same field of a type? */
export const sameOperand = (a: OperandSyntax, b: OperandSyntax): boolean =>
  (a.variable !== "" && a.variable === b.variable) || (a.field !== "" && a.field === b.field);

/** In a function: which parameter an operand begins with, and what is taken of it; undefined where it is none. */
export function parameterOf({ syntax }: FunctionIn, { variable }: OperandSyntax): { readonly index: number; readonly path: string } | undefined {
  const index = syntax.parameters.findIndex((place) => place !== "" && (variable === place || variable.startsWith(`${place}.`)));
  return index < 0 ? undefined : { index, path: variable.slice(syntax.parameters[index]!.length) };
}
