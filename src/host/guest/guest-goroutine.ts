import type { GoroutineName } from "../../model/ids.js";
import type { OpKind } from "../../model/operation.js";
import type { Pending } from "../../model/program.js";
import type { Party } from "../../model/rendezvous.js";

/** What the host knows of one goroutine of the guest. Copied whole when the world is forked: flat, no references. */
export interface GuestGoroutine {
  readonly name: GoroutineName;
  /** Address of the runtime's g: never freed, reused only after the end was told. */
  readonly address: number;
  /** How many were started before it. */
  readonly index: number;
  readonly parent: GoroutineName | undefined;
  /** When it was started. */
  born: number;
  /** How many it has started, how many timers it has made: the next one's number. */
  children: number;
  timers: number;
  /** Stopped before `op` on `object`; otherwise inside the runtime (parked before the scope began, or at its end). */
  stopped: boolean;
  op: OpKind;
  object: number;
  aux: number;
  /** When it stopped. */
  since: number;
  /** For a sleep: until when, in nanoseconds of the guest's monotonic clock. */
  until: number;
  /** How long it is, in nanoseconds. */
  sleep: number;
  /** What was told of it last, since it stopped: to be told again while nothing has changed. */
  told: Pending | undefined;
  /** Stopped before a channel operation: how rendezvous sees it. */
  party: Party | undefined;
  /** Addresses of the objects that decide whether it can go on (pending-table.ts). */
  watched: readonly number[];
  /** Return addresses at the point, with `trace` only. */
  pcs: readonly number[];
  /** Lamport clock of its causal past (DESIGN, "Clock readings"). */
  lamport: number;
  /** Clock readings since it last stopped: a loop that only reads the clock is helped along. */
  readings: number;
  /** Consecutive steps that only looked (loads, failed tries, default cases) while nobody else moved. */
  spins: number;
  /** Receives in a row that brought nothing, for the channel was closed: no end of its own is in sight. */
  empty: number;
  /** Its Gosched has to wait for another goroutine's step. */
  yielded: boolean;
  /** Was blocked when the clock moved with nobody able to go on: it has reached its channel for certain. */
  arrived: boolean;
  /** Stopped before a lock of the standard library's own (run/library-blocks.ts). */
  library: boolean;
  /** Locks of the library that it has taken. */
  held: readonly number[];
  /** In the step at hand it has only taken such locks so far. */
  acquiring: boolean;
  /** Let in to wait in the runtime's queues, as a synctest bubble needs it: not stopped before semaphores on the way. */
  entering: boolean;
  /** Address of the Cond on whose list it has put itself last; 0: none. */
  cond: number;
  /** Stopped in a synctest bubble. */
  bubble: number;
  /** It is the scope's own and the scope is over: it stays where it is. */
  over: boolean;
}

export function newGoroutine(name: GoroutineName, address: number, index: number, parent: GoroutineName | undefined, lamport: number): GuestGoroutine {
  return {
    name, address, index, parent, lamport,
    born: 0, children: 0, timers: 0, stopped: false, op: "start", object: 0, aux: 0, since: 0, until: 0, sleep: 0, told: undefined, party: undefined, watched: [], pcs: [],
    cond: 0, bubble: 0, readings: 0, spins: 0, empty: 0, yielded: false, arrived: false, library: false, held: [], acquiring: false, entering: false, over: false,
  };
}

/** A seed from a name (FNV-1a, 32 bits, twice), for a goroutine's random stream. */
export function seedOf(name: string): [low: number, high: number] {
  let low = 0x811c9dc5;
  let high = 0xcbf29ce4;
  for (let i = 0; i < name.length; i++) {
    low = Math.imul(low ^ name.charCodeAt(i), 0x01000193) >>> 0;
    high = Math.imul(high ^ (name.charCodeAt(i) + i), 0x01000193) >>> 0;
  }
  return [low, high];
}
