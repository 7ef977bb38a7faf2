import type ts from "typescript";
import type { TsOperation } from "../objects.js";
import type { Proposal, Site, WayHere } from "../site.js";
import { functionName, functionOf, isAlone, isIn, ownNodes, statementOf, type FunctionNode } from "../syntax.js";

const GIVES_BACK: Readonly<Record<string, string>> = { lock: "unlock", rlock: "runlock" };

/** The lock given back where its block ends, or in a `finally`. */
export const unlock: WayHere = (site) => {
  const { sources, objects, operation } = site;
  const { ts } = sources;
  if (operation === undefined || GIVES_BACK[operation.kind] === undefined) return "no lock is waited for";
  const all = objects.on(objects.makers(operation.object));
  const kept = all.filter((one) => GIVES_BACK[one.kind] !== undefined && isAlone(ts, one.node as ts.CallExpression) && keeps(site, one, all));
  if (kept.length === 0) return "whoever takes it gives it back on each path";
  const facts = { lock: operation.object.getText(), function: [...new Set(kept.map(({ node }) => functionName(ts, functionOf(ts, node)!)))].join(" and "), how: "deferred" };
  const [using, ending] = [site.patch(), site.patch()];
  for (const { node, object, kind } of kept) {
    const { block, statement, index } = statementOf(ts, node)!;
    const gives = all.filter((one) => one.kind === GIVES_BACK[kind] && functionOf(ts, one.node) === functionOf(ts, node));
    for (const one of gives) using.remove(statementOf(ts, one.node)!.statement);
    using.replace(statement, `await using ${site.name("_held", node)} = ${statement.getText().replace(/;$/, "")};`);
    const next = block.statements[index + 1];
    const end = `await ${object.getText()}.${GIVES_BACK[kind]}();`;
    const own = gives.length === 1 ? statementOf(ts, gives[0]!.node)!.statement : undefined;
    if (next === undefined) ending.behind(statement, end);
    else if (gives.length <= 1 && next !== own) ending.finally(block, [next, block.statements.at(-1)!], end, own);
    else return [{ edits: using.edits, facts }];
  }
  return [{ edits: using.edits, facts }, { edits: ending.edits, facts }];
};

/** Is there a way out of the function without giving it back? */
function keeps({ sources: { ts } }: Site, { node, kind }: TsOperation, all: readonly TsOperation[]): boolean {
  const fn = functionOf(ts, node);
  const place = statementOf(ts, node);
  if (fn?.body === undefined || place === undefined) return false;
  const gives = all.filter((one) => one.kind === GIVES_BACK[kind] && isIn(one.node, fn));
  if (gives.some((one) => functionOf(ts, one.node) !== fn || [...ancestors(one.node, fn)].some((at) => ts.isBlock(at) && ts.isTryStatement(at.parent) && at.parent.finallyBlock === at))) return false;
  if (gives.length === 0) return true;
  const last = Math.min(...gives.map((one) => one.node.pos));
  const leaves = [...ownNodes(ts, fn.body)].some((at) => (ts.isReturnStatement(at) || ts.isThrowStatement(at)) && at.pos > node.pos && !gives.some((one) => one.node.pos < at.pos && isIn(at, statementOf(ts, one.node)!.block)));
  return leaves || [...ownNodes(ts, fn.body)].some((at) => ts.isAwaitExpression(at) && at.pos > node.end && at.end < last);
}

function* ancestors(node: ts.Node, end: ts.Node): Generator<ts.Node, void> {
  for (let at: ts.Node = node; at !== end && at.parent !== undefined; at = at.parent) yield at;
}

