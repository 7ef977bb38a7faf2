import type tsc from "typescript";
import { countFor } from "../count.js";
import type { WayHere } from "../site.js";
import { functionName, functionOf, isAsync, isIn, statementOf } from "../syntax.js";

/** Room for as many values as are sent. */
export const buffer: WayHere = (site) => {
  const { sources, objects, operation } = site;
  const { ts } = sources;
  if (operation === undefined) return "no operation of a channel is waited in";
  const maker = site.maker(operation.object);
  if (typeof maker === "string") return maker;
  if (!ts.isNewExpression(maker)) return "it is a nil channel";
  const sends = objects.on(new Set([maker])).filter(({ kind }) => kind === "send");
  if (sends.length === 0) return "nobody sends on it";
  const room = countFor(sources, objects, sends.map(({ node }) => node), maker);
  if (room === undefined) return "how many values are sent has no bound in the source";
  const [now] = maker.arguments ?? [];
  if (now !== undefined && ts.isNumericLiteral(now) && Number(now.text) >= Number(room)) return "it has room for as many as are sent";
  const patch = site.patch();
  if (now === undefined) patch.insert(maker, maker.end - (maker.arguments === undefined ? 0 : 1), maker.arguments === undefined ? `(${room})` : room);
  else patch.replace(now, ts.isNumericLiteral(now) && /^\d+$/.test(room) ? room : `Math.max(${room}, ${now.getText()})`);
  return [{ edits: patch.edits, facts: { channel: operation.object.getText(), room } }];
};

/** A channel that was never made. */
export const make: WayHere = (site) => {
  const { sources, objects, operation } = site;
  const { ts } = sources;
  if (operation === undefined) return "no operation of a channel is waited in";
  const maker = site.maker(operation.object);
  if (typeof maker === "string") return maker;
  if (!ts.isCallExpression(maker)) return "the channel is made";
  const others = objects.on(new Set([maker]));
  const sends = others.filter(({ kind }) => kind === "send");
  const room = sends.length === 0 ? "" : countFor(sources, objects, sends.map(({ node }) => node), maker);
  if (room === undefined) return "how many values are sent has no bound in the source";
  const typed = maker.typeArguments === undefined ? "" : `<${maker.typeArguments.map((one) => one.getText()).join(", ")}>`;
  const made = `new ${(maker.expression as tsc.PropertyAccessExpression).expression.getText()}${typed}(${room})`;
  const facts = { channel: operation.object.getText(), room, ...(room === "" ? { closed: "yes" } : {}) };
  const patch = site.patch();
  if (sends.length > 0) return [{ edits: patch.replace(maker, made).edits, facts }];
  const at = statementOf(ts, maker);
  const fn = functionOf(ts, maker);
  if (at === undefined || fn === undefined || !isAsync(ts, fn)) return "nobody sends on it, and it cannot be closed where it is made";
  if (ts.isVariableDeclaration(maker.parent)) patch.replace(maker, made).behind(at.statement, `await ${maker.parent.name.getText()}.close();`);
  else {
    const name = site.name(ts.isIdentifier(operation.object) ? operation.object.text : "values", maker);
    patch.before(at.statement, `const ${name} = ${made};`, `await ${name}.close();`).replace(maker, name);
  }
  return [{ edits: patch.edits, facts }];
};

/** The receive that is waited in, who made its channel, and all that is done with that; or why that is not known. */
function receivedFrom(site: Parameters<WayHere>[0]) {
  const { objects, operation } = site;
  if (operation === undefined || !RECEIVES.has(operation.kind)) return "no receive from a channel is waited in";
  const maker = site.maker(operation.object);
  return typeof maker === "string" ? maker : { operation, maker, all: objects.on(new Set([maker])) };
}

/** Who made it closes it when it returns: nobody sends, nobody closes. */
export const closeOwner: WayHere = (site) => {
  const { ts } = site.sources;
  const received = receivedFrom(site);
  if (typeof received === "string") return received;
  const { maker, all } = received;
  if (all.some(({ kind }) => kind === "send")) return "somebody sends on it";
  if (all.some(({ kind }) => kind === "close")) return "somebody closes it";
  const at = statementOf(ts, maker);
  const fn = functionOf(ts, maker);
  if (at === undefined || fn === undefined || !ts.isNewExpression(maker) || !ts.isVariableDeclaration(maker.parent)) return "it is not made by a function of its own";
  if (!isAsync(ts, fn)) return `${functionName(ts, fn)}, which makes it, is not async: it cannot close it`;
  const next = at.block.statements[at.index + 1];
  if (next === undefined) return "nothing stands behind where it is made";
  const channel = maker.parent.name.getText();
  return [{ edits: site.patch().finally(at.block, [next, at.block.statements.at(-1)!], `await ${channel}.close();`).edits, facts: { channel, function: functionName(ts, fn) } }];
};

/** The only sender closes it behind its last send. */
export const closeSender: WayHere = (site) => {
  const { objects } = site;
  const { ts } = site.sources;
  const received = receivedFrom(site);
  if (typeof received === "string") return received;
  const { operation, all } = received;
  if (all.some(({ kind }) => kind === "close")) return "somebody closes it";
  const sends = all.filter(({ kind, select }) => kind === "send" && select === undefined);
  const senders = new Set(sends.map(({ node }) => functionOf(ts, node)));
  const [sender] = senders;
  if (sender === undefined || senders.size > 1) return senders.size > 1 ? "several functions send on it" : "nobody sends on it";
  const isEmpty = (objects.uses(sender) ?? []).length !== 1 || (objects.uses(sender) ?? []).some(({ call }) => objects.isInLoop(call));
  if (isEmpty) return "its sender may be called more than once";
  if (sender.body === undefined || isIn(operation.node, sender)) return "who sends waits for it, too";
  const [first] = sends;
  const channel = first!.object.getText();
  if (!ts.isBlock(sender.body)) {
    const text = sender.body.getText();
    const edits = site.patch().replace(sender.body, `{ try { await ${text.replace(/^await /, "")}; } finally { await ${channel}.close(); } }`).insert(sender, sender.getStart(), isAsync(ts, sender) ? "" : "async ").edits;
    return [{ edits: edits.filter(({ text: some, length }) => some !== "" || length > 0), facts: { channel, function: functionName(ts, sender), how: "deferred" } }];
  }
  if (!isAsync(ts, sender)) return "its sender is not async: it cannot close it";
  const statements = sender.body.statements;
  return [{ edits: site.patch().finally(sender.body, [statements[0]!, statements.at(-1)!], `await ${channel}.close();`).edits, facts: { channel, function: functionName(ts, sender), how: "deferred" } }];
};

const RECEIVES: ReadonlySet<string> = new Set(["recv", "recvOk", "range", "values"]);
