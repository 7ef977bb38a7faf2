import { alternativeFor, refuseAfterEnd } from "../../control/divergence.js";
import { StepFootprint } from "../../control/footprint.js";
import { LamportClocks } from "../../control/lamport.js";
import { moveTo } from "../../control/goroutine.js";
import { RunScope } from "../../control/scope.js";
import { CLOCK_READ, isQuiet } from "../../control/pending.js";
import { Spinning } from "../../control/spinning.js";
import { actorsOf, type Choice } from "../../model/choice.js";
import { nanos, objectId, type GoroutineName, type Nanos } from "../../model/ids.js";
import { GUEST_OPERATIONS, OPERATIONS, type Access } from "../../model/operation.js";
import type { Outcome } from "../../model/outcome.js";
import type { Checkpoint, Footprint, Pending, Run, RunOptions } from "../../model/program.js";
import type { Snapshot } from "../../model/snapshot.js";
import type { Trace } from "../../model/trace.js";
import { detailOf, objectsOf, type BlockedDetail } from "./blocked-object.js";
import { seedOf, type GuestGoroutine } from "../guest/guest-goroutine.js";
import { GuestGoroutines } from "../guest/guest-goroutines.js";
import type { ModuleHost, RunState } from "../guest/module-host.js";
import { readClock } from "../../control/virtual-time.js";
import type { HostClock } from "./causal-clock.js";
import { BOX, CASE_WAIT, EVENT, POINT, STATE } from "../guest/guest-protocol.js";
import { accessesOfChoice, touchedBy, isChannelOp, partyOfGoroutine, waitsForTimer } from "../guest/guest-operations.js";
import { guestPending, GuestView, isStopped, timersOf } from "./pending.js";
import { PendingTable } from "./pending-table.js";
import { channelsFed } from "./old-timers.js";
import { isNetWait, netDeadline } from "../net/net-objects.js";
import { SchedulingPoints } from "./scheduling-points.js";
import { countEmptyReceives, receivesNothing } from "./empty-receives.js";
import { beginsBlock } from "./library-blocks.js";
import { LivelockDetector } from "./livelock.js";
import { GoTraceRecorder } from "./go-trace-recorder.js";
import { mustWaitInBubbles, wakeOrder, WakeQueue } from "./wake-queue.js";

/**
 * One execution of a controlled Go world: who is stopped where, what a choice makes of it.
 *
 * H1. Between steps nobody is runnable, and no goroutine of the scope waits in a runtime queue for something that a
 *     `meet` could bring: whoever enters a queue in a step is met in the same step.
 * H2. All that decides (readiness, time, names) is read from the guest's memory or follows from the choices.
 */
export class GoRun implements Run {
  readonly clock: HostClock;
  readonly recorder: GoTraceRecorder | undefined;
  readonly #guest: ModuleHost<GoRun>;
  readonly #began: number;
  readonly #arrival: boolean;
  readonly #goroutines = new GuestGoroutines();
  readonly #table = new PendingTable();
  readonly #turns = new WakeQueue();
  readonly #spinning = new Spinning<GuestGoroutine>();
  readonly #points: SchedulingPoints;
  readonly #scope = new RunScope();
  readonly #lamports = new LamportClocks();
  readonly #rounds: LivelockDetector;
  readonly #details = new Map<GoroutineName, BlockedDetail>();
  #step = new StepFootprint();
  #steps = 0;
  #pending: readonly Pending[] | undefined;
  #outcome: Outcome | undefined;
  #value = -1;
  #settling = false;
  /** Steps in a row that only looked. */
  #fruitless = 0;
  /** Whose loop has no end (empty-receives.ts). */
  #endless: GoroutineName | undefined;
  /** Who could go on when the program looked at its goroutines' states, until anybody does something more. */
  #shown: ReadonlyMap<GoroutineName | undefined, Pending> | undefined;
  /** A synctest bubble was seen: everybody is looked at after each step. */
  #bubbles = false;

  constructor(guest: ModuleHost<GoRun>, began: number, options: Pick<RunOptions, "trace" | "arrival"> = {}) {
    this.#guest = guest;
    this.#began = began;
    this.clock = { base: began };
    this.#arrival = options.arrival ?? false;
    this.#rounds = new LivelockDetector(guest.maxRounds);
    this.recorder = options.trace ? new GoTraceRecorder() : undefined;
    this.#points = new SchedulingPoints(guest, this.clock, options.trace ?? false);
  }

  // ---- the seam

