import { CLOCK_READ } from "../../control/pending.js";
import { unreachable } from "../../base/unreachable.js";
import { DEFAULT_CASE, type Choice } from "../../model/run/choice.js";
import { objectId } from "../../model/ids.js";
import { CLOCK_OBJECT, canBlock, type Access, type BlockingOp, type OpKind, type OpOf } from "../../model/run/operation.js";
import type { Offer, Party } from "../../model/run/rendezvous.js";
import type { GuestGoroutine, LockOp } from "./guest-goroutine.js";
import { SYNC, type GuestObjects } from "./guest-objects.js";
import { codesWhere } from "./op-codes.js";
import { isAtNet, netAccesses, netCanGoOn, netWatched } from "../net/net-objects.js";
import type { HostClock } from "../run/host-clock.js";

/** What a goroutine of the guest is stopped before: what it touches, what decides whether it can go on. */

export const isChannelOp = (op: OpKind): op is OpOf<"channel"> & BlockingOp => op === "send" || op === "recv" || op === "select";

/** A goroutine before a channel operation, as `model/rendezvous` sees it. A select's aux: nsends | nrecvs << 15 | block << 30. */
export function partyOfGoroutine(goroutine: GuestGoroutine, objects: GuestObjects): Party {
  const { name, op, object, aux, arrived } = goroutine;
  if (op !== "select") {
    const direction = op === "send" ? "send" : "recv";
    const channel = object === 0 ? undefined : objectId(object);
    return { goroutine: name, offers: [{ channel, direction }], select: aux === 0, hasDefault: aux === 0, arrived };
  }
  const sends = sendsOf(aux);
  const cases = casesOf(aux);
  const offers: Offer[] = [];
  for (let index = 0; index < cases; index++) {
    const channel = objects.caseChannel(object, index);
    offers.push({ channel: channel === 0 ? undefined : objectId(channel), direction: index < sends ? "send" : "recv" });
  }
  return { goroutine: name, offers, select: true, hasDefault: aux >>> 30 === 0, arrived };
}

const sendsOf = (aux: number): number => aux & 0x7fff;
const casesOf = (aux: number): number => sendsOf(aux) + ((aux >>> 15) & 0x7fff);

export function channelAccesses({ offers }: Pick<Party, "offers">, objects: GuestObjects, exactly = false): readonly Access[] {
  const accesses: Access[] = [];
  for (const { channel, direction } of offers) {
    if (channel === undefined) continue;
    const timer = objects.timerOf(channel);
    if (timer !== 0) accesses.push({ object: channel, op: direction }, { object: objectId(timer), op: "load" }, CLOCK_READ);
    else if (!exactly) accesses.push({ object: channel, op: direction });
    else {
      accesses.push({ object: channel, op: direction, before: objects.lengthOf(channel), capacity: objects.capacityOf(channel) });
    }
  }
  return accesses;
}

/**
 * What a goroutine touches by going on with case `index` (undefined: no select), and what the object held before: to be
 * asked before the step. Of a select only the case that it takes; all of them for a default (see model's Footprint).
 */
export function touchedBy(goroutine: GuestGoroutine, index: number | undefined, objects: GuestObjects): readonly Access[] {
  const { op, object, aux } = goroutine;
  if (op === "wgadd") return [{ object: objectId(object), op, before: objects.counter(object), delta: aux }];
  if (isAtNet(goroutine)) return netAccesses(goroutine, objects, true);
  if (!isChannelOp(op)) return accessesOf(goroutine, objects);
  const { offers } = goroutine.party ?? partyOfGoroutine(goroutine, objects);
  const taken = channelAccesses({ offers: index === undefined || index === DEFAULT_CASE ? offers : [offers[index]!] }, objects, true);
  // Whichever case it takes, it no longer waits for the timers of the others, and the clock may have another next move.
  return waitsForTimer(goroutine, objects) ? [...taken, CLOCK_READ] : taken;
}

