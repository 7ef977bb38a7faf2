import { dirname } from "node:path/posix";
import type { Frame, Stack } from "../../model/goroutine/stack.js";
import type { Goroutine } from "../../model/goroutine/snapshot.js";
import type { OperandSyntax, OperationSyntax } from "../../model/source/syntax.js";
import type { DiagnosisContext } from "./diagnosis-context.js";
import { functionOf, operationAt, operationsOf, operationsWithin, parameterOf, selectAt, type FunctionIn } from "./syntax.js";

/** An operand, and the file in which its variable is declared. */
interface Operand {
  readonly file: string;
  readonly operand: OperandSyntax;
}

/** What a goroutine waits at, as the source calls it: the channels of its receive, send or select. */
export function waitsAt(context: DiagnosisContext, goroutine: Goroutine, frame: Frame, op: "send" | "recv"): readonly Operand[] {
  const kinds = op === "send" ? ["send"] : ["receive", "range"];
  const owner = functionOf(context, frame);
  const alone = operationAt(context, frame, kinds);
  const found = alone === undefined ? selectAt(context, frame).filter(({ kind }) => kinds.includes(kind)) : [alone];
  return owner === undefined ? [] : found.flatMap((one) => namesOf(context, goroutine, owner, frame.file, one));
}

/** What the functions on a goroutine's stack would still do: behind the line where each stands, or deferred. */
export function stillToDo(context: DiagnosisContext, goroutine: Goroutine, kinds: readonly string[]): readonly (Operand & { readonly operation: OperationSyntax; readonly frame: Frame })[] {
  return own(goroutine.stack).flatMap((frame) => {
    const owner = functionOf(context, frame);
    const ahead = owner === undefined ? [] : operationsWithin(owner).filter((one) => kinds.includes(one.kind) && (one.line > frame.line || one.deferred || one.function !== owner.number));
    return owner === undefined ? [] : ahead.flatMap((operation) => namesOf(context, goroutine, owner, frame.file, operation).map((name) => ({ ...name, operation, frame })));
  });
}

const own = (stack: Stack): Stack => stack.filter(({ file }) => /\.(?:go|[cm]?[jt]sx?)$/.test(file));

/**
 * The operand, and what it is called where its goroutine was started: a parameter of the function that was started is the
 * argument of the `go` statement.
 */
function namesOf(context: DiagnosisContext, { createdBy, stack }: Goroutine, owner: FunctionIn, file: string, operand: OperandSyntax): readonly Operand[] {
  const parameter = parameterOf(owner, operand);
  const plain = { file, operand };
  if (parameter === undefined || createdBy === undefined) return [plain];
  const entry = own(stack).at(-1);
  const isEntry = entry !== undefined && functionOf(context, entry)?.syntax === owner.syntax;
  const argument = isEntry ? argumentOf(context, createdBy, owner, parameter.index) : undefined;
  if (argument === undefined || argument.variable === "") return [plain];
  return [plain, { file: createdBy.file, operand: { text: argument.text + parameter.path, variable: argument.variable + parameter.path, field: parameter.path === "" ? argument.field : "" } }];
}

/** The argument that a `go` statement gives for a parameter of the function that it starts. */
function argumentOf(context: DiagnosisContext, at: Frame, started: FunctionIn, index: number): OperandSyntax | undefined {
  const creator = functionOf(context, at);
  const starts = creator === undefined ? [] : operationsOf(creator).filter(({ kind, line }) => kind === "go" && line === at.line);
  const [start] = starts;
  if (start === undefined || starts.length > 1) return undefined;
  // A method's receiver is its first parameter and the first of the arguments; of `go pkg.F(x)` the first is the package.
  const given = started.syntax.receiver || start.literal >= 0 || !start.text.includes(".") ? start.arguments : start.arguments?.slice(1);
  return given?.[index];
}

/** Do they mean the same variable of one file, the same field of one package's type, or the same package variable? */
export function sameVariable(a: Operand, b: Operand): boolean {
  const [x, y] = [a.operand, b.operand];
  if (a.file === b.file && x.variable !== "" && x.variable === y.variable) return true;
  if (dirname(a.file) !== dirname(b.file)) return false;
  return (x.field !== "" && x.field === y.field) || (a.file !== b.file && x.variable !== "" && x.variable === y.variable && !x.variable.includes(":"));
}
