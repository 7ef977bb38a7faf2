import { countFor } from "../count.js";
import type ts from "typescript";
import type { TsPatch } from "../patch.js";
import type { Site, WayHere } from "../site.js";
import { functionName, functionOf, isAsync, isIn, outwards, statementOf } from "../syntax.js";

/** As many added as are done. */
export const waitgroupCount: WayHere = (site) => {
  const { sources, objects, operation } = site;
  if (operation === undefined || operation.kind !== "wait") return "no group is waited for";
  const maker = site.maker(operation.object);
  if (typeof maker === "string") return maker;
  const all = objects.on(new Set([maker]));
  const adds = all.filter(({ kind }) => kind === "add");
  const [add] = adds;
  if (add === undefined || adds.length > 1 || objects.isInLoop(add.node)) return "it is added to in a loop, or at several places";
  const number = countFor(sources, objects, all.filter(({ kind }) => kind === "done").map(({ node }) => node), maker);
  const [before] = (add.node as ts.CallExpression).arguments;
  if (number === undefined || before === undefined) return "how often it is done has no bound in the source";
  if (number === before.getText()) return "as many are added as are done";
  return [{ edits: site.patch().replace(before, number).edits, facts: { group: operation.object.getText(), number, before: before.getText() } }];
};

/** Done in the goroutine that it is for, whatever comes. */
export const waitgroupDone: WayHere = (site) => {
  const { sources, objects, operation } = site;
  const { ts } = sources;
  if (operation === undefined || operation.kind !== "wait") return "no group is waited for";
  const all = objects.on(objects.makers(operation.object));
  const group = operation.object.getText();
  const waiter = functionOf(ts, operation.node);
  for (const { node } of all.filter(({ kind }) => kind === "done")) {
    const deferred = [...outwards(node)].find((one): one is ts.CallExpression => ts.isCallExpression(one) && /(?:^|\.)defer$/.test(one.expression.getText()));
    const place = deferred === undefined ? undefined : statementOf(ts, deferred);
    if (deferred !== undefined && place !== undefined && waiter !== undefined && functionOf(ts, deferred) === waiter) {
      const moved = movedInto(site, node, place);
      return typeof moved === "string" ? moved : [{ edits: moved.edits, facts: { group, function: functionName(ts, waiter), how: "moved" } }];
    }
    const own = statementOf(ts, node);
    const fn = functionOf(ts, node);
    if (own === undefined || fn?.body === undefined || own.block !== fn.body || own.index === 0 || !isAsync(ts, fn) || isIn(operation.node, fn)) continue;
    const [first] = own.block.statements;
    return [{ edits: site.patch().finally(own.block, [first!, own.block.statements.at(-1)!], own.statement.getText(), own.statement).edits, facts: { group, function: functionName(ts, fn) } }];
  }
  return "who calls Done does so on every path";
};

/** The deferred Done of who waits comes only when the wait is over: it is moved into the goroutine that is started behind it. */
function movedInto(site: Site, done: ts.Node, place: NonNullable<ReturnType<typeof statementOf>>): TsPatch | string {
  const { ts } = site.sources;
  const next = place.block.statements[place.index + 1];
  const started = next === undefined || !ts.isExpressionStatement(next) || !ts.isCallExpression(next.expression) || next.expression.expression.getText() !== "go" ? undefined : next.expression.arguments[0];
  if (started === undefined || !(ts.isArrowFunction(started) || ts.isFunctionExpression(started))) return `no goroutine is started behind the deferred ${done.getText()}`;
  const { body } = started;
  const patch = site.patch().remove(place.statement);
  const isNothing = ts.isBlock(body) ? body.statements.length === 0 : body.getText() === "undefined";
  if (isNothing) patch.replace(body, done.getText());
  else if (ts.isBlock(body)) patch.finally(body, [body.statements[0]!, body.statements.at(-1)!], `await ${done.getText()};`);
  else patch.replace(body, `{ try { await ${body.getText().replace(/^await /, "")}; } finally { await ${done.getText()}; } }`);
  if (!isNothing && !isAsync(ts, started)) patch.insert(started, started.getStart(), "async ");
  return patch;
}
