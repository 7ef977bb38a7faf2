import type { Argument } from "../../../model/goroutine/argument.js";
import { stopsAt } from "../../../control/goroutine.js";
import type { CalledFrame, GuestGoroutine } from "../../guest/guest-goroutine.js";
import type { RunHost } from "../../guest/module-host.js";
import type { HostClock } from "../host-clock.js";
import { BOX } from "../../guest/guest-protocol.js";
import { canGoOn, isChannelOp } from "../../guest/guest-operations.js";
import { codesWhere } from "../../guest/op-codes.js";
import { isOf } from "../../../model/run/operation.js";
import { setsNothing } from "../../net/net-objects.js";
import { continuesBlock, endsAcquiring, heldAfter, isLeftMover } from "./library-blocks.js";
import { CANDIDATES, longer, NO_TRAIL, Owners } from "../../ignored/local-sites.js";
import type { Caller } from "../../ignored/ignored-operations.js";
import { isJoined, VISIBLE_TO_ALL } from "../../ignored/joined-operations.js";
import { IgnoredLocks } from "../../ignored/ignored-locks.js";

/** What it asks of the program. */
type PointHost = Pick<RunHost, "objects" | "box" | "ignored">;

/**
 * Where a goroutine has come to an operation (unparkPoint in go/runtime/unpark.go): it stops there, for the host to
 * choose who goes on, unless the operation is noise and need not wait.
 */
export class SchedulingPoints {
  readonly ignoredLocks = new IgnoredLocks();
  readonly owners = new Owners();
  readonly #guest: PointHost;
  readonly #clock: HostClock;
  readonly #traced: boolean;
  /** What `canGoOn` reads; made once. */
  readonly #now: Parameters<typeof canGoOn>[1];
  #called: CalledFrame[] = [];

  constructor(guest: PointHost, clock: HostClock, traced: boolean) {
    this.#guest = guest;
    this.#clock = clock;
    this.#traced = traced;
    this.#now = { objects: guest.objects, clock };
  }