/** What a step touches, as far as it is known before it is done. `actors`: those of the choice, in its order. */
export function accessesOfChoice(choice: Choice, actors: readonly GuestGoroutine[], objects: GuestObjects): readonly Access[] {
  if (choice.kind === "clock") return [{ object: CLOCK_OBJECT, op: "clock" }];
  if (choice.kind !== "meet") return touchedBy(actors[0]!, choice.kind === "go" ? choice.case : undefined, objects);
  return [...touchedBy(actors[0]!, choice.sendCase, objects), ...touchedBy(actors[1]!, choice.recvCase, objects)];
}

/** Of one before a channel operation. */
export function waitsForTimer({ op, object, aux }: GuestGoroutine, objects: GuestObjects): boolean {
  if (op !== "select") return objects.timerOf(object) !== 0;
  for (let index = casesOf(aux) - 1; index >= 0; index--) if (objects.timerOf(objects.caseChannel(object, index)) !== 0) return true;
  return false;
}

/** The accesses of an operation that is not on channels. */
export function accessesOf(goroutine: GuestGoroutine, objects: GuestObjects): readonly Access[] {
  const { op, object } = goroutine;
  if (isAtNet(goroutine)) return netAccesses(goroutine, objects, false);
  switch (op) {
    case "sleep":
      return [CLOCK_READ];
    case "timerstop":
    case "timerreset":
      return [{ object: objectId(object), op }, CLOCK_READ];
    case "yield":
    case "random":
    case "start":
    case "fileopen":
    case "filewrite":
    case "fileclose":
      return [];
    default:
      return object === 0 ? [] : [{ object: objectId(object), op }];
  }
}

const BLOCKING = codesWhere(canBlock);
const mayBlock = (_op: OpKind, code: number): _op is BlockingOp => BLOCKING[code] === 1;

/** Whether an operation that is not on channels would go on without waiting, read from the object itself. */
export function canGoOn(goroutine: GuestGoroutine, { objects, clock }: { readonly objects: GuestObjects; readonly clock: HostClock }): boolean {
  const { op, code, object, until, aux } = goroutine;
  if (!mayBlock(op, code)) return true;
  switch (op) {
    case "lock":
    case "wlock":
    case "rlock":
    case "wgwait":
      return isFree(op, object, objects);
    case "wacquire": // aux 1: there were no readers when it announced itself
      return aux === 1 || objects.writerSemaphore(object) > 0;
    case "once":
      return objects.onceReady(object);
    case "semacquire":
      return objects.word(object) !== 0;
    case "sleep":
      return until <= clock.base;
    case "condwait": // begins to wait: an event (P2)
      return true;
    case "send":
    case "recv":
    case "select":
      return false; // model/run/rendezvous.ts says it
    case "netread":
    case "netwrite":
    case "netrecv":
    case "netsend":
    case "netaccept":
      return netCanGoOn(goroutine, objects, clock.base);
    default:
      return unreachable(op);
  }
}

/** Of those that stand before it none has to wait. */
export function isFree(op: LockOp, object: number, objects: GuestObjects): boolean {
  switch (op) {
    case "lock":
    case "wlock": // RWMutex.w is its first field: another writer holds it
      return !objects.locked(object);
    case "rlock":
      return objects.readerCount(object) >= 0;
    case "wgwait":
      return objects.counter(object) === 0;
    default:
      return unreachable(op);
  }
}

/** Addresses of what decides whether it can go on, besides the clock; undefined: it has to be looked at after every step. */
export function watchedBy(goroutine: GuestGoroutine, party: Party | undefined, objects: GuestObjects): readonly number[] | undefined {
  if (party) {
    const watched: number[] = [];
    for (const { channel } of party.offers) {
      if (channel === undefined) continue;
      const timer = objects.timerOf(channel);
      if (timer === 0) watched.push(channel);
      else watched.push(channel, timer);
    }
    return watched;
  }
  if (isAtNet(goroutine)) return netWatched(goroutine);
  switch (goroutine.op) {
    case "lock":
    case "rlock":
    case "wlock":
    case "wacquire":
    case "wgwait":
      return [goroutine.object];
    case "once": // its mutex, behind `done`
      return [goroutine.object, goroutine.object + SYNC.onceMutex];
    case "semacquire": // released by the runtime, without a point
      return undefined;
    default:
      return [];
  }
}
