import { isAsked, pulls } from "./coroutines.js";
import { place } from "../../model/source/blame.js";
import type { Goroutine } from "../../model/goroutine/snapshot.js";
import { heirs, waits } from "./lock-ownership.js";
import { sameVariable, stillToDo, waitsAt } from "./operands.js";
import { owingDone } from "./rules/waitgroup-mismatch.js";
import { nameOf, placeOf, type ObjectUse, type RunIndex } from "./run-index.js";
import { cited } from "./syntax.js";
import { waitingFor } from "./wait-operation.js";

/** A goroutine waits for what another one holds or still has to do. */
export interface WaitsFor {
  readonly goroutine: Goroutine;
  /** The second half of a sentence: `waits for Done, which goroutine 1.1 has not called`. */
  readonly why: string;
}

/**
 * For which of the goroutines that are left does one of them wait? The order of the questions is that of certainty: who
 * holds the lock and who did the other half before is in the trace; who would do the other half is in the source.
 */
export function waitsFor(goroutine: Goroutine, left: readonly Goroutine[], index: RunIndex): readonly WaitsFor[] {
  const others = left.filter((one) => one !== goroutine && one.name !== undefined);
  return [...forLocks(goroutine, others, index), ...forJoin(goroutine, others, index), ...forDone(goroutine, others, index), ...forSignal(goroutine, others, index), ...forPartner(goroutine, others, index), ...forPeer(goroutine, others, index), ...forSlot(goroutine, others, index), ...forSource(goroutine, others, index), ...forConnection(goroutine, others, index), ...forSequence(goroutine, others, index), ...forParent(goroutine, others, index)];
}

function forLocks(goroutine: Goroutine, others: readonly Goroutine[], index: RunIndex): readonly WaitsFor[] {
  if (goroutine.name === undefined) return [];
  return waits(index, goroutine.name).flatMap(({ hold }): readonly WaitsFor[] => {
    if (hold.mode === "places" && hold.goroutine === goroutine.name) {
      const started = heirs(index, hold);
      return others.filter(({ name }) => started.includes(name!)).map((one) => ({ goroutine: one, why: `waits for the semaphore, of which it acquired ${hold.places} at ${placeOf(hold.act)} before it started ${nameOf(index, one.name!)}` }));
    }
    const holder = others.find(({ name }) => name === hold.goroutine);
    const what = hold.mode === "inside" ? "for the Once that" : hold.mode === "places" ? "for the semaphore that" : "for the lock that";
    const did = hold.mode === "inside" ? "is inside of since" : hold.mode === "announced" ? "waits to write-lock since" : "took at";
    return holder === undefined ? [] : [{ goroutine: holder, why: `waits ${what} ${nameOf(index, hold.goroutine)} ${did} ${placeOf(hold.act)}` }];
  });
}

function forJoin({ blockedOn }: Goroutine, others: readonly Goroutine[], index: RunIndex): readonly WaitsFor[] {
  const joined = blockedOn?.objects.flatMap(({ label }) => (label?.kind === "goroutine" ? [label.name] : [])) ?? [];
  return others.filter(({ name }) => joined.includes(`goroutine ${name}`)).map((one) => ({ goroutine: one, why: `waits for the end of ${nameOf(index, one.name!)}` }));
}

function forDone(goroutine: Goroutine, others: readonly Goroutine[], index: RunIndex): readonly WaitsFor[] {
  const object = waitingFor(goroutine) === "wgwait" ? goroutine.blockedOn?.objects[0]?.object : undefined;
  if (object === undefined) return [];
  const isErrgroup = goroutine.blockedOn!.objects[0]!.label?.kind === "errgroup";
  const changes = index.uses(object).filter(({ op }) => op === "wgadd");
  return owingDone(changes, goroutine, index).filter((one) => others.includes(one)).map((one) => ({ goroutine: one, why: isErrgroup ? `waits for the errgroup, of which ${nameOf(index, one.name!)} is` : `waits for Done, which ${nameOf(index, one.name!)} has not called` }));
}

function forSignal(goroutine: Goroutine, others: readonly Goroutine[], index: RunIndex): readonly WaitsFor[] {
  const object = waitingFor(goroutine) === "condwait" ? goroutine.blockedOn?.objects[0]?.object : undefined;
  if (object === undefined) return [];
  return byOthers(index.uses(object).filter(({ op }) => op === "condsignal" || op === "condbroadcast"), others, (one, last) => `waits for a signal, as ${nameOf(index, one.name!)} gave one at ${placeOf(last.act)}`);
}

/** Who did the other half on the same channel before, and is blocked at something else now. */
function forPartner(goroutine: Goroutine, others: readonly Goroutine[], index: RunIndex): readonly WaitsFor[] {
  return (goroutine.blockedOn?.objects ?? []).flatMap(({ object, op }) => {
    if (op !== "send" && op !== "recv") return [];
    const elsewhere = others.filter(({ blockedOn }) => blockedOn?.objects.every((one) => one.object !== object) ?? true);
    const other = op === "send" ? "recv" : "send";
    return byOthers(index.uses(object).filter((use) => use.op === other), elsewhere, (one, last) => `waits for ${nameOf(index, one.name!)}, which ${op === "send" ? "received" : "sent"} there before (${placeOf(last.act)})`);
  });
}