  /** Noise that need not wait. */
  passesWithoutPoint(goroutine: GuestGoroutine, caller: Caller): boolean {
    const { op, code, object } = goroutine;
    if (setsNothing(goroutine)) return !this.#guest.ignored.everything;
    const noise = op === "semacquire" ? "part" : VISIBLE_TO_ALL[code] === 1 ? "none" : this.#guest.ignored.kindOf(caller);
    const quiet = noise === "atomics" ? ATOMICS[code] === 1 : noise === "loads" ? op === "load" : noise !== "none";
    if (quiet && canGoOn(goroutine, this.#now)) {
      if (noise === "inner") this.ignoredLocks.took(op, object, caller.pc);
      return true;
    }
    return op === "oncedone" && this.ignoredLocks.onceDone(object);
  }

  /** An operation of the library's that nobody else notices (ignored/local-sites.ts). */
  isLocal(goroutine: GuestGoroutine, caller: Caller): boolean {
    if (CANDIDATES[goroutine.code] === 0) return false;
    const { ignored } = this.#guest;
    const site = siteOf(caller, goroutine);
    this.owners.use(goroutine.op, goroutine.object, goroutine.name, site, ignored.sites, site !== 0 && caller.commutes);
    if (ignored.everything || site === 0 || !ignored.sites.maybe(site)) return false;
    const trail = isLeftMover(goroutine) ? goroutine.trail : longer(goroutine.trail, site);
    const passes = ignored.sites.has(site) && trail !== undefined && canGoOn(goroutine, this.#now);
    if (passes || ignored.sites.isLearning) goroutine.trail = trail ?? goroutine.trail;
    if (!passes) return false;
    goroutine.held = heldAfter(goroutine, true);
    if (goroutine.op === "once") this.ignoredLocks.took(goroutine.op, goroutine.object, caller.pc); // its end has no caller
    return true;
  }

  /** It comes to a choice. */
  chooses(goroutine: GuestGoroutine, caller: Caller): void {
    const { sites } = this.#guest.ignored;
    // While the first runs last: a choice that will be none.
    if (!(sites.isLearning && CANDIDATES[goroutine.code] === 1 && siteOf(caller, goroutine) !== 0)) goroutine.trail = NO_TRAIL;
  }

  /** What it does between two choices others may notice: so they may what it was let through just before (local-sites.ts, S3). */
  noticed(goroutine: GuestGoroutine | undefined): void {
    if (goroutine !== undefined && goroutine.trail !== NO_TRAIL) this.#guest.ignored.sites.shares(goroutine.trail.pcs);
  }

  /** It belongs to the step at hand (library-blocks.ts), and need not wait. */
  continuesStep(goroutine: GuestGoroutine, caller: Caller): boolean {
    const isKnown = VISIBLE_TO_ALL[goroutine.code] === 1 ? undefined : caller.isLibrary;
    const library = goroutine.held.includes(goroutine.object) ? true : isKnown;
    goroutine.library = library === true;
    goroutine.held = heldAfter(goroutine, goroutine.library);
    if (this.#guest.ignored.everything || !continuesBlock(goroutine, library) || !canGoOn(goroutine, this.#now)) return false;
    if (endsAcquiring(goroutine)) goroutine.acquiring = false;
    return true;
  }

  /** It belongs to the step at hand by the table of joined operations. "later": it would if it had not to wait. */
  joins(goroutine: GuestGoroutine, { joined }: Caller): "now" | "later" | undefined {
    if (joined.length === 0 || this.#guest.ignored.everything || !isJoined(joined, goroutine.op, goroutine.began)) return undefined;
    return this.#goesOnAlone(goroutine) ? "now" : "later";
  }

  /** Without waiting, and in one way. */
  #goesOnAlone(goroutine: GuestGoroutine): boolean {
    const { op, object, aux } = goroutine;
    const { objects } = this.#guest;
    if (!isChannelOp(op)) return canGoOn(goroutine, this.#now);
    if (object === 0) return false;
    const { closed, length, capacity, parkedReceivers } = objects.channel(object, () => false);
    if (op === "send") return aux !== 0 && !closed && length < capacity && !parkedReceivers;
    return op === "recv" && aux === 0;
  }

  /** `readClock`: what it reads, where it is about to sleep. */
  stop(goroutine: GuestGoroutine, readClock: () => number): void {
    const { objects, box } = this.#guest;
    if (goroutine.op === "sleep") {
      goroutine.sleep = objects.long(box + BOX.ns);
      goroutine.until = readClock() + goroutine.sleep;
    }
    if (goroutine.op === "random") goroutine.draws++;
    stopsAt(goroutine, this.#clock.base, goroutine.op === "yield");
    goroutine.bubble = objects.bubbleOf(goroutine.address);
    if (!this.#traced) return;
    goroutine.pcs = this.callers();
    goroutine.called = this.#called;
  }

  /** The n-th frame behind the point that comes next: its address in `callers`, and what it was called with. */
  called(n: number, pc: number, values: readonly Argument[]): void {
    if (n === 0) this.#called = [];
    if (values.length > 0) this.#called.push({ pc, values });
  }

  /** The return addresses at a point, in a traced run. */
  callers(): readonly number[] {
    const { objects, box } = this.#guest;
    const n = objects.word(box + BOX.npcs);
    return Array.from({ length: n }, (_, index) => objects.word(box + BOX.pcs + 8 * index) >>> 0);
  }

  /** At the end of a step: rows whose locks are still held are no noise (IgnoredOperations). */
  stepOver(): void {
    for (const pc of this.ignoredLocks.left(this.#guest.objects)) this.#guest.ignored.suspect(pc);
  }
}

const ATOMICS = codesWhere((op) => isOf(op, "atomic"));
const LOCKS = codesWhere((op) => isOf(op, "mutex", "rwmutex"));

/** The instruction, if what it does may be let through where nobody else notices it; else 0. */
const siteOf = ({ letting, pc }: Caller, { code }: GuestGoroutine): number => (letting === "all" || (letting === "no locks" && LOCKS[code] === 0) ? pc : 0);
