import type { Argument } from "../../model/argument.js";
import { stopsAt } from "../../control/goroutine.js";
import type { CalledFrame, GuestGoroutine } from "../guest/guest-goroutine.js";
import type { RunHost } from "../guest/module-host.js";
import type { HostClock } from "./causal-clock.js";
import { BOX } from "../guest/guest-protocol.js";
import { canGoOn } from "../guest/guest-operations.js";
import { isChannelOp } from "../guest/guest-operations.js";
import { isOf, type OpKind } from "../../model/operation.js";
import { setsNothing } from "../net/net-objects.js";
import { continuesBlock, endsAcquiring, heldAfter, isLeftMover } from "./library-blocks.js";
import { isCandidate, longer, NO_TRAIL, Owners } from "../ignored/local-sites.js";
import { isJoined, isVisibleToAll } from "../ignored/joined-operations.js";
import { IgnoredLocks } from "../ignored/ignored-locks.js";

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
  #called: CalledFrame[] = [];

  constructor(guest: PointHost, clock: HostClock, traced: boolean) {
    this.#guest = guest;
    this.#clock = clock;
    this.#traced = traced;
  }

  /** Noise that need not wait; undefined: who calls is not known yet. `pc`: of the caller, 0 where it does not matter. */
  passesWithoutPoint(goroutine: GuestGoroutine, pc: number): boolean | undefined {
    const { op, object } = goroutine;
    if (setsNothing(goroutine)) return !this.#guest.ignored.everything;
    const byCaller = pc === 0 ? "none" : this.#guest.ignored.at(pc);
    if (byCaller === undefined) return undefined;
    const noise = op === "semacquire" ? "part" : isVisibleToAll(op) ? "none" : byCaller;
    const quiet = noise === "atomics" ? isOf(op, "atomic") : noise === "loads" ? op === "load" : noise !== "none";
    if (quiet && canGoOn(goroutine, { objects: this.#guest.objects, clock: this.#clock })) {
      if (noise === "inner") this.ignoredLocks.took(op, object, pc);
      return true;
    }
    return op === "oncedone" && this.ignoredLocks.onceDone(object);
  }

  /** An operation of the library's that nobody else notices (ignored/local-sites.ts). */
  isLocal(goroutine: GuestGoroutine, pc: number): boolean {
    const { ignored: noises, objects } = this.#guest;
    const site = this.#siteOf(pc, goroutine.op);
    this.owners.use(goroutine.op, goroutine.object, goroutine.name, site, noises.sites, site !== 0 && noises.commutesAt(site));
    if (noises.everything || site === 0 || !noises.sites.maybe(site) || !isCandidate(goroutine.op)) return false;
    const trail = isLeftMover(goroutine.op) ? goroutine.trail : longer(goroutine.trail, site);
    const passes = noises.sites.has(site) && trail !== undefined && canGoOn(goroutine, { objects, clock: this.#clock });
    if (passes || noises.sites.isLearning) goroutine.trail = trail ?? goroutine.trail;
    if (!passes) return false;
    goroutine.held = heldAfter(goroutine, true);
    if (goroutine.op === "once") this.ignoredLocks.took(goroutine.op, goroutine.object, pc); // its end has no caller
    return true;
  }

  /** It comes to a choice. */
  chooses(goroutine: GuestGoroutine, pc: number): void {
    const { sites } = this.#guest.ignored;
    // While the first runs last: a choice that will be none.
    if (!(sites.isLearning && isCandidate(goroutine.op) && this.#siteOf(pc, goroutine.op) !== 0)) goroutine.trail = NO_TRAIL;
  }

  /** What it does between two choices others may notice: so they may what it was let through just before (local-sites.ts, S3). */
  noticed(goroutine: GuestGoroutine | undefined): void {
    if (goroutine !== undefined && goroutine.trail !== NO_TRAIL) this.#guest.ignored.sites.shares(goroutine.trail.pcs);
  }

  /** It is sync's own: who called that is what counts. */
  isWrapper(pc: number): boolean {
    return pc !== 0 && this.#guest.ignored.isWrapper(pc);
  }

  #siteOf(pc: number, op: OpKind): number {
    const letting = pc === 0 ? "nothing" : this.#guest.ignored.lettingAt(pc);
    return letting === "all" || (letting === "no locks" && !isOf(op, "mutex", "rwmutex")) ? pc : 0;
  }

  /** It belongs to the step at hand (library-blocks.ts), and need not wait. `pc`: of the caller, 0 where it is not known. */
  continuesStep(goroutine: GuestGoroutine, pc: number): boolean {
    const { ignored: noises, objects } = this.#guest;
    const library = goroutine.held.includes(goroutine.object) ? true : noises.isLibrary(isVisibleToAll(goroutine.op) ? 0 : pc);
    goroutine.library = library === true;
    goroutine.held = heldAfter(goroutine, goroutine.library);
    if (noises.everything || !continuesBlock(goroutine, library) || !canGoOn(goroutine, { objects, clock: this.#clock })) return false;
    if (endsAcquiring(goroutine.op)) goroutine.acquiring = false;
    return true;
  }

  /** It belongs to the step at hand by the table of joined operations. "later": it would if it had not to wait. */
  joins(goroutine: GuestGoroutine, pc: number): "now" | "later" | undefined {
    const rows = pc === 0 ? undefined : this.#guest.ignored.joinedAt(pc);
    if (rows === undefined || !isJoined(rows, goroutine.op, goroutine.began)) return undefined;
    return this.#goesOnAlone(goroutine) ? "now" : "later";
  }

  /** Without waiting, and in one way. */
  #goesOnAlone(goroutine: GuestGoroutine): boolean {
    const { op, object, aux } = goroutine;
    const { objects } = this.#guest;
    if (!isChannelOp(op)) return canGoOn(goroutine, { objects, clock: this.#clock });
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