/** Who reads from a stream waits for the one that wrote into it before, at the other end of a connection within the process, and is blocked at something else now. */
function forPeer(goroutine: Goroutine, others: readonly Goroutine[], index: RunIndex): readonly WaitsFor[] {
  const stream = goroutine.blockedOn?.op === "netread" ? goroutine.blockedOn.objects[0]?.object : undefined;
  if (stream === undefined) return [];
  return byOthers(index.uses(stream).filter(({ op }) => op === "netwrite"), others, (one, last) => `waits for ${nameOf(index, one.name!)} at the other end of the connection, which wrote there before (${placeOf(last.act)})`);
}

function byOthers(uses: readonly ObjectUse[], others: readonly Goroutine[], why: (one: Goroutine, last: ObjectUse) => string): readonly WaitsFor[] {
  return others.flatMap((one) => {
    const last = uses.findLast(({ act }) => act.goroutine === one.name);
    return last === undefined ? [] : [{ goroutine: one, why: why(one, last) }];
  });
}

/**
 * A channel with room for so many values as a semaphore (errgroup's SetLimit): who sent there started one goroutine before it sent
 * again, and that one takes the value out when it ends. Of a channel with values for others somebody receives while these live.
 */
function forSlot(goroutine: Goroutine, others: readonly Goroutine[], index: RunIndex): readonly WaitsFor[] {
  const { name, blockedOn } = goroutine;
  const object = blockedOn?.op === "send" && !blockedOn.nil ? blockedOn.objects[0]?.object : undefined;
  if (name === undefined || object === undefined) return [];
  const uses = index.uses(object);
  const sends = uses.filter(({ act, op }) => op === "send" && act.goroutine === name);
  return sends.flatMap((sent, i) => {
    const until = sends[i + 1]?.step ?? Infinity;
    const started = index.trace.lives.filter(({ createdBy, startedAt }) => createdBy?.name === name && startedAt + 1 >= sent.step && startedAt + 1 < until);
    const [only] = started;
    if (only === undefined || started.length > 1 || uses.some(({ act, op }) => op === "recv" && act.goroutine === only.name)) return [];
    const holder = others.find((one) => one.name === only.name);
    return holder === undefined ? [] : [{ goroutine: holder, why: `waits for room in a channel that is full: it sent there at ${placeOf(sent.act)} (step ${sent.step}) before it started ${nameOf(index, only.name)}` }];
  });
}

const VERB: Readonly<Record<string, string>> = { send: "send at", close: "close it at", receive: "receive at", range: "receive at" };

/** Who has the other half still before it, in the functions that it is in. */
function forSource(goroutine: Goroutine, others: readonly Goroutine[], index: RunIndex): readonly WaitsFor[] {
  const { context } = index;
  const frame = place(goroutine.stack);
  return (["send", "recv"] as const).flatMap((op) => {
    if (goroutine.blockedOn?.objects.every((one) => one.op !== op) ?? true) return [];
    const wanted = waitsAt(context, goroutine, frame, op);
    if (wanted.length === 0) return [];
    const kinds = op === "send" ? ["receive", "range"] : ["send", "close"];
    return others.flatMap((one) => {
      const ahead = stillToDo(context, one, kinds).find((name) => wanted.some((other) => sameVariable(name, other)));
      return ahead === undefined ? [] : [{ goroutine: one, why: `waits for ${nameOf(index, one.name!)} to ${VERB[ahead.operation.kind]} ${cited(context, ahead.frame.file, ahead.operation.line)}` }];
    });
  });
}

const LOOP = (loop: string) => ({ stack }: Goroutine): boolean => stack.some((frame) => frame.function === `net/http.(*persistConn).${loop}`);

/** The two goroutines of a client's HTTP connection, which one dial started: the reader's end closes what the writer waits on (transport.go, readLoop's deferred close). */
function forConnection(goroutine: Goroutine, others: readonly Goroutine[], index: RunIndex): readonly WaitsFor[] {
  const dialled = goroutine.createdBy?.name;
  if (dialled === undefined || !LOOP("writeLoop")(goroutine)) return [];
  const reader = others.find((one) => one.createdBy?.name === dialled && LOOP("readLoop")(one));
  return reader === undefined ? [] : [{ goroutine: reader, why: `ends with its connection, which ${nameOf(index, reader.name!)} reads` }];
}

/** Who calls next waits for the goroutine of the sequence. Which one that is nothing says but that it started it: so there must be no other. */
function forSequence(goroutine: Goroutine, others: readonly Goroutine[], index: RunIndex): readonly WaitsFor[] {
  const asked = pulls(goroutine) ? others.filter((one) => one.createdBy?.name === goroutine.name && isAsked(one)) : [];
  return asked.length === 1 ? [{ goroutine: asked[0]!, why: `waits for the sequence that it pulls from, which ${nameOf(index, asked[0]!.name!)} runs` }] : [];
}

/** Within t.Parallel. */
const isPaused = ({ stack }: Goroutine): boolean => stack.some((frame) => frame.function === "testing.(*T).Parallel");

/** A parallel subtest goes on when the function of its parent is over, which waits in t.Run for another of its subtests (testing.go, T.Parallel). */
function forParent(goroutine: Goroutine, others: readonly Goroutine[], index: RunIndex): readonly WaitsFor[] {
  const parent = goroutine.createdBy?.name;
  if (parent === undefined || !isPaused(goroutine)) return [];
  const inRun = others.filter((one) => one.createdBy?.name === parent && !isPaused(one) && one.stack.some((frame) => frame.function === "testing.tRunner"));
  return inRun.map((one) => ({ goroutine: one, why: `waits in t.Parallel for its parent test, which waits in t.Run for ${nameOf(index, one.name!)}` }));
}