/** Given back behind what its holder still changes. */
export const unlockLast: WayHere = (site) => {
  const { sources: { ts }, objects, operation } = site;
  if (operation === undefined || GIVES_BACK[operation.kind] === undefined) return "no lock is waited for";
  const found: Proposal[] = [];
  for (const { node, kind, object } of objects.on(objects.makers(operation.object))) {
    if (!Object.values(GIVES_BACK).includes(kind)) continue;
    const place = statementOf(ts, node);
    if (place === undefined || !isAlone(ts, node as ts.CallExpression) || !ts.isPropertyAccessExpression(object)) continue;
    const owner = object.expression.getText();
    const behind = place.block.statements.slice(place.index + 1);
    const count = behind.findIndex((one) => !ts.isExpressionStatement(one) || !one.getText().replace(/^await /, "").startsWith(`${owner}.`));
    const moved = count < 0 ? behind : behind.slice(0, count);
    const last = moved.at(-1);
    if (last === undefined) continue;
    const edits = site.patch().remove(place.statement).behind(last, place.statement.getText()).edits;
    found.push({ edits, facts: { lock: object.getText(), function: functionName(ts, functionOf(ts, node)!), what: last.getText().replace(/;$/, "") } });
  }
  return found.length > 0 ? found : "nothing is changed behind where it is given back";
};

/** A method that takes the lock, split: who holds it already calls the half that expects that. */
export const lockApart: WayHere = (site) => {
  const { sources: { ts }, objects, operation } = site;
  if (operation === undefined || operation.kind !== "lock") return "no lock is waited for";
  const inner = functionOf(ts, operation.node);
  if (inner === undefined || !ts.isMethodDeclaration(inner) || inner.body === undefined) return "it is not taken by a method";
  const makers = objects.makers(operation.object);
  const all = objects.on(makers);
  const gives = all.filter(({ kind, node }) => kind === "unlock" && functionOf(ts, node) === inner);
  const [take, give] = [statementOf(ts, operation.node), gives.length === 1 ? statementOf(ts, gives[0]!.node) : undefined];
  const { statements } = inner.body;
  if (take?.block !== inner.body || take.index !== 0 || give?.block !== inner.body || statements.slice(give.index + 1).some((one) => !ts.isReturnStatement(one))) return `${functionName(ts, inner)} does not take it first and give it back last`;
  const holders = site.nodes("stack").flatMap((node) => [...ownNodes(ts, node)])
    .filter((node): node is ts.CallExpression => ts.isCallExpression(node) && objects.called(node.expression).includes(inner) && holdsHere(site, node, all));
  if (holders.length === 0) return "nobody on the stack holds it";
  const name = inner.name.getText();
  const apart = site.name(`${name.replace(/^#/, "")}Locked`, inner);
  const patch = site.patch();
  for (const call of new Set(holders)) patch.replace((call.expression as ts.PropertyAccessExpression).name, apart);
  const unit = patch.unit(inner.body);
  const outer = unit === "" ? "" : /^[ \t]*/.exec(inner.getSourceFile().text.slice(inner.getSourceFile().text.lastIndexOf("\n", inner.getStart()) + 1))![0];
  const lock = operation.object.getText();
  const isTyped = inner.type !== undefined;
  const head = `${isTyped ? "private " : ""}async ${apart}${inner.typeParameters === undefined ? "" : `<${inner.typeParameters.map((one) => one.getText()).join(", ")}>`}(${inner.parameters.map((one) => one.getText()).join(", ")})${isTyped ? `: ${inner.type.getText()}` : ""} {`;
  const args = inner.parameters.map((one) => `${one.dotDotDotToken === undefined ? "" : "..."}${one.name.getText()}`).join(", ");
  const half = [`try {`, `${unit}return await this.${apart}(${args});`, `} finally {`, `${unit}await ${lock}.unlock();`, `}`].map((line) => `${outer}${unit}${line}`);
  patch.insert(take.statement, take.statement.end, `\n${half.join("\n")}\n${outer}}\n\n${outer}${head}`).remove(give.statement);
  return [{ edits: patch.edits, facts: { names: apart, function: [...new Set(holders.map((one) => functionName(ts, functionOf(ts, one)!)))].join(" and "), lock } }];
};

/** Has the function of a call taken the lock before it, and not given it back? */
function holdsHere({ sources: { ts } }: Site, call: ts.Node, all: readonly TsOperation[]): boolean {
  const fn: FunctionNode | undefined = functionOf(ts, call);
  const own = all.filter(({ node }) => functionOf(ts, node) === fn && node.pos < call.pos).sort((a, b) => a.node.pos - b.node.pos);
  return own.at(-1)?.kind === "lock";
}
