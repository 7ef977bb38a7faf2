import { objectId, type ObjectId } from "../../model/ids.js";
import { CLOCK_READ } from "../../control/pending.js";
import { canBlock, isOf, OPERATIONS, type Access, type OpKind, type OpOf } from "../../model/run/operation.js";
import type { GuestGoroutine } from "../guest/guest-goroutine.js";
import type { GuestObjects } from "../guest/guest-objects.js";
import { codesWhere } from "../guest/op-codes.js";

/**
 * Sockets as the host reads them from the guest's memory (go/net/unpark_head.go). A stream (one direction of a
 * connection) is an object; so is an address at which connections are accepted or datagrams received. What is put into
 * it and taken out of it is counted, so that reduction sees which read needed which write (explore/dpor/dependence.ts).
 */
export const HEAD = { readReady: 0, writeReady: 4, moreReady: 8, size: 12, readDeadline: 16, writeDeadline: 24, readPos: 32, writePos: 40, other: 48 } as const;

/** A write's aux: its length, and whether it has begun already. */
export const MORE = 1 << 30;
/** A `netset`'s aux: what it sets, and that it changes nothing. */
const SET = { read: 1, write: 2, same: 4 } as const;
/** A `netclose`'s aux: 0 for a connection, 1 for a listener or a datagram socket. */
const SOCKET = 1;
/** Of an address: nothing waits for room there. */
const UNBOUNDED = 2 ** 30;

const NETWORK: ReadonlySet<OpKind> = new Set(OPERATIONS.filter((op) => isOf(op, "network")));
export const isNetOp = (op: OpKind): op is OpOf<"network"> => NETWORK.has(op);

const AT_NET = codesWhere(isNetOp);
export const isAtNet = ({ code }: Pick<GuestGoroutine, "code">): boolean => AT_NET[code] === 1;

/** It may have to wait. */
const WAITS = codesWhere((op) => isNetOp(op) && canBlock(op));
export const waitsAtNet = ({ code }: Pick<GuestGoroutine, "code">): boolean => WAITS[code] === 1;

/** Sets a deadline to what it is: most servers set none before each request. Two that set it at once are not distinguished. */
export const setsNothing = ({ op, aux }: Pick<GuestGoroutine, "op" | "aux">): boolean => op === "netset" && (aux & SET.same) !== 0;

/** Whether it would go on without waiting. */
export function netCanGoOn(goroutine: Pick<GuestGoroutine, "op" | "code" | "object" | "aux">, objects: GuestObjects, now: number): boolean {
  if (!waitsAtNet(goroutine) || objects.word(readyAt(goroutine)) !== 0) return true;
  const deadline = netDeadline(goroutine, objects);
  return deadline !== 0 && deadline <= now;
}

function readyAt({ op, object, aux }: Pick<GuestGoroutine, "op" | "object" | "aux">): number {
  switch (op) {
    case "netread":
      return object + HEAD.readReady;
    case "netwrite":
      return object + ((aux & MORE) === 0 ? HEAD.writeReady : HEAD.moreReady);
    case "netsend":
      return object + HEAD.writeReady;
    default:
      return (aux >>> 0) + HEAD.readReady;
  }
}

/** When it gives up, on the guest's monotonic clock; 0: never; negative: at once. */
export function netDeadline({ op, object, aux }: Pick<GuestGoroutine, "op" | "object" | "aux">, objects: GuestObjects): number {
  switch (op) {
    case "netread":
      return objects.long(object + HEAD.readDeadline);
    case "netwrite":
      return objects.long(object + HEAD.writeDeadline);
    case "netsend":
      return objects.long((aux >>> 0) + HEAD.writeDeadline);
    case "netrecv":
    case "netaccept":
      return objects.long((aux >>> 0) + HEAD.readDeadline);
    default:
      return 0;
  }
}

