import { RaceDetector } from "../../control/race-detector.js";
import { StepFootprint } from "../../control/footprint.js";
import { LamportClocks } from "../../control/lamport.js";
import { CLOCK_READ } from "../../control/pending.js";
import { RunScope } from "../../control/scope.js";
import { Spinning } from "../../control/spinning.js";
import { readClock } from "../../control/virtual-time.js";
import type { Fault } from "../../model/run/fault.js";
import { nanos, objectId, type GoroutineName, type Nanos } from "../../model/ids.js";
import type { Access, OpKind } from "../../model/run/operation.js";
import type { Pending } from "../../model/run/program.js";
import type { GuestGoroutine } from "../guest/guest-goroutine.js";
import { GuestGoroutines } from "../guest/guest-goroutines.js";
import { partyOfGoroutine } from "../guest/guest-operations.js";
import { BOX } from "../guest/guest-protocol.js";
import type { RunHost } from "../guest/module-host.js";
import type { HostClock } from "./host-clock.js";
import { GoTraceRecorder } from "./go-trace-recorder.js";
import { toldNow } from "./pending/common-wait.js";
import { guestPending, GuestView, isStopped } from "./pending/guest-pending.js";
import { PendingTable } from "./pending/pending-table.js";
import { SchedulingPoints } from "./step/scheduling-points.js";
import { WakeQueue } from "./step/wake-queue.js";

/** What a run's two sides share: the explorer's (GoRun, GoStep) and the program's (GuestHooks). */
export class RunParts {
  readonly guest: RunHost;
  /** When control began, on the guest's clock. */
  readonly began: number;
  readonly clock: HostClock;
  readonly recorder: GoTraceRecorder | undefined;
  /** Of a module that reports the user's uses of memory (guest/watched-memory.ts); sites are function and direction. */
  readonly races: RaceDetector<number> | undefined;
  readonly goroutines = new GuestGoroutines();
  readonly table = new PendingTable();
  readonly turns = new WakeQueue();
  readonly spinning = new Spinning<GuestGoroutine>();
  readonly points: SchedulingPoints;
  readonly scope = new RunScope();
  readonly lamports = new LamportClocks();
  /** Of the step at hand, or of the last one. */
  footprint = new StepFootprint();
  /** A synctest bubble was seen: all goroutines are looked at after each step. */
  bubbles = false;
  /** The run is over, and the world goes on for a collection: no goroutine stops any more. */
  settling = false;
  /** What went wrong in this run because the schedule says so. */
  wentWrong: readonly Fault[] = [];
  #pending: readonly Pending[] | undefined;

  constructor(guest: RunHost, began: number, traced: boolean) {
    this.guest = guest;
    this.began = began;
    this.clock = { base: began, skipTo: undefined, skipped: false, overtaken: 0 };
    this.recorder = traced ? new GoTraceRecorder() : undefined;
    this.races = guest.isWatched ? new RaceDetector() : undefined;
    this.points = new SchedulingPoints(guest, this.clock, traced);
  }

  pending(): readonly Pending[] {
    return (this.#pending ??= this.bubbles ? this.scan() : this.table.pending(this.#view()));
  }

  /** Those of `pending` that can go on. */
  able(): readonly Pending[] {
    const pending = this.pending();
    return this.bubbles ? pending.filter(({ alternatives }) => alternatives.length > 0) : this.table.ableEntries();
  }

  /** Of `pending`: what is new since this was asked, and the clock; undefined: all may be. */
  takeChanged(): readonly Pending[] | undefined {
    this.pending();
    return this.bubbles ? undefined : this.table.takeChanged();
  }

  /** Its entry in `pending`, which was asked for; undefined: it has none, or has to be looked for there. */
  toldTo(name: GoroutineName | undefined): Pending | undefined {
    const goroutine = this.bubbles || name === undefined ? undefined : this.goroutines.named(name);
    return goroutine !== undefined && isStopped(goroutine) ? toldNow(goroutine) : undefined;
  }

  /** What `pending` gave holds no more. */
  forgetPending(): void {
    this.#pending = undefined;
  }

  /** `pending`, by looking at all goroutines: for bubbles, and for tests of the table. */
  scan(): readonly Pending[] {
    return guestPending(this.#view());
  }

  #view(): GuestView {
    const { objects, box, bounds } = this.guest;
    return new GuestView({
      goroutines: this.goroutines,
      objects,
      clock: this.clock,
      began: this.began,
      pollUntil: objects.long(box + BOX.pollUntil),
      horizon: this.began + bounds.horizon,
      faults: bounds.faults - this.wentWrong.length,
    });
  }

  /**
   * A step, or a part of one, touches these objects: it comes after all that conflicts with it, in the order of names and of races. `moved`: of the
   * clock's step, nanoseconds since the run began.
   */
  orders(actors: readonly GuestGoroutine[], accesses: readonly Access[], moved = 0): void {
    this.lamports.note(accesses, this.lamports.begin(actors, accesses, moved));
    this.races?.operation(actors.map(({ name }) => name), accesses);
  }

  /** What is let through without a choice puts uses of memory in order like any other operation. */
  synchronizes({ name }: GuestGoroutine, object: number, op: OpKind = "rmw"): void {
    this.races?.operation([name], [{ object: objectId(object >>> 0), op }]);
  }

  /** Those that wait for others: no timer wakes them, and they cannot go on by themselves. */
  blocked(): ReadonlySet<GoroutineName> {
    const stuck = this.pending().flatMap((p) => (p.goroutine !== undefined && p.alternatives.length === 0 && p.op !== "sleep" ? [p.goroutine] : []));
    return new Set([...stuck, ...this.parked().map(({ name }) => name)]);
  }

  /** Those that wait inside the runtime, behind an operation that was let go on. */
  parked(): readonly GuestGoroutine[] {
    return this.goroutines.all.filter(({ phase, name }) => (phase === "running" || phase === "entering") && !name.startsWith("0."));
  }

  hasDefault(name: GoroutineName): boolean {
    return partyOfGoroutine(this.goroutines.named(name)!, this.guest.objects).hasDefault;
  }

  now(): Nanos {
    return nanos(BigInt(this.clock.base - this.began));
  }

  /** Somebody sleeps, or a timer is set. */
  get isTimeAwaited(): boolean {
    const { goroutines, guest: { objects } } = this;
    return goroutines.all.some((one) => one.op === "sleep" && isStopped(one)) || [...goroutines.timers].some((timer) => objects.when(timer) !== 0);
  }

  /** The goroutine on whose behalf the guest asks (reads the clock, draws): undefined for the scheduler itself. */
  asking(): GuestGoroutine | undefined {
    return this.goroutines.at(this.guest.currentG());
  }

  readClock(): number {
    const reader = this.asking();
    if (reader === undefined) return this.clock.base; // the scheduler: timers are due when the base says so
    this.lamports.within(reader);
    this.footprint.touch(CLOCK_READ);
    return readClock(this.clock.base, reader, this.began);
  }
}
