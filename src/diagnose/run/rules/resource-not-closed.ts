import { shownCreator } from "../../../model/finding/subjects.js";
import { callBehind } from "../../../model/run/started-from.js";
import { at, packageOf, userFrame } from "../../../model/source/blame.js";
import type { Goroutine } from "../../../model/goroutine/snapshot.js";
import type { Rule } from "../rule.js";
import { waitsInside } from "./no-timeout.js";
import { isPulledFrom } from "../coroutines.js";
import { nameOf, placeOf, type RunIndex } from "../run-index.js";

const POOL: readonly [RegExp, string] = [/^database\/sql\.\(\*DB\)\.conn$/, "it waits for a connection of the sql.DB, and all that it may open are in use: one is free again when its Rows, Tx or Conn is closed"];

/** Goroutines that a library value keeps until it is closed: what started them, and what would end them. */
const KEPT: readonly (readonly [RegExp, string])[] = [
  [/^net\/http\.\(\*persistConn\)\./, "an HTTP connection's goroutine ends when the response body is closed and the client's idle connections are"],
  [/^net\/http\.\(\*(Server|conn)\)\./, "an HTTP server's goroutine ends when the server (or httptest.Server) is closed"],
  POOL,
  [/^database\/sql\.\(\*Rows\)\.awaitDone$/, "it ends when its Rows are closed or read to their end, and neither was done (nor did their context end)"],
  [/^database\/sql\.\(\*Tx\)\.awaitDone$/, "it ends when its Tx is committed or rolled back, and neither was done (nor did its context end)"],
  [/^database\/sql\.\(\*DB\)\./, "a sql.DB's goroutine ends when the DB is closed"],
  [/^os\/exec\.\(\*Cmd\)\./, "a command's goroutine ends when Wait is called"],
  [/^crypto\/tls\.\(\*Conn\)\.quic/, "the handshake of a tls.QUICConn goes on when its events are taken, and ends when the QUICConn is closed"],
  [/^io\.\(\*pipe\)\./, "an io.Pipe's reader or writer goes on when the other end is used or closed"],
  [/^net\.\(\*pipe\)\./, "a net.Pipe's reader or writer goes on when the other end is used or closed"],
];

export const resourceNotClosed: Rule = {
  code: "resource-not-closed",
  doc: "A goroutine of the library's own serves a connection, server or handle that was not closed.",
  run(goroutine, index) {
    if (isPulledFrom(goroutine)) return ["an iter.Pull's goroutine goes on when its next is called, and ends when its stop is", ...startedBy(goroutine, index)];
    const known = goroutine.stack.flatMap((frame) => KEPT.filter(([symbol]) => symbol.test(frame.function)))[0];
    if (!known) return undefined;
    const library = userFrame(goroutine.stack) === undefined;
    if (!library && !waitsInside(goroutine) && !/^io\b/.test(packageOf(goroutine.stack.find((f) => known[0].test(f.function))!.function))) return undefined;
    const body = openBody(goroutine, index);
    if (body !== undefined) return [body];
    const holders = known === POOL ? heldConnections(index) : [];
    return [known[1], ...(holders.length > 0 ? holders : startedBy(goroutine, index))];
  },
};

/** `the Tx that was begun at store.go:12 has one`: of those that have a goroutine of their own, which waits for their end (sql.go, `awaitDone`). */
function heldConnections(index: RunIndex): readonly string[] {
  const held = index.snapshot.goroutines.flatMap(({ name, stack }) => {
    const what = name === undefined ? undefined : HOLDERS.find(([symbol]) => stack.some((frame) => frame.function === symbol))?.[1];
    const call = what === undefined ? undefined : callBehind(index.life(name!), (one) => index.life(one));
    return call === undefined ? [] : [`${what} at ${at(call)} has one`];
  });
  return [...new Set(held)].slice(0, MOST_HELD);
}

const HOLDERS: readonly (readonly [symbol: string, words: string])[] = [
  ["database/sql.(*Tx).awaitDone", "the Tx that was begun"],
  ["database/sql.(*Rows).awaitDone", "the Rows of the query"],
];
/** A pool may be large; which of them was forgotten is seen by a few. */
const MOST_HELD = 3;

function startedBy(goroutine: Goroutine, index: RunIndex): readonly string[] {
  const life = goroutine.name === undefined ? undefined : index.life(goroutine.name);
  if (callBehind(life, (name) => index.life(name)) !== undefined) return []; // said of the finding itself (Finding.calledFrom)
  const createdBy = shownCreator(goroutine);
  return createdBy?.name === undefined ? [] : [`it was started by ${nameOf(index, createdBy.name)}`];
}

/**
 * A client's connection that handed an answer over and waits for its body: net/http's readLoop sends on a channel for
 * nothing but the answer, and then receives only, from the body among others (transport.go, `waitForBodyRead`).
 */
function openBody({ name, stack, blockedOn }: Goroutine, index: RunIndex): string | undefined {
  if (!stack.some((frame) => frame.function === "net/http.(*persistConn).readLoop")) return undefined;
  if (blockedOn?.op !== "select" || blockedOn.objects.some(({ op }) => op !== "recv")) return undefined;
  // One step of two goroutines: a send and a receive that met.
  const handedOver = index.trace.steps.findLast(({ acts }) => acts.length === 2 && acts.some(({ goroutine }) => goroutine === name));
  const taken = handedOver?.acts.find((act) => act.goroutine !== name);
  if (taken === undefined || userFrame(taken.stack) === undefined) return undefined;
  return `it waits until the body of the answer that ${nameOf(index, taken.goroutine)} got at ${placeOf(taken)} is read to its end or closed, and neither was done`;
}