  pending(): readonly Pending[] {
    return (this.#pending ??= this.#bubbles ? this.scan() : this.#table.pending(this.#view()));
  }

  /** Who waits for others: no timer wakes it, and it cannot go on by itself. */
  #blocked(): ReadonlySet<GoroutineName> {
    const stuck = this.pending().flatMap((p) => (p.goroutine !== undefined && p.alternatives.length === 0 && p.op !== "sleep" ? [p.goroutine] : []));
    return new Set([...stuck, ...this.#parked().map(({ name }) => name)]);
  }

  parked(): readonly string[] {
    return this.#parked().map(({ name, op, object, cond }) => `${name} behind ${op} ${object} ${cond}`);
  }

  #parked(): readonly GuestGoroutine[] {
    return this.#goroutines.all.filter(({ phase, name }) => (phase === "running" || phase === "entering") && !name.startsWith("0."));
  }

  take(choice: Choice): void {
    refuseAfterEnd(choice, this.#outcome, this.#steps);
    const chosen = alternativeFor(choice, this.pending(), this.#steps);
    this.#steps++;
    this.#step = new StepFootprint();
    const quiet = this.#arrival && chosen.kind === "clock" && isQuiet(this.pending());
    this.#noteAccesses(chosen);
    const actors = actorsOf(chosen).map((name) => this.#goroutines.named(name)!);
    this.recorder?.taken(chosen, actors, this.#guest.objects);
    if (chosen.kind === "clock") this.#moveClock(this.pending().at(-1)!.time!, quiet);
    const nothing = receivesNothing(chosen, actors[0], this.#guest.objects);
    countEmptyReceives(chosen, actors, nothing);
    this.#spinning.step(chosen, actors, nothing ? "load" : actors[0]?.op, (one) => this.#table.changed(one));
    this.#pending = undefined;
    this.#lamports.note(this.#step.accesses, this.#lamports.begin(actors, this.#step.accesses));
    if (chosen.kind === "value") this.#value = chosen.value;
    this.#turns.set(wakeOrder(chosen, (name, index) => this.#release(name, index), (name) => this.#hasDefault(name)));
    this.#goOn();
    this.#noteTimersWaitedFor();
    this.#points.stepOver();
    this.recorder?.after(this.now());
    if (chosen.kind === "clock") this.#rounds.note(this.#goroutines.all, this.scopeOver);
    this.#fruitless = this.#spinning.looked ? this.#fruitless + 1 : 0;
    // Where it looks, not where it yields in between, is the place to be told.
    if (this.#fruitless >= this.#guest.maxFruitless && actors[0]?.op !== "yield") this.#endless ??= actors[0]?.name;
    this.#endless ??= nothing && actors[0]!.empty >= this.#guest.maxEmpty ? actors[0]!.name : undefined;
    if (this.#outcome === undefined && this.#endless) this.#outcome = this.#scope.endless(this.#endless);
    if (this.#outcome === undefined && this.#steps >= this.#guest.maxSteps) this.#outcome = this.#limit("steps");
    if (this.#outcome === undefined && this.#rounds.repeats(this.scopeOver, () => this.#allSeenGoingRound())) this.#outcome = this.#limit("time");
  }

  last(): Footprint {
    return this.#step;
  }

  outcome(): Outcome | undefined {
    if (this.#outcome) return this.#outcome;
    const pending = this.pending();
    if (this.#bubbles ? pending.some((one) => one.alternatives.length > 0) : this.#table.able) return undefined;
    if (pending.at(-1)?.op === "clock") return (this.#outcome = this.#limit("time"));
    return (this.#outcome = this.#scope.atRest(this.#goroutines.all, () => this.#blocked()));
  }

  goroutines(): Snapshot {
    this.outcome();
    return this.#guest.collect(this);
  }

  trace(): Trace | undefined {
    return this.recorder && this.#guest.traced(this.recorder);
  }

  fork(): Checkpoint {
    return this.#guest.fork(this);
  }

  now(): Nanos {
    return nanos(BigInt(this.clock.base - this.#began));
  }

  // ---- what the program asks

  save(): RunState {
    if (this.#guest.box !== 0 && this.#steps > 0) this.pending(); // T3
    return {
      goroutines: this.#goroutines.save(),
      clock: { ...this.clock },
      scope: this.#scope.save(),
      steps: this.#steps,
      lamports: this.#lamports.save(),
      rounds: this.#rounds.save(),
      fruitless: this.#fruitless,
      quiet: this.#points.quiet.save(),
      owners: this.#points.owners.save(),
    };
  }

  restore(state: RunState): void {
    this.#goroutines.restore(state.goroutines);
    this.#table.restore(this.#goroutines.all);
    this.#spinning.restore(this.#goroutines.all);
    this.#bubbles = this.#goroutines.all.some(({ bubble }) => bubble !== 0);
    this.clock.base = state.clock.base;
    this.#scope.restore(state.scope);
    this.#steps = state.steps;
    this.#lamports.restore(state.lamports);
    this.#rounds.restore(state.rounds);
    this.#points.quiet.restore(state.quiet);
    this.#points.owners.restore(state.owners);
    this.#pending = undefined;
    this.#outcome = undefined;
    this.#endless = undefined;
    this.#fruitless = state.fruitless;
    this.#turns.set([]);
    this.#settling = false;
  }

  /** The first step, no choice of anybody's: from the start-up snapshot to where everybody is stopped. */
  begin(): void {
    const main = this.#goroutines.main;
    if (main) this.#turns.set([main.address]);
    this.#goOn();
    this.#points.stepOver();
    this.#steps = 0;
  }

  /**
   * Everybody that is stopped without a way to go on really enters the runtime's queues, for the collection; with
   * `ready`, those as well whose select could take something: it waits all the same, others would run on unheeded.
   */
  settle(collector: number, ready = false): readonly GuestGoroutine[] {
    const waits = (p: Pending): boolean => p.op === "select" && !this.#hasDefault(p.goroutine!);
    const enters = (p: Pending): boolean => p.op !== "sleep" && (p.alternatives.length === 0 || (ready && waits(p)));
    const stuck = new Set(this.pending().filter(enters).map((p) => p.goroutine));
    const settled = this.#goroutines.all.filter((goroutine) => isStopped(goroutine) && stuck.has(goroutine.name));
    for (const goroutine of settled) this.#details.set(goroutine.name, detailOf(goroutine, this.#guest.objects, this.#goroutines.timers));
    this.#settling = true;
    this.#turns.set([...settled.map((goroutine) => goroutine.address), collector]);
    for (const goroutine of settled) this.#guest.objects.setWord(goroutine.address + this.#guest.gCase, CASE_WAIT);
    return this.#goroutines.all;
  }

  /** Only one goes on: ours, in a world where nothing has happened. */
  only(address: number): void {
    this.#settling = true;
    this.#turns.set([address]);
  }

  /** `pending`, by looking at everybody: for bubbles, and for tests of the table. */
  scan(): readonly Pending[] {
    return guestPending(this.#view());
  }

  detail(goroutine: GuestGoroutine): BlockedDetail {
    return this.#details.get(goroutine.name) ?? {};
  }

  /** A timer has let it go just now, after a wait of more than half of the time after the scope. */
  hasJustWoken({ since }: GuestGoroutine): boolean {
    return this.clock.base - since > this.#scope.watched(this.now()) / 2;
  }

  get scopeOver(): boolean {
    return this.#scope.over !== undefined;
  }

  /** The process would be gone by now: what its goroutines still do is looked at only to tell leaks. */
  get mainReturned(): boolean {
    return this.#scope.over?.kind === "main";
  }

  goroutineAt(address: number): GuestGoroutine | undefined {
    return this.#goroutines.at(address);
  }

  /** The goroutine on whose behalf the guest asks (reads the clock, draws): undefined for the scheduler itself. */
  asking(): GuestGoroutine | undefined {
    return this.#goroutines.at(this.#guest.currentG());
  }

  readClock(): number {
    const reader = this.asking();
    if (reader) {
      this.#lamports.within(reader);
      this.#step.touch(CLOCK_READ);
    }
    return reader === undefined ? this.clock.base : readClock(this.clock.base, reader); // the scheduler: timers are due when the base says so
  }

  // ---- the hooks (go/runtime/unpark.go)

  onPoint(op: number, address: number, object: number, aux: number, pc: number): number {
    const goroutine = this.#settling ? undefined : this.#goroutines.at(address);
    if (goroutine === undefined) return POINT.goOn;
    this.#shown = undefined;
    goroutine.op = GUEST_OPERATIONS[op]!;
    goroutine.object = object;
    goroutine.aux = aux;
    if (goroutine.phase === "entering" && goroutine.op === "semacquire") return POINT.goOn;
    this.#guest.objects.refresh();
    const quiet = this.#points.passesWithoutPoint(goroutine, pc);
    if (quiet === undefined) return POINT.nameIt;
    if (quiet) {
      this.#table.touch(object);
      return POINT.goOn;
    }
    if (this.#points.isLocal(goroutine, pc)) {
      this.#table.touch(object);
      this.recorder?.joined(goroutine, this.#guest.objects, this.#points.callers());
      return POINT.goOn;
    }
    if (this.#points.continuesStep(goroutine, pc)) {
      this.#joinStep(goroutine);
      return POINT.goOn;
    }
    this.#points.stop(goroutine, () => this.readClock());
    if (goroutine.bubble !== 0) this.#bubbles = true;
    if (goroutine.yielded) this.#spinning.notes(goroutine);
    this.#table.stopped(goroutine);
    this.#step.moves(goroutine.name);
    return POINT.park;
  }

  /** What a goroutine is natively by now that is stopped at a point here: runnable, or waiting inside of its operation. */
  shownState(address: number): number {
    const goroutine = this.#goroutines.at(address);
    if (goroutine?.phase !== "stopped") return STATE.other;
    this.#guest.objects.refresh();
    this.#shown ??= new Map(this.scan().map((one) => [one.goroutine, one]));
    const shown = this.#shown.get(goroutine.name);
    if (shown === undefined || shown.alternatives.length > 0) return STATE.runnable;
    const nil = isChannelOp(goroutine.op) && shown.accesses.length === 0;
    return OPERATIONS.indexOf(goroutine.op) + (nil ? STATE.nil : 0);
  }

  onStarted(parent: number, child: number): void {
    this.#guest.objects.refresh();
    const timer = this.#guest.objects.word(this.#guest.box + BOX.timer) >>> 0;
    const goroutine = this.#goroutines.start(parent, child, timer);
    goroutine.born = this.clock.base;
    const [low, high] = seedOf(goroutine.name);
    this.#guest.objects.setWord(child + this.#guest.gSeed, low);
    this.#guest.objects.setWord(child + this.#guest.gSeed + 4, high);
    this.#step.starts(goroutine.name);
    if (this.recorder) {
      const [createdAt, entry] = this.#guest.objects.origin(child);
      this.recorder.started(goroutine.name, { parent: goroutine.parent, createdAt, entry });
    }
  }

  onEvent(kind: number, a: number): void {
    switch (kind) {
      case EVENT.main:
        return this.#mainOver(a);
      case EVENT.test:
        return this.#scopeEnds("test", a);
      case EVENT.skip:
        return this.#scope.skip();
      case EVENT.end:
        return this.#ended(a);
      case EVENT.timer: {
        const maker = this.asking();
        if (maker) this.#goroutines.nameTimer(a, maker);
        return;
      }
      case EVENT.touch:
        return this.#table.touch(a);
      case EVENT.effect:
        this.#table.touch(a);
        return this.#step.affects({ object: objectId(a), op: "netset" });
    }
  }

  onIdle(): number {
    this.#shown = undefined;
    return this.#turns.idle();
  }

  onNext(): number {
    return this.#turns.next();
  }

  onRandom(): number {
    return this.#value;
  }

  // ---- inside

  /** The goroutines whose turn it is go on, until all are stopped; then those of bubbles that have to wait do so. */
  #goOn(): void {
    for (;;) {
      this.#outcome = this.#guest.resume();
      this.#guest.objects.refresh();
      this.#scope.afterStep(this.#goroutines.all);
      const waiting = this.#outcome === undefined && this.#bubbles ? this.#waitingInBubbles() : [];
      if (waiting.length === 0) return;
      this.#turns.set(waiting.map((goroutine) => this.#release(goroutine.name, CASE_WAIT, "entering")));
      this.#pending = undefined;
    }
  }

  #waitingInBubbles(): readonly GuestGoroutine[] {
    this.#pending = undefined;
    const canGo = new Set(this.pending().filter((one) => one.alternatives.length > 0).map((one) => one.goroutine));
    return mustWaitInBubbles(this.#goroutines.all, ({ name }) => canGo.has(name));
  }

  #view(): GuestView {
    const { objects, box, horizon } = this.#guest;
    return new GuestView({
      goroutines: this.#goroutines.all,
      objects,
      clock: this.clock,
      began: this.#began,
      pollUntil: objects.long(box + BOX.pollUntil),
      horizon: this.#began + horizon,
    });
  }

  #hasDefault(name: GoroutineName): boolean {
    return partyOfGoroutine(this.#goroutines.named(name)!, this.#guest.objects).hasDefault;
  }

  #release(name: GoroutineName, index: number | undefined, phase: "running" | "entering" = "running"): number {
    const goroutine = this.#goroutines.named(name)!;
    moveTo(goroutine, phase);
    goroutine.readings = 0;
    goroutine.acquiring = beginsBlock(goroutine);
    if (goroutine.op === "condwait") goroutine.cond = goroutine.object;
    this.#table.left(goroutine);
    this.#guest.objects.setWord(goroutine.address + this.#guest.gCase, index ?? 0);
    this.#step.moves(name);
    return goroutine.address;
  }

  /** An operation without a choice of its own: the step touches what it touches. */
  #joinStep(goroutine: GuestGoroutine): void {
    const accesses = touchedBy(goroutine, undefined, this.#guest.objects);
    for (const access of accesses) {
      this.#step.touch(access);
      this.#table.touch(access.object);
    }
    this.#lamports.note(accesses, this.#lamports.begin([goroutine], accesses));
    this.recorder?.joined(goroutine, this.#guest.objects, this.#points.callers());
  }

  /** `quiet`: nobody could go on, so whoever is stopped has reached its channel (`RunOptions.arrival`). */
  #moveClock(to: Nanos, quiet: boolean): void {
    this.clock.base = this.#began + Number(to);
    for (const channel of channelsFed(this.#goroutines.timers, this.#guest.objects, this.clock.base)) {
      this.#step.touch({ object: channel, op: "clock" });
      this.#table.touch(channel);
    }
    for (const goroutine of this.#goroutines.all) {
      if (quiet && isStopped(goroutine)) {
        goroutine.arrived = true;
        if (goroutine.party) goroutine.party = { ...goroutine.party, arrived: true };
      }
      this.#table.changed(goroutine);
    }
  }

  #noteAccesses(choice: Choice): void {
    for (const access of accessesOfChoice(choice, (name) => this.#goroutines.named(name)!, this.#guest.objects)) {
      this.#step.touch(access);
      this.#table.touch(access.object);
    }
  }

  /** The clock moves to the next timer that somebody waits for: who comes to wait for one changes what it will do (P3). */
  #noteTimersWaitedFor(): void {
    for (const name of this.#step.moved) {
      const goroutine = this.#goroutines.named(name);
      if (goroutine === undefined || !isStopped(goroutine)) continue;
      if (isNetWait(goroutine.op) && netDeadline(goroutine, this.#guest.objects) !== 0) this.#step.touch(CLOCK_READ);
      if (!isChannelOp(goroutine.op)) continue;
      if (waitsForTimer(goroutine, this.#guest.objects)) this.#step.touch(CLOCK_READ);
    }
  }

  #ended(address: number): void {
    const goroutine = this.#goroutines.at(address);
    if (goroutine === undefined) return;
    this.#step.moves(goroutine.name);
    this.recorder?.ended(goroutine.name);
    this.#table.left(goroutine);
    // After the run a goroutine goes on without being let: a finalizer may end what it waits for.
    if (this.#settling && goroutine.phase === "stopped") moveTo(goroutine, "running");
    moveTo(goroutine, "ended");
    this.#goroutines.end(goroutine);
  }

  /** main returned, or somebody called os.Exit: then main's own goroutine ends the scope, another ends the program. */
  #mainOver(code: number): void {
    const who = this.asking();
    if (who !== undefined && who === this.#goroutines.main) this.#scopeEnds("main", code);
    else this.#scope.exit(code);
  }

  #scopeEnds(kind: "main" | "test", code: number): void {
    const { main } = this.#goroutines;
    if (main !== undefined) moveTo(main, "over");
    this.#scope.end({ kind, code }, this.now());
  }

  /** Nobody's wait for time is longer than half of the time since the scope was over (as diagnose's isLongAsleep). */
  #allSeenGoingRound(): boolean {
    const watched = this.#scope.watched(this.now());
    const { objects, horizon } = this.#guest;
    const waits = (one: GuestGoroutine): readonly number[] => (one.op === "sleep" ? [one.until] : timersOf(one, objects));
    return this.#goroutines.all.every((one) => !isStopped(one) || waits(one).every((when) => when - one.since <= watched / 2 || when - this.#began > horizon));
  }

  #limit(limit: "time" | "steps"): Outcome {
    return this.#scope.atLimit(limit, this.#goroutines.all, () => this.#blocked(), this.now());
  }

  /** The objects that a blocked goroutine waits for. */
  describe(goroutine: GuestGoroutine): readonly Access[] {
    return objectsOf(goroutine, this.#guest.objects);
  }
}
