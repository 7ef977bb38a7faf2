import type ts from "typescript";
import type { Proposal, WayHere } from "../site.js";
import { bare, calledName, functionName, functionOf, isAsync, ownNodes, statementOf, within } from "../syntax.js";

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

/** What takes something, and what gives it back. */
const PAIRS: ReadonlyMap<string, readonly string[]> = new Map(Object.entries({
  acquire: ["release", "free", "destroy"], lock: ["unlock", "release"], rlock: ["runlock"], connect: ["release", "end", "close", "disconnect"], take: ["give", "put"],
  get: ["release", "put"], checkout: ["checkin", "release"], open: ["close"], enter: ["leave", "exit"], reserve: ["release"],
}));

/** Given back in a `finally`: an error on the way kept it. */
export const giveBack: WayHere = (site) => {
  const { sources: { ts }, objects } = site;
  const taken = site.nodes("stack").flatMap((node) => [...within(ts, node)]).find((node): node is ts.CallExpression => ts.isCallExpression(node) && PAIRS.has(calledName(ts, node) ?? ""));
  const from = taken?.expression;
  if (taken === undefined || from === undefined) return "nothing that is given back is waited for";
  const name = calledName(ts, taken)!;
  const owner = ts.isPropertyAccessExpression(from) ? objects.symbol(from.expression) : objects.symbol(from);
  const found: Proposal[] = [];
  for (const file of site.sources.files) {
    for (const node of within(ts, file)) {
      if (!ts.isCallExpression(node) || calledName(ts, node) !== name) continue;
      const object = ts.isPropertyAccessExpression(node.expression) ? node.expression.expression : node.expression;
      if (objects.symbol(object) !== owner || owner === undefined) continue;
      const proposal = givenBackAfter(node, object);
      if (proposal !== undefined) found.push(proposal);
    }
  }
  if (found.length === 0) return `whoever calls ${name} gives back what it took, or nowhere in the same block`;
  return found.length === 1 ? found : [{ edits: found.flatMap(({ edits }) => edits), facts: found[0]!.facts }, ...found];

  function givenBackAfter(node: ts.CallExpression, object: ts.Expression): Proposal | undefined {
    const fn = functionOf(ts, node);
    const place = statementOf(ts, node);
    if (fn === undefined || place === undefined || !isAsync(ts, fn)) return undefined;
    const { statement, block: { statements }, index } = place;
    const got = statement.getChildren().length > 0 && ts.isVariableStatement(statement) ? statement.declarationList.declarations[0]?.name.getText() : undefined;
    const give = statements.findIndex((one, at) => at > index && isGiving(one, object.getText(), got, PAIRS.get(name)!));
    const end = statements[give];
    const next = statements[index + 1];
    if (end === undefined || next === undefined || next === end) return undefined;
    const facts = { what: got ?? object.getText(), function: functionName(ts, fn), give: end.getText().replace(/^await |;$/g, "") };
    const after = statements.slice(give + 1);
    const isUsedAfter = after.length > 0 && uses(statements.slice(index + 1, give), after);
    return { edits: site.patch().finally(place.block, [next, isUsedAfter ? after.at(-1)! : end], end.getText(), end).edits, facts };
  }

  function isGiving(statement: ts.Statement, object: string, got: string | undefined, words: readonly string[]): boolean {
    if (!ts.isExpressionStatement(statement)) return false;
    const call = bare(ts, ts.isVoidExpression(statement.expression) ? statement.expression.expression : statement.expression);
    if (!ts.isCallExpression(call)) return false;
    if (ts.isIdentifier(call.expression)) return call.expression.text === got;
    return words.includes(calledName(ts, call) ?? "") && [object, got].includes((call.expression as ts.PropertyAccessExpression).expression.getText());
  }

  /** Does what comes later need a name of what comes before? */
  function uses(before: readonly ts.Statement[], after: readonly ts.Statement[]): boolean {
    const names = new Set(before.flatMap((one) => (ts.isVariableStatement(one) ? one.declarationList.declarations.flatMap(({ name: declared }) => [...within(ts, declared)].filter((at) => ts.isIdentifier(at)).map((at) => at.text)) : [])));
    return after.some((one) => [...within(ts, one)].some((at) => ts.isIdentifier(at) && names.has(at.text)));
  }
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
