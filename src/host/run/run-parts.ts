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
import type { GuestObjects } from "../guest/guest-objects.js";
import { BOX, IDLE } from "../guest/guest-protocol.js";
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
  /** Of a run with bubbles. */
  #scanned: readonly Pending[] | undefined;
  /** Of any other: the table says what holds now, by `#view`. */
  #isUpToDate = false;
  readonly #view: GuestView;

  constructor(guest: RunHost, began: number, traced: boolean) {
    this.guest = guest;
    this.began = began;
    this.clock = { base: began, skipTo: undefined, skipped: false, overtaken: 0 };
    this.recorder = traced ? new GoTraceRecorder() : undefined;
    this.races = guest.isWatched ? new RaceDetector() : undefined;
    this.points = new SchedulingPoints(guest, this.clock, traced);
    this.#view = new GuestView(this);
  }

  pending(): readonly Pending[] {
    if (this.bubbles) return (this.#scanned ??= this.scan());
    this.#bringUpToDate();
    return this.table.pending(this.#view);
  }

  /** Those of `pending` that can go on. */
  able(): readonly Pending[] {
    if (this.bubbles) return this.pending().filter(({ alternatives }) => alternatives.length > 0);
    this.#bringUpToDate();
    return this.table.ableEntries(this.#view);
  }

  /** Of `pending`: what is new since this was asked, and the clock; undefined: all may be. */
  takeChanged(): readonly Pending[] | undefined {
    if (this.bubbles) return undefined;
    this.#bringUpToDate();
    return this.table.takeChanged();
  }

  /** Can any goroutine go on, or the clock move? */
  get isAble(): boolean {
    if (this.bubbles) return this.pending().some(({ alternatives }) => alternatives.length > 0);
    this.#bringUpToDate();
    return this.table.able;
  }

  /** The clock's entry in `pending`. */
  get clockEntry(): Pending | undefined {
    if (!this.bubbles) {
      this.#bringUpToDate();
      return this.table.clock;
    }
    const last = this.pending().at(-1);
    return last?.op === "clock" ? last : undefined;
  }

  /** The entry in `pending` of a goroutine, or of the clock; undefined: it has none, or has to be looked for there. */
  toldTo(name: GoroutineName | undefined): Pending | undefined {
    if (name === undefined) return this.clockEntry;
    if (this.bubbles) return undefined;
    this.#bringUpToDate();
    const goroutine = this.goroutines.named(name);
    return goroutine !== undefined && isStopped(goroutine) ? toldNow(goroutine) : undefined;
  }

  /** Who goes on when the guest is resumed, one after the other; nobody: the clock has moved. The first it need not ask for. */
  letGo(addresses: readonly number[]): void {
    const { turns, guest: { objects, box } } = this;
    turns.set(addresses);
    objects.setWord(box + BOX.wake, turns.next() ?? IDLE.clockMoved);
    objects.setWord(box + BOX.more, turns.isEmpty ? 0 : 1);
  }

  /** What `pending` gave holds no more. */
  forgetPending(): void {
    this.#scanned = undefined;
    this.#isUpToDate = false;
  }

  #bringUpToDate(): void {
    if (this.#isUpToDate) return;
    this.#isUpToDate = true;
    this.#view.lookAgain();
    this.table.bringUpToDate(this.#view);
  }

  /** `pending`, by looking at all goroutines: for bubbles, and for tests of the table. */
  scan(): readonly Pending[] {
    return guestPending(new GuestView(this));
  }

  // ---- what a view of the objects needs to know (GuestView)

  get objects(): GuestObjects {
    return this.guest.objects;
  }

  get pollUntil(): number {
    return this.objects.long(this.guest.box + BOX.pollUntil);
  }

  get horizon(): number {
    return this.began + this.guest.bounds.horizon;
  }

  get faults(): number {
    return this.guest.bounds.faults - this.wentWrong.length;
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
    const blocked = new Set<GoroutineName>();
    for (const { goroutine, alternatives, op } of this.pending()) if (goroutine !== undefined && alternatives.length === 0 && op !== "sleep") blocked.add(goroutine);
    for (const { name } of this.parked()) blocked.add(name);
    return blocked;
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
