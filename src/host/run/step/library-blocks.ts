import type { OpKind } from "../../../model/run/operation.js";
import type { GuestGoroutine } from "../../guest/guest-goroutine.js";
import { byCode } from "../../guest/op-codes.js";

type Move = "right" | "left" | "none";

/**
 * Steps of the standard library that need no choice in between. By Lipton's theorem (Reduction: a method of proving
 * properties of parallel programs, CACM 18(12), 1975) a sequence of operations is one step without loss if it is made of
 * right movers (taking a lock: whatever others did just after, they could have done before), then any one operation,
 * then left movers (giving a lock back: what others did just before, they could have done after). So
 * `mu.Lock(); x.Load(); mu.Unlock()` has one point, where the lock is taken, and an unlock never needs one.
 *
 * What the operations touch is in the step's footprint, so that the orders of two such steps are tried as before. Locks
 * that a goroutine tries (TryLock) do not move; the standard library has none. The user's own code keeps its steps, for
 * they are shown.
 */
const ROWS: Readonly<Partial<Record<OpKind, Move>>> = {
  lock: "right",
  wlock: "right",
  wacquire: "right", // not rlock: a writer that announces itself next could not have done so before
  unlock: "left",
  runlock: "left",
  wunlock: "left",
  rlock: "none",
  once: "none",
  load: "none",
  store: "none",
  rmw: "none",
  close: "none",
  wgadd: "none",
  condsignal: "none",
  condbroadcast: "none",
  timerstop: "none",
  timerreset: "none",
  netset: "none",
  netclose: "none",
  netfin: "none",
  netstop: "none",
};

const MOVES = byCode((op) => ROWS[op]);

/** Packages whose locks are their own. */
const LIBRARY = ["net/", "context.", "database/sql.", "os/exec.", "io."] as const;

export const isLibrary = (caller: string): boolean => LIBRARY.some((prefix) => caller.startsWith(prefix));

/** When it goes on from where it is stopped: does its step begin by taking a lock of the library's? */
export const beginsBlock = ({ code, library }: GuestGoroutine): boolean => library && MOVES[code] === "right";

/** Whether the operation to which it has come belongs to the step at hand. `library`: so is the caller, if it is known. */
export function continuesBlock({ code, acquiring }: GuestGoroutine, library: boolean | undefined): boolean {
  switch (MOVES[code]) {
    case "left":
      return library === true;
    case "right":
      return acquiring && library === true;
    case "none":
      return acquiring && library !== false;
    default:
      return false;
  }
}

/** Of the library's locks those that it holds after an operation. A deferred unlock is called by the runtime: its caller says nothing. */
export function heldAfter({ code, object, held }: GuestGoroutine, library: boolean): readonly number[] {
  const move = MOVES[code];
  if (move === "right") return library && !held.includes(object) ? [...held, object] : held;
  return move === "left" && held.includes(object) ? held.filter((one) => one !== object) : held;
}

/** Its order with what others did just before does not matter: it never needs a choice. */
export const isLeftMover = ({ code }: GuestGoroutine): boolean => MOVES[code] === "left";

/** Nothing but left movers can follow. */
export const endsAcquiring = ({ code }: GuestGoroutine): boolean => MOVES[code] !== "right";
