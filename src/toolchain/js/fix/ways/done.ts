import type ts from "typescript";
import type { TsOperation } from "../objects.js";
import type { TsPatch } from "../patch.js";
import type { Site, WayHere } from "../site.js";
import { functionName, functionOf, isAlone, isAsync, isExported, isIn, outwards, statementOf, type FunctionNode } from "../syntax.js";

/** A send that is given up when a done channel is closed, which who takes the values does when it has enough. */
export const doneAdded: WayHere = (site) => {
  const { sources, objects, operation } = site;
  const { ts } = sources;
  if (operation === undefined || operation.kind !== "send" || operation.select !== undefined || !isAlone(ts, operation.node as ts.CallExpression)) return "no plain send is waited in";
  const maker = site.maker(operation.object);
  if (typeof maker === "string") return maker;
  const around = functionOf(ts, maker);
  const sender = functionOf(ts, operation.node);
  const made = statementOf(ts, maker);
  if (around === undefined || sender === undefined || made === undefined || !isIn(sender, around)) return "its sender is not a function literal where the channel is made";
  const receives = objects.on(new Set([maker])).filter(({ kind }) => kind !== "send" && kind !== "close");
  const done = site.name("done", maker);
  const patch = site.patch();
  const end = endOf(site, operation, done);
  if (end === undefined) return "what stands around the send cannot be left";
  patch.replace(end.node, end.text).import(["recv", "select", "send"], operation.node);
  const own = receives.filter(({ node }) => functionOf(ts, node) === around);
  if (own.length > 0 || receives.length === 0) {
    if (!isAsync(ts, around)) return `${functionName(ts, around)} is not async: it cannot close a channel`;
    patch.before(made.statement, `const ${done} = new Chan<void>();`).import(["Chan"], maker);
    if (!closes(site, patch, around, own, done)) return "where it has enough is not known";
    return [{ edits: patch.edits, facts: { what: `the send on ${operation.object.getText()}`, function: functionName(ts, around), by: own.length > 0 ? "enough" : "" } }];
  }
  return handedOut(site, patch, { operation, around, receives, done });
};

/** What a done channel is added for. */
interface Handed {
  readonly operation: TsOperation;
  /** The function that makes the channel of the values. */
  readonly around: FunctionNode;
  readonly receives: readonly TsOperation[];
  readonly done: string;
}

/** The channel is handed out: whoever asked for it says when it has enough. */
function handedOut(site: Site, patch: TsPatch, { operation, around, receives, done }: Handed): ReturnType<WayHere> {
  const { sources: { ts }, objects } = site;
  const uses = objects.uses(around);
  const [use] = uses ?? [];
  if (use === undefined || uses!.length > 1 || isExported(ts, around) || objects.isInLoop(use.call)) return "it is handed out to several, or its function is exported: its signature would change";
  const taker = functionOf(ts, use.call);
  const asked = statementOf(ts, use.call);
  const taken = receives.filter(({ node }) => functionOf(ts, node) === taker);
  if (taker === undefined || asked === undefined || taken.length === 0 || !isAsync(ts, taker)) return "who asked for it does not receive itself";
  const last = around.parameters.at(-1);
  const parameter = site.typed(done, "RecvChan<void>", around);
  patch.insert(around, last?.end ?? around.parameters.pos, last === undefined ? parameter : `, ${parameter}`).import(["RecvChan"], around, true);
  patch.insert(use.call, use.call.end - 1, use.args.length === 0 ? done : `, ${done}`).before(asked.statement, `const ${done} = new Chan<void>();`).import(["Chan"], use.call);
  if (!closes(site, patch, taker, taken, done)) return "where it has enough is not known";
  return [{ edits: patch.edits, facts: { what: `the send on ${operation.object.getText()}`, function: functionName(ts, around), by: "caller" } }];
}

/** The select in the place of the send. Behind it the goroutine goes on only if the value was taken. */
export function endOf(site: Site, { node, object }: TsOperation, done: string): { readonly node: ts.Node; readonly text: string } | undefined {
  const { ts } = site.sources;
  const call = node as ts.CallExpression;
  const statement = (ts.isAwaitExpression(call.parent) ? call.parent : call).parent;
  const place = statementOf(ts, call);
  const fn = functionOf(ts, call);
  if (place === undefined || fn === undefined || !ts.isStatement(statement)) return undefined;
  const select = `select(send(${[object, ...call.arguments.slice(0, 1)].map((one) => one.getText()).join(", ")}), recv(${done}))`;
  const isLast = place.statement === statement && place.block === fn.body && place.index === place.block.statements.length - 1;
  if (!isLast) return { node: statement, text: `if ((await ${select}).index === 1) return;` };
  return { node: statement, text: `await ${select};` };
}

/** Behind the last receive, or whatever comes. */
function closes(site: Site, patch: TsPatch, taker: FunctionNode, receives: readonly TsOperation[], done: string): boolean {
  const { ts } = site.sources;
  if (taker.body === undefined || !ts.isBlock(taker.body)) return false;
  const statements = taker.body.statements;
  const holds = (node: ts.Node): number => statements.findIndex((one) => [...outwards(node)].includes(one));
  const last = receives.length === 0 ? statements.length - 1 : Math.max(...receives.map(({ node }) => holds(node)));
  const statement = statements[last];
  if (statement === undefined) return false;
  if (!ts.isReturnStatement(statement)) patch.behind(statement, `await ${done}.close();`);
  else patch.finally(taker.body, [statement, statement], `await ${done}.close();`);
  return true;
}

/** A context or a signal that is in scope, beside the operation. */
export const selectDone: WayHere = (site) => {
  const { sources, operation } = site;
  const { ts, checker } = sources;
  if (operation === undefined || operation.select !== undefined || !["send", "recv"].includes(operation.kind)) return "no plain send or receive is waited in";
  const call = operation.node as ts.CallExpression;
  const end = checker.getSymbolsInScope(call, ts.SymbolFlags.Variable).find((symbol) => {
    const { valueDeclaration: at } = symbol;
    return at !== undefined && at.getSourceFile() === call.getSourceFile() && at.pos < call.pos && checker.getTypeOfSymbolAtLocation(symbol, call).symbol?.name === "Context";
  });
  if (end === undefined) return "no context is in scope";
  const done = `${end.name}.done()`;
  const facts = { what: `the ${operation.kind === "send" ? "send on" : "receive from"} ${operation.object.getText()}`, end: done };
  const patch = site.patch().import(["recv", "select", ...(operation.kind === "send" ? ["send"] : [])], call);
  if (operation.kind === "send") {
    const gone = isAlone(ts, call) ? endOf(site, operation, done) : undefined;
    return gone === undefined ? "what stands around the send cannot be left" : [{ edits: patch.replace(gone.node, gone.text).edits, facts }];
  }
  const waits = ts.isAwaitExpression(call.parent) ? call.parent : undefined;
  if (waits === undefined) return "the receive is not awaited where it stands";
  if (isAlone(ts, call)) return [{ edits: patch.replace(waits, `await select(recv(${operation.object.getText()}), recv(${done}))`).edits, facts }];
  const place = statementOf(ts, call);
  if (place === undefined || !ts.isVariableDeclaration(waits.parent)) return "what is received is used in the same statement";
  const got = site.name("got", call);
  patch.before(place.statement, `const ${got} = await select(recv(${operation.object.getText()}), recv(${done}));`, `if (${got}.index === 1) return;`).replace(waits, `${got}.value`);
  return [{ edits: patch.edits, facts }];
};
