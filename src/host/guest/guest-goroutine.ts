import type { FewSet } from "../../base/few-set.js";
import { hashString } from "../../base/hash.js";
import { Prng } from "../../base/prng.js";
import type { Controlled } from "../../control/goroutine.js";
import type { Argument } from "../../model/goroutine/argument.js";
import type { GoroutineName } from "../../model/ids.js";
import type { GuestOp, OpKind } from "../../model/run/operation.js";
import type { Pending } from "../../model/run/program.js";
import type { OfferOf, Party } from "../../model/run/rendezvous.js";
import { START } from "./op-codes.js";
import { NO_WAITS, type TimedWaits } from "./timed-waits.js";
import { NO_TRAIL, type Trail } from "../ignored/local-sites.js";

/** A frame that was called with something; `pc`: its own among the return addresses at the point. */
export interface CalledFrame {
  readonly pc: number;
  readonly values: readonly Argument[];
}

/** Operations that can go on, or not, for all who stand before one on the same object. */
export type LockOp = Extract<GuestOp, "lock" | "rlock" | "wlock" | "wgwait">;

/**
 * Those who are stopped before the same operation on the same lock or counter: if one can go on, all can. A thousand at one lock are asked
 * about once, and each is told one of two things, which are made once (PendingList.turn).
 */
export interface CommonWait {
  readonly op: LockOp;
  readonly object: number;
  readonly members: FewSet<GuestGoroutine>;
  /** Can they go on? Undefined: nobody has looked yet. */
  able: boolean | undefined;
  /** Those before another operation on the same object. */
  next: CommonWait | undefined;
}

/** A case of one that stands at a channel. */
export interface GuestOffer extends OfferOf {
  readonly at: GuestGoroutine;
}

/** What the host knows of one goroutine of the guest. Copied whole when the world is forked: flat, no references. */
export interface GuestGoroutine extends Controlled {
  /** Address of the runtime's g: never freed, reused only after the end was reported. */
  readonly address: number;
  /** How many were started before it. */
  readonly index: number;
  readonly parent: GoroutineName | undefined;
  /** A number for who started it. */
  readonly ancestry: number;
  /** When it was started. */
  born: number;
  /** What it is stopped before, if it is. */
  op: GuestOp | "start";
  /** Its number (op-codes.ts). */
  code: number;
  object: number;
  aux: number;
  /** For a sleep: until when, in nanoseconds of the guest's monotonic clock. */
  until: number;
  /** How long it is, in nanoseconds. */
  sleep: number;
  /** Its pending operation as it was last given since it stopped: given again while nothing has changed. */
  told: Pending | undefined;
  /** As it was given before that, since it stopped, when it could not go on and now can, or the other way about. */
  toldBefore: Pending | undefined;
  /** What is listed of it, and what that is when it can go on and now cannot, or the other way about (PendingList). */
  listed: Pending | undefined;
  turned: Pending | undefined;
  /** Stopped before a lock or a WaitGroup's Wait: those who stand there with it, and what `told` and `toldBefore` say by turns (run/pending/common-wait.ts). */
  common: CommonWait | undefined;
  /** Stopped before a send or a receive that needs a partner: those with whom the ways of `told` are (run/pending/crowded-channel.ts). */
  met: readonly GuestOffer[] | undefined;
  /** Stopped before a channel operation: how rendezvous sees it. */
  party: Party | undefined;
  /** Addresses of the objects that decide whether it can go on (pending-table.ts). */
  watched: readonly number[];
  /** Return addresses at the point, with `trace` only. */
  pcs: readonly number[];
  /** What those frames were called with, innermost first, where values are traced. */
  called: readonly CalledFrame[];
  /** Stopped before a lock of the standard library's own (run/step/library-blocks.ts). */
  library: boolean;
  /** Locks of the library that it has taken. */
  held: readonly number[];
  /** In the step at hand it has only taken such locks so far. */
  acquiring: boolean;
  /** With which operation the step at hand began that it has taken by itself. */
  began: OpKind | undefined;
  /** The library's operations that it was let through since its last choice (ignored/local-sites.ts). */
  trail: Trail;
  /** Since it went on last it did more than look, unasked (step/unasked-passes.ts). */
  acted: boolean;
  /** So many operations it did so. */
  unasked: number;
  /** Where it is stopped, as a number (PendingTable, T6); 0: it is not. */
  whereabouts: number;
  /** Address of the Cond on whose list it has put itself last; 0: none. */
  cond: number;
  /** When it came to where it is stopped, its test had failed an assertion. */
  afterFailure: boolean;
  /** It has asked a weak pointer for its object (weak.Pointer.Value). */
  asksWeak: boolean;
  /** Its waits for time that are over. */
  waits: TimedWaits;
  /** Stopped in a synctest bubble. */
  bubble: number;
  /** Draws of few values that it has come to. */
  draws: number;
}