/** Addresses of what decides whether it can go on. */
export const netWatched = ({ op, code, object, aux }: Pick<GuestGoroutine, "op" | "code" | "object" | "aux">): readonly number[] =>
  WAITS[code] === 0 ? [] : op === "netread" || op === "netwrite" ? [object] : [object, aux >>> 0];

/** What it touches; `exactly`: with what the objects hold, to be asked before the step. */
export function netAccesses(goroutine: Pick<GuestGoroutine, "op" | "object" | "aux">, objects: GuestObjects, exactly: boolean): readonly Access[] {
  const accesses = touched(goroutine, objects, exactly);
  const timed = goroutine.op === "netset" || netDeadline(goroutine, objects) !== 0;
  return timed ? [...accesses, CLOCK_READ] : accesses;
}

function touched({ op, object, aux }: Pick<GuestGoroutine, "op" | "object" | "aux">, objects: GuestObjects, exactly: boolean): readonly Access[] {
  const other = objects.word(object + HEAD.other) >>> 0;
  const both = (kind: OpKind, more: OpKind = kind): readonly Access[] =>
    other === 0 ? [access(object, kind)] : [access(object, kind), access(other, more)];
  switch (op) {
    case "netread":
      return [exactly ? reading(object, aux, objects) : access(object, "netread")];
    case "netrecv":
    case "netaccept":
      return [exactly ? reading(object, 1, objects) : access(object, "netread")];
    case "netwrite":
      return [exactly ? writing(object, aux & ~MORE, objects) : access(object, "netwrite")];
    case "netsend":
    case "netdial":
      return (other === 0 ? [object] : [object, other]).map((one) => (exactly ? arriving(one, objects) : access(one, "netwrite")));
    case "netclose":
      return aux === SOCKET ? both("netset") : both("netstop", "netfin");
    case "netset":
      return (aux & (SET.read | SET.write)) === (SET.read | SET.write) ? both("netset") : [access(object, "netset")];
    case "netbind":
      return both("netset");
    default:
      return [access(object, op)];
  }
}

const access = (object: number, op: OpKind): Access => ({ object: objectId(object), op });

/** It reads, or accepts: takes something out. */
export const isTakenFrom = ({ op }: Pick<GuestGoroutine, "op">): boolean => op === "netread" || op === "netrecv" || op === "netaccept";

/** It goes on, and there is nothing that it could take: the socket is closed, its other end is, or its time is over. The socket. */
export function netTakesNothing({ op, object, aux }: Pick<GuestGoroutine, "op" | "object" | "aux">, objects: GuestObjects): ObjectId | undefined {
  const wanted = op === "netread" ? aux : 1;
  const { delta = 0 } = reading(object, wanted, objects);
  return wanted > 0 && delta <= 0 ? objectId(object) : undefined;
}

/** `before`: how much was taken before; `capacity`: how much it would take; `delta`: how much there is of that. */
function reading(object: number, wanted: number, objects: GuestObjects): Access {
  if (objects.word(object + HEAD.size) === 0) return access(object, "netread");
  const before = objects.long(object + HEAD.readPos);
  const there = objects.long(object + HEAD.writePos) - before;
  return { object: objectId(object), op: "netread", before, capacity: wanted, delta: Math.min(wanted, there) };
}

/** `before`: how much was put in before; `delta`: how much it puts in; `capacity`: how much may lie there. */
function writing(object: number, length: number, objects: GuestObjects): Access {
  const before = objects.long(object + HEAD.writePos);
  const size = objects.word(object + HEAD.size) >>> 0;
  const room = size - (before - objects.long(object + HEAD.readPos));
  return length > room ? access(object, "netwrite") : { object: objectId(object), op: "netwrite", before, delta: length, capacity: size };
}

/** A connection or a datagram comes to an address. */
function arriving(object: number, objects: GuestObjects): Access {
  if (objects.word(object + HEAD.size) === 0) return access(object, "netwrite");
  return { object: objectId(object), op: "netwrite", before: objects.long(object + HEAD.writePos), delta: 1, capacity: UNBOUNDED };
}
