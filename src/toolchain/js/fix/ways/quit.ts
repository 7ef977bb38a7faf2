import type ts from "typescript";
import type { Site, WayHere } from "../site.js";
import { functionName, isExported, outwards, statementOf, type FunctionNode } from "../syntax.js";

/** A loop that looks at its goroutine's signal, which whoever started it aborts when it is over. */
export const quitAdded: WayHere = (site) => {
  const { ts } = site.sources;
  const [node] = site.nodes("stack");
  const [fn] = site.functions("stack");
  const loop = node === undefined ? undefined : [...outwards(node)].find((one): one is ts.IterationStatement => ts.isIterationStatement(one, false) && isEndless(one));
  if (fn === undefined || loop === undefined || !ts.isBlock(loop.statement) || ![...outwards(loop)].includes(fn)) return "no endless loop is on the stack";
  const started = startOf(site, fn);
  if (typeof started === "string") return started;
  const { call, start } = started;
  const patch = site.patch();
  const [signal, worker] = [site.name("signal", fn), site.name("worker", call)];
  const last = fn.parameters.at(-1);
  const parameter = site.typed(signal, "AbortSignal", fn);
  patch.insert(fn, last?.end ?? fn.parameters.pos, last === undefined ? parameter : `, ${parameter}`);
  const [first] = loop.statement.statements;
  if (first === undefined) return "the loop does nothing";
  patch.before(first, `if (${signal}.aborted) return;`).insert(call, call.getStart(), `const ${worker} = `);
  const next = start.block.statements[start.index + 1];
  if (next === undefined) patch.behind(start.statement, `${worker}.cancel();`);
  else patch.finally(start.block, [next, start.block.statements.at(-1)!], `${worker}.cancel();`);
  return [{ edits: patch.edits, facts: { function: functionName(ts, fn) } }];

  function isEndless(one: ts.IterationStatement): boolean {
    if (ts.isForStatement(one)) return one.condition === undefined;
    return (ts.isWhileStatement(one) || ts.isDoStatement(one)) && one.expression.kind === ts.SyntaxKind.TrueKeyword;
  }
};

/** The one place where the function is started; or why there is none that a signal could come from. */
function startOf({ sources: { ts }, objects }: Site, fn: FunctionNode): string | { readonly call: ts.CallExpression; readonly start: NonNullable<ReturnType<typeof statementOf>> } {
  const uses = objects.uses(fn);
  const [use] = uses ?? [];
  if (use === undefined || uses!.length > 1 || use.by !== "go" || isExported(ts, fn)) return "it is not started by go alone, and at one place";
  if (fn.parameters.length !== use.args.length) return "it takes more than it is given";
  const start = statementOf(ts, use.call);
  if (start === undefined || !ts.isFunctionLike(start.block.parent) || use.call.parent !== start.statement) return "it is started in a loop, or its handle is kept";
  return { call: use.call, start };
}