export function newGoroutine(name: GoroutineName, address: number, index: number, parent: GoroutineName | undefined, lamport: number): GuestGoroutine {
  return {
    name, address, index, parent, lamport, ancestry: hashString(parent ?? ""),
    phase: "running", born: 0, children: 0, timers: 0, op: "start", code: START, object: 0, aux: 0, since: 0, until: 0, sleep: 0, told: undefined, toldBefore: undefined, listed: undefined, turned: undefined, common: undefined, met: undefined, party: undefined, watched: [], pcs: [], called: [],
    acted: false, unasked: 0, whereabouts: 0, cond: 0, afterFailure: false, asksWeak: false, waits: NO_WAITS, bubble: 0, draws: 0, readings: 0, spins: 0, lookedAt: undefined, again: 0, empty: 0, emptied: undefined, drained: 0, cases: 0, passedBy: false, yielded: false, arrived: false, library: false, held: [], acquiring: false, began: undefined, trail: NO_TRAIL,
  };
}

/**
 * As it is, but for what holds others (`common`, `met`) and what a list knows of it. Field by field, in the order of `newGoroutine`: all goroutines are then of one shape to
 * the engine, whether they were started or put back, and what is asked of them in each step is asked of one shape.
 */
export function copyOf(one: GuestGoroutine): GuestGoroutine {
  return {
    name: one.name, address: one.address, index: one.index, parent: one.parent, lamport: one.lamport, ancestry: one.ancestry, phase: one.phase, born: one.born,
    children: one.children, timers: one.timers, op: one.op, code: one.code, object: one.object, aux: one.aux, since: one.since, until: one.until, sleep: one.sleep,
    told: one.told, toldBefore: one.toldBefore, listed: undefined, turned: undefined, common: undefined, met: undefined, party: one.party, watched: one.watched, pcs: one.pcs, called: one.called,
    acted: one.acted, unasked: one.unasked, whereabouts: one.whereabouts, cond: one.cond, afterFailure: one.afterFailure, asksWeak: one.asksWeak, waits: one.waits,
    bubble: one.bubble, draws: one.draws, readings: one.readings, spins: one.spins, lookedAt: one.lookedAt, again: one.again, empty: one.empty, emptied: one.emptied,
    drained: one.drained, cases: one.cases, passedBy: one.passedBy, yielded: one.yielded, arrived: one.arrived, library: one.library, held: one.held,
    acquiring: one.acquiring, began: one.began, trail: one.trail,
  };
}

/**
 * What a draw gives: `value` counts from the usual one, which follows from who draws and how often it has. So the schedules that give all draws
 * their usual value draw as a program does: not always the same.
 */
export function drawn({ name, draws, aux }: Pick<GuestGoroutine, "name" | "draws" | "aux">, value: number): number {
  const [low, high] = seedOf(name);
  return (new Prng(low ^ Math.imul(high, draws)).below(aux) + value) % aux;
}

/** A seed from a name, for a goroutine's random stream: FNV-1a (as hashString), and a second mix beside it. Schedules that were printed depend on both. */
export function seedOf(name: string): [low: number, high: number] {
  let high = 0xcbf29ce4;
  for (let i = 0; i < name.length; i++) high = Math.imul(high ^ (name.charCodeAt(i) + i), 0x01000193) >>> 0;
  return [hashString(name), high];
}
