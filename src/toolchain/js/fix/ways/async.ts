import type ts from "typescript";
import type { Proposal, WayHere } from "../site.js";
import { calledName, functionName, functionOf, isAsync, ownNodes, statementOf } from "../syntax.js";

/** `await` in front of a call that nobody waits for: each by itself. */
export const awaitAdded: WayHere = (site) => {
  const { sources: { ts, checker } } = site;
  const found: Proposal[] = [];
  for (const fn of site.functions()) {
    if (!isAsync(ts, fn) || fn.body === undefined) continue;
    for (const node of ownNodes(ts, fn.body)) {
      if (!ts.isExpressionStatement(node)) continue;
      const call = ts.isVoidExpression(node.expression) ? node.expression.expression : node.expression;
      if (!ts.isCallExpression(call)) continue;
      const facts = { what: `${call.expression.getText()}(…)`, function: functionName(ts, fn) };
      if (checker.getPropertyOfType(checker.getTypeAtLocation(call), "then") !== undefined) found.push({ edits: site.patch().replace(node.expression, `await ${call.getText()}`).edits, facts });
      const [each] = call.arguments;
      if (calledName(ts, call) !== "forEach" || each === undefined || !(ts.isArrowFunction(each) || ts.isFunctionExpression(each)) || !isAsync(ts, each)) continue;
      const { name } = call.expression as ts.PropertyAccessExpression;
      found.push({ edits: site.patch().insert(call, call.getStart(), "await Promise.all(").replace(name, "map").insert(call, call.end, ")").edits, facts });
    }
  }
  return found.length > 0 ? found : "every call that gives a promise is awaited";
};

/** An AbortSignal that is in scope, passed on to what takes one. */
export const signalPassed: WayHere = (site) => {
  const { sources: { ts, checker } } = site;
  const found: Proposal[] = [];
  for (const call of site.nodes("stack").flatMap((node) => [...ownNodes(ts, node)]).filter((node) => ts.isCallExpression(node))) {
    const signal = checker.getSymbolsInScope(call, ts.SymbolFlags.Variable).find((symbol) => {
      const { valueDeclaration: at } = symbol;
      return at !== undefined && at.getSourceFile() === call.getSourceFile() && at.pos < call.pos && checker.getTypeOfSymbolAtLocation(symbol, call).symbol?.name === "AbortSignal";
    });
    const parameter = checker.getResolvedSignature(call)?.parameters[call.arguments.length];
    if (signal === undefined || parameter === undefined) continue;
    const type = checker.getTypeOfSymbolAtLocation(parameter, call).getNonNullableType();
    if (checker.getPropertyOfType(type, "signal") === undefined) continue;
    const option = signal.name === "signal" ? "{ signal }" : `{ signal: ${signal.name} }`;
    found.push({ edits: site.patch().insert(call, call.end - 1, call.arguments.length === 0 ? option : `, ${option}`).edits, facts: { what: `${call.expression.getText()}(…)`, signal: signal.name } });
  }
  return found.length > 0 ? found : "no AbortSignal is in scope, or nothing on the stack takes one";
};

const REMOVES: ReadonlyMap<string, string> = new Map(Object.entries({ addEventListener: "removeEventListener", on: "off", addListener: "removeListener", prependListener: "removeListener" }));

/** A listener taken away again when the function is over. */
export const listenerRemoved: WayHere = (site) => {
  const { sources: { ts } } = site;
  for (const call of site.nodes("stack").flatMap((node) => [...ownNodes(ts, node)]).filter((node) => ts.isCallExpression(node))) {
    const removes = REMOVES.get(calledName(ts, call) ?? "");
    const [event, listener] = call.arguments;
    const place = statementOf(ts, call);
    const fn = functionOf(ts, call);
    if (removes === undefined || event === undefined || listener === undefined || place === undefined || fn === undefined || call.parent !== place.statement) continue;
    const next = place.block.statements[place.index + 1];
    if (!isAsync(ts, fn) || place.block !== fn.body || next === undefined) return `${functionName(ts, fn)} does not wait behind it: when it is to be taken away is not known`;
    const name = ts.isIdentifier(listener) ? listener.text : site.name(`on${/^["'](\w)(\w*)["']$/.exec(event.getText())?.slice(1, 3).map((word, i) => (i === 0 ? word.toUpperCase() : word)).join("") ?? "Event"}`, call);
    const patch = site.patch();
    if (!ts.isIdentifier(listener)) patch.before(place.statement, `const ${name} = ${listener.getText()};`).replace(listener, name);
    const target = (call.expression as ts.PropertyAccessExpression).expression.getText();
    patch.finally(place.block, [next, place.block.statements.at(-1)!], `${target}.${removes}(${event.getText()}, ${name});`);
    return [{ edits: patch.edits, facts: { what: `the listener of ${event.getText()}`, function: functionName(ts, fn) } }];
  }
  return "no listener is added there";
};
