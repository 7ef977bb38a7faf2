import { actorsOf, DEFAULT_CASE, formatChoice, sameChoice, type Choice } from "../model/choice.js";
import { goroutineName, nanos, objectId, type GoroutineName, type Nanos } from "../model/ids.js";
import { CLOCK_OBJECT, OPERATIONS, type Access, type OpKind } from "../model/operation.js";
import type { Outcome } from "../model/outcome.js";
import { Divergence, type Checkpoint, type Footprint, type Pending, type Run } from "../model/program.js";
import type { Snapshot } from "../model/snapshot.js";
import type { Trace } from "../model/trace.js";
import { newGoroutine, seedOf, type GuestGoroutine } from "./goroutine.js";
import type { GuestObjects } from "./guest-objects.js";
import { readClock, type HostClock } from "./host-clock.js";
import { BOX, CASE_WAIT, EVENT, IDLE, POINT, SCOPE } from "./hooks.js";
import { accessesOf, canGoOn, isChannelOp, isLook, isSpinning, partyOfGoroutine, pendingOf, touchedBy, waitsForTimer, type Standing } from "./pending.js";
import { TraceRecorder } from "./trace-recorder.js";

/** What of a run is copied when its world is forked. */
export interface RunState {
  readonly goroutines: readonly GuestGoroutine[];
  readonly clock: HostClock;
  readonly scope: ScopeState;
  readonly steps: number;
  readonly timers: ReadonlyMap<number, string>;
  readonly timerStarts: ReadonlyMap<string, number>;
  readonly preexisting: number;
  readonly lamports: ReadonlyMap<number, Lamport>;
  readonly round: string;
  readonly rounds: number;
  readonly quietOnces: ReadonlySet<number>;
}

interface ScopeState {
  /** How it ended: main returned (or os.Exit), the test passed, failed, was skipped. */
  readonly over?: { readonly kind: "main" | "test"; readonly code: number };
  readonly skipped: boolean;
  /** Goroutines that lived when the scope ended, and have ended or moved since. */
  readonly alive: ReadonlySet<GoroutineName>;
}

/** The latest step's Lamport time that read, and that changed, an object. */
interface Lamport {
  readonly read: number;
  readonly write: number;
}

/** What a run needs of the program that it is a run of. */
export interface Guest {
  readonly objects: GuestObjects;
  /** Lets the world go on until it pauses; how it ended if it did not come back. */
  resume(): Outcome | undefined;
  currentG(): number;
  readonly gM: number;
  readonly gCase: number;
  readonly gSeed: number;
  readonly mCurg: number;
  /** Address of unparkBox. */
  readonly box: number;
  readonly horizon: number;
  readonly maxSteps: number;
  /** Instead of MAX_ROUNDS within the scope. */
  readonly maxRounds: number | undefined;
  isNoise(pc: number): boolean | undefined;
  collect(run: GoRun): Snapshot;
  fork(run: GoRun): Checkpoint;
  traced(recorder: TraceRecorder): Trace;
}

/**
 * So many moves of the clock in a row that find every goroutine at the same operation on the same object, and the run
 * is taken to repeat itself for ever (a ticker loop, a main that prints once a second). A loop that counts further than
 * this before it does something new is cut off: the outcome says `horizon`, never `quiescent`. Within the scope a test
 * may well poll every 10 ms for five seconds; after it nobody is waiting for anything.
 */
const MAX_ROUNDS = { inScope: 600, afterScope: 64 } as const;

/**
 * One execution of a controlled Go world: who is stopped where, what a choice makes of it.
 *
 * H1. Between steps nobody is runnable, and no goroutine of the scope waits in a runtime queue for something that a
 *     `meet` could bring: whoever enters a queue in a step is met in the same step.
 * H2. All that decides (readiness, time, names) is read from the guest's memory or follows from the choices.
 */
export class GoRun implements Run {
  readonly #guest: Guest;
  #goroutines: GuestGoroutine[] = [];
  readonly #byAddress = new Map<number, GuestGoroutine>();
  readonly #byName = new Map<GoroutineName, GuestGoroutine>();
  readonly clock: HostClock;
  readonly #began: number;
  #scope: ScopeState = { skipped: false, alive: new Set() };
  #steps = 0;
  #preexisting = 0;
  #timers = new Map<number, string>();
  #timerStarts = new Map<string, number>();
  #lamports = new Map<number, Lamport>();
  #stepTime = 0;
  /** Onces that noise has entered: their end, whose caller cannot be told, is noise, too. */
  #quietOnces = new Set<number>();
  #round = "";
  #rounds = 0;
  #pending: readonly Pending[] | undefined;
  #outcome: Outcome | undefined;
  /** Goroutines that go on in this step, one after the other; empty between steps. */
  #queue: number[] = [];
  readonly #details = new Map<GoroutineName, { counter?: number; length?: number; capacity?: number }>();
  #value = -1;
  #settling = false;
  #accesses: Access[] = [];
  #moved: GoroutineName[] = [];
  #started: GoroutineName[] = [];
  readonly recorder: TraceRecorder | undefined;

  constructor(guest: Guest, began: number, trace: boolean) {
    this.#guest = guest;
    this.#began = began;
    this.clock = { base: began };
    this.recorder = trace ? new TraceRecorder() : undefined;
  }

  // ---- the seam

  pending(): readonly Pending[] {
    return (this.#pending ??= pendingOf(this.#standing()));
  }

  take(choice: Choice): void {
    if (this.#outcome) throw new Divergence(this.#steps, formatChoice(choice), `the run is over (${this.#outcome.kind})`);
    const chosen = this.#find(choice);
    this.#steps++;
    this.#accesses = [];
    this.#moved = [];
    this.#started = [];
    const quiet = chosen.kind === "clock" && this.pending().every((p) => p.op === "clock" || p.alternatives.length === 0);
    this.#noteAccesses(chosen);
    this.recorder?.step(chosen, actorsOf(chosen).map((name) => this.#byName.get(name)!), this.#guest.objects);
    const clockTo = chosen.kind === "clock" ? this.pending().at(-1)!.time! : undefined;
    this.#spin(chosen);
    this.#pending = undefined;
    this.#join(chosen);
    this.#queue = this.#enqueue(chosen);
    if (clockTo !== undefined) this.clock.base = this.#began + Number(clockTo);
    if (quiet) for (const goroutine of this.#goroutines) goroutine.arrived = goroutine.stopped;
    this.#goOn();
    this.#noteTimersWaitedFor();
    this.recorder?.after(this.now());
    if (chosen.kind === "clock") this.#noteRound();
    if (this.#outcome === undefined && this.#steps >= this.#guest.maxSteps) this.#outcome = this.#limit("steps");
    const repeats = this.#rounds >= (this.scopeOver ? MAX_ROUNDS.afterScope : (this.#guest.maxRounds ?? MAX_ROUNDS.inScope));
    if (this.#outcome === undefined && repeats) this.#outcome = this.#limit("time");
  }

  last(): Footprint {
    return { accesses: this.#accesses, moved: this.#moved, started: this.#started };
  }

  outcome(): Outcome | undefined {
    if (this.#outcome) return this.#outcome;
    const pending = this.pending();
    if (pending.some((one) => one.alternatives.length > 0)) return undefined;
    if (pending.at(-1)?.op === "clock") return (this.#outcome = this.#limit("time"));
    return (this.#outcome = this.#atRest());
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
    return {
      goroutines: this.#goroutines.map((goroutine) => ({ ...goroutine })),
      clock: { ...this.clock },
      scope: { ...this.#scope, alive: new Set(this.#scope.alive) },
      steps: this.#steps,
      timers: new Map(this.#timers),
      timerStarts: new Map(this.#timerStarts),
      preexisting: this.#preexisting,
      lamports: new Map(this.#lamports),
      round: this.#round,
      rounds: this.#rounds,
      quietOnces: new Set(this.#quietOnces),
    };
  }

  restore(state: RunState): void {
    this.#goroutines = state.goroutines.map((goroutine) => ({ ...goroutine }));
    this.#byAddress.clear();
    this.#byName.clear();
    for (const goroutine of this.#goroutines) this.#index(goroutine);
    this.clock.base = state.clock.base;
    this.#scope = { ...state.scope, alive: new Set(state.scope.alive) };
    this.#steps = state.steps;
    this.#timers = new Map(state.timers);
    this.#timerStarts = new Map(state.timerStarts);
    this.#preexisting = state.preexisting;
    this.#lamports = new Map(state.lamports);
    this.#round = state.round;
    this.#rounds = state.rounds;
    this.#quietOnces = new Set(state.quietOnces);
    this.#pending = undefined;
    this.#outcome = undefined;
    this.#queue = [];
    this.#settling = false;
  }

  /** The first step, no choice of anybody's: from the start-up snapshot to where everybody is stopped. */
  begin(): void {
    const main = this.#goroutines.find((goroutine) => goroutine.name === "1");
    if (main) this.#queue = [main.address];
    this.#goOn();
    this.#steps = 0;
  }

  /** Everybody that is stopped without a way to go on really enters the runtime's queues, for the collection. */
  settle(collector: number): readonly GuestGoroutine[] {
    const stuck = new Set(this.pending().filter((p) => p.alternatives.length === 0 && p.op !== "sleep").map((p) => p.goroutine));
    const settled = this.#goroutines.filter((goroutine) => goroutine.stopped && !goroutine.over && stuck.has(goroutine.name));
    for (const goroutine of settled) this.#details.set(goroutine.name, this.#detailOf(goroutine));
    this.#settling = true;
    this.#queue = [...settled.map((goroutine) => goroutine.address), collector];
    for (const goroutine of settled) this.#guest.objects.setWord(goroutine.address + this.#guest.gCase, CASE_WAIT);
    return this.#goroutines;
  }

  /** Only one goes on: ours, in a world where nothing has happened. */
  only(address: number): void {
    this.#settling = true;
    this.#queue = [address];
  }

  /** What a blocked goroutine's object looks like: a WaitGroup's counter, a channel's length and capacity. */
  detail(goroutine: GuestGoroutine): { counter?: number; length?: number; capacity?: number } {
    return this.#details.get(goroutine.name) ?? {};
  }

  get scopeOver(): boolean {
    return this.#scope.over !== undefined;
  }

  goroutineAt(address: number): GuestGoroutine | undefined {
    return this.#byAddress.get(address);
  }

  named(name: GoroutineName): GuestGoroutine | undefined {
    return this.#byName.get(name);
  }

  /** The goroutine on whose behalf the guest asks (reads the clock, draws): undefined for the scheduler itself. */
  asking(): GuestGoroutine | undefined {
    return this.#byAddress.get(this.#guest.currentG());
  }

  readClock(): number {
    const reader = this.asking();
    if (reader) {
      reader.lamport = Math.max(reader.lamport, this.#stepTime); // whoever moves in a step comes after it
      this.#touch({ object: CLOCK_OBJECT, op: "load" });
    }
    return readClock(this.clock, reader);
  }

  // ---- the hooks (go/runtime/unpark.go)

  onPoint(op: number, address: number, object: number, aux: number, pc: number): number {
    if (this.#settling) return POINT.goOn;
    const goroutine = this.#byAddress.get(address);
    if (goroutine === undefined) return POINT.goOn;
    goroutine.op = OPERATIONS[op]!;
    goroutine.object = object;
    goroutine.aux = aux;
    if (goroutine.entering && goroutine.op === "semacquire") return POINT.goOn;
    if (pc !== 0 || goroutine.op === "semacquire") {
      const noise = pc === 0 ? true : this.#guest.isNoise(pc);
      if (noise === undefined) return POINT.nameIt;
      this.#guest.objects.refresh();
      if (noise && canGoOn(goroutine, this.#standing())) {
        if (goroutine.op === "once") this.#quietOnces.add(object);
        return POINT.goOn;
      }
    }
    if (goroutine.op === "oncedone" && this.#quietOnces.delete(object)) return POINT.goOn;
    if (goroutine.op === "sleep") {
      this.#guest.objects.refresh();
      goroutine.until = this.readClock() + this.#guest.objects.long(this.#guest.box + BOX.ns);
    }
    goroutine.stopped = true;
    goroutine.told = undefined;
    goroutine.entering = false;
    goroutine.yielded = goroutine.op === "yield";
    goroutine.arrived = false;
    goroutine.readings = 0;
    if (this.recorder) goroutine.pcs = this.#callers();
    this.#moves(goroutine.name);
    return POINT.park;
  }

  onStarted(parent: number, child: number): void {
    const name = this.#nameFor(parent);
    const creator = this.#byAddress.get(parent);
    const goroutine = newGoroutine(name, child, creator?.name, creator?.lamport ?? 0);
    this.#goroutines.push(goroutine);
    this.#index(goroutine);
    const [low, high] = seedOf(name);
    this.#guest.objects.refresh();
    this.#guest.objects.setWord(child + this.#guest.gSeed, low);
    this.#guest.objects.setWord(child + this.#guest.gSeed + 4, high);
    this.#started.push(name);
    this.#moved.push(name);
    this.recorder?.started(goroutine);
  }

  onEvent(kind: number, a: number): void {
    switch (kind) {
      case EVENT.main:
        return this.#mainOver(a);
      case EVENT.test:
        return this.#scopeOver({ kind: "test", code: a });
      case EVENT.skip:
        this.#scope = { ...this.#scope, skipped: true };
        return;
      case EVENT.end:
        return this.#ended(a);
      case EVENT.timer: {
        const maker = this.asking();
        if (maker) this.#timers.set(a, `${maker.name}.t${++maker.timers}`);
        return;
      }
    }
  }

  onIdle(): number {
    return this.#queue.shift() ?? IDLE.stepOver;
  }

  /** After a pause. An empty queue: the clock moved. */
  onNext(): number {
    return this.#queue.shift() ?? IDLE.clockMoved;
  }

  onRandom(): number {
    return this.#value;
  }

  // ---- inside

  /** The queued goroutines go on, until all are stopped; then those of synctest bubbles that have to wait do so. */
  #goOn(): void {
    for (;;) {
      this.#outcome = this.#guest.resume();
      this.#guest.objects.refresh();
      if (this.#countAlive) this.#noteAlive();
      const waiting = this.#outcome === undefined && this.#inBubbles ? this.#waitingInBubbles() : [];
      if (waiting.length === 0) return;
      for (const goroutine of waiting) goroutine.entering = true;
      this.#queue = waiting.map((goroutine) => this.#release(goroutine.name, CASE_WAIT));
      this.#pending = undefined;
    }
  }

  /**
   * A bubble's clock moves, and its Wait returns, only when all its goroutines are parked by the runtime itself
   * (testing/synctest, "durably blocked"). So where nobody in a bubble can go on, they really wait, in order of
   * creation: the one exception to P2. Which of two waiting receivers comes first is not explored then.
   */
  #waitingInBubbles(): readonly GuestGoroutine[] {
    this.#pending = undefined;
    const canGo = new Set(this.pending().filter((one) => one.alternatives.length > 0).map((one) => one.goroutine));
    const inBubbles = this.#goroutines.filter((one) => one.stopped && !one.over && this.#bubbleOf(one) !== 0);
    const busy = new Set(inBubbles.filter((one) => canGo.has(one.name)).map((one) => this.#bubbleOf(one)));
    return inBubbles.filter((one) => !busy.has(this.#bubbleOf(one)) && WAITS_IN_BUBBLE.has(one.op));
  }

  #bubbleOf(goroutine: GuestGoroutine): number {
    return this.#guest.objects.bubbleOf(goroutine.address);
  }

  get #inBubbles(): boolean {
    return this.#goroutines.some((one) => this.#bubbleOf(one) !== 0);
  }

  #standing(): Standing {
    const { objects, box, horizon } = this.#guest;
    return { goroutines: this.#goroutines, objects, clock: this.clock, began: this.#began, pollUntil: objects.long(box + BOX.pollUntil), horizon: this.#began + horizon };
  }

  #find(choice: Choice): Choice {
    for (const { alternatives } of this.pending()) {
      for (const one of alternatives) if (sameChoice(one, choice)) return one;
    }
    const possible = this.pending().flatMap((one) => one.alternatives.map(formatChoice));
    throw new Divergence(this.#steps, formatChoice(choice), `possible are ${possible.slice(0, 8).join(" ") || "none"}`);
  }

  /** Who has to be let go on for a choice, in which order. */
  #enqueue(choice: Choice): number[] {
    switch (choice.kind) {
      case "clock":
        return [];
      case "value":
        this.#value = choice.value;
        return [this.#release(choice.goroutine, undefined)];
      case "go":
        return [this.#release(choice.goroutine, choice.case)];
      case "meet":
        return this.#meetingOrder(choice);
    }
  }

  /**
   * The one who waits in the queue goes first, and the other finds it there. A plain operation always waits on an open
   * unbuffered channel; of two selects one without default is made to (CASE_WAIT), whatever else it could take.
   */
  #meetingOrder({ sender, sendCase, receiver, recvCase }: Extract<Choice, { kind: "meet" }>): number[] {
    const senderWaits = sendCase === undefined || (recvCase !== undefined && !this.#hasDefault(sender));
    return senderWaits
      ? [this.#release(sender, CASE_WAIT), this.#release(receiver, recvCase)]
      : [this.#release(receiver, CASE_WAIT), this.#release(sender, sendCase)];
  }

  #hasDefault(name: GoroutineName): boolean {
    return partyOfGoroutine(this.#byName.get(name)!, this.#guest.objects).hasDefault;
  }

  #release(name: GoroutineName, index: number | undefined): number {
    const goroutine = this.#byName.get(name)!;
    goroutine.stopped = false;
    goroutine.readings = 0;
    this.#guest.objects.setWord(goroutine.address + this.#guest.gCase, index ?? 0);
    this.#moves(name);
    return goroutine.address;
  }

  #noteAccesses(choice: Choice): void {
    if (choice.kind === "clock") this.#accesses.push({ object: CLOCK_OBJECT, op: "clock" });
    for (const name of actorsOf(choice)) {
      const index = choice.kind === "go" ? choice.case : choice.kind === "meet" ? (name === choice.sender ? choice.sendCase : choice.recvCase) : undefined;
      for (const access of touchedBy(this.#byName.get(name)!, index, this.#guest.objects)) this.#touch(access);
    }
  }

  /** The clock moves to the next timer that somebody waits for: who comes to wait for one changes what it will do (P3). */
  #noteTimersWaitedFor(): void {
    for (const name of this.#moved) {
      const goroutine = this.#byName.get(name);
      if (goroutine?.stopped !== true || goroutine.over || !isChannelOp(goroutine.op)) continue;
      if (waitsForTimer(goroutine, this.#guest.objects)) this.#touch({ object: CLOCK_OBJECT, op: "load" });
    }
  }

  #touch(access: Access): void {
    if (!this.#accesses.some((one) => one.object === access.object && one.op === access.op)) this.#accesses.push(access);
  }

  #moves(name: GoroutineName): void {
    if (!this.#moved.includes(name)) this.#moved.push(name);
  }

  /** Counts who only looks; a step that does something, and the clock's, gives everybody a new chance. */
  #spin(choice: Choice): void {
    const actors = actorsOf(choice).map((name) => this.#byName.get(name)!);
    const looks = actors.length === 1 && (isLook(actors[0]!.op) || (choice.kind === "go" && choice.case === DEFAULT_CASE) || actors[0]!.op === "yield");
    for (const goroutine of this.#goroutines) {
      if (actors.includes(goroutine)) continue;
      goroutine.yielded = false;
      if (!looks) goroutine.spins = 0;
    }
    for (const goroutine of actors) goroutine.spins = looks ? goroutine.spins + 1 : 0;
  }

  /**
   * Lamport's rule over goroutines and objects, before the step is done: what is read within it is later than all that
   * it depends on. Steps that only load an object do not order each other.
   */
  #join(choice: Choice): void {
    const actors = actorsOf(choice).map((name) => this.#byName.get(name)!);
    let time = 0;
    for (const goroutine of actors) time = Math.max(time, goroutine.lamport);
    for (const { object, op } of this.#accesses) {
      const known = this.#lamports.get(object);
      if (known) time = Math.max(time, known.write, readsOnly(op) ? 0 : known.read);
    }
    time++;
    for (const goroutine of actors) goroutine.lamport = time;
    for (const { object, op } of this.#accesses) {
      const known = this.#lamports.get(object) ?? { read: 0, write: 0 };
      this.#lamports.set(object, readsOnly(op) ? { read: Math.max(known.read, time), write: known.write } : { read: known.read, write: time });
    }
    this.#stepTime = time;
  }

  /** Counts how often in a row the clock has found everybody where they were when it moved before. */
  #noteRound(): void {
    const round = this.#goroutines.map((one) => (one.stopped ? `${one.name}:${one.op}:${one.object}` : one.name)).join(" ");
    this.#rounds = round === this.#round ? this.#rounds + 1 : 0;
    this.#round = round;
  }

  #nameFor(parent: number): GoroutineName {
    if (parent === SCOPE) return goroutineName("1");
    const creator = this.#byAddress.get(parent);
    if (creator) return goroutineName(`${creator.name}.${++creator.children}`);
    const timer = this.#timers.get(this.#guest.objects.word(this.#guest.box + BOX.timer) >>> 0);
    if (timer !== undefined && this.#byName.has(goroutineName("1"))) return this.#fresh(timer);
    return goroutineName(`0.${++this.#preexisting}`);
  }

  /** A timer may start several: `1.t1`, then `1.t1.1`, … */
  #fresh(name: string): GoroutineName {
    const count = (this.#timerStarts.get(name) ?? 0) + 1;
    this.#timerStarts.set(name, count);
    return goroutineName(`${name}.${count}`);
  }

  #index(goroutine: GuestGoroutine): void {
    this.#byAddress.set(goroutine.address, goroutine);
    this.#byName.set(goroutine.name, goroutine);
  }

  #ended(address: number): void {
    const goroutine = this.#byAddress.get(address);
    if (goroutine === undefined) return;
    this.#moves(goroutine.name);
    this.recorder?.ended(goroutine.name);
    this.#byAddress.delete(address);
    this.#goroutines = this.#goroutines.filter((one) => one !== goroutine);
  }

  /** main returned, or somebody called os.Exit: then main's own goroutine ends the scope, another ends the program. */
  #mainOver(code: number): void {
    const who = this.asking();
    if (who?.name === "1") this.#scopeOver({ kind: "main", code });
    else this.#outcomeAtExit = { kind: "exit", exitCode: code };
  }
  #outcomeAtExit: Outcome | undefined;

  /** The process would be gone by now: what its goroutines still do is looked at only to tell leaks. */
  get mainReturned(): boolean {
    return this.#scope.over?.kind === "main";
  }

  #scopeOver(over: NonNullable<ScopeState["over"]>): void {
    const main = this.#byName.get(goroutineName("1"));
    if (main) main.over = true;
    this.#scope = { ...this.#scope, over };
    this.#countAlive = true;
  }

  /** After the step in which the scope ended: who only had to return has done so by now, and is not cut short. */
  #noteAlive(): void {
    this.#countAlive = false;
    const alive = this.#goroutines.filter((one) => !one.over && !one.name.startsWith("0.")).map((one) => one.name);
    this.#scope = { ...this.#scope, alive: new Set(alive) };
  }
  #countAlive = false;

  /** Still had something to do when main returned: ended since, or sleeping, or able to go on. */
  #cutShort(): number {
    const { over, alive } = this.#scope;
    if (over === undefined) return 0;
    const blocked = new Set(this.pending().filter((p) => p.alternatives.length === 0 && p.op !== "sleep").map((p) => p.goroutine));
    return [...alive].filter((name) => !this.#goroutines.some((one) => one.name === name) || !blocked.has(name)).length;
  }

  #atRest(): Outcome {
    if (this.#outcomeAtExit) return this.#outcomeAtExit;
    const { over, skipped } = this.#scope;
    if (over === undefined) return { kind: "deadlock" };
    if (over.kind === "main") return { kind: "quiescent", exitCode: over.code, cutShort: this.#cutShort() };
    if (over.code !== 0) return { kind: "failed", cutShort: this.#cutShort() };
    return skipped ? { kind: "skipped" } : { kind: "quiescent", exitCode: 0, cutShort: this.#cutShort() };
  }

  #limit(limit: "time" | "steps"): Outcome {
    const { over } = this.#scope;
    if (over?.kind === "test" && over.code !== 0) return { kind: "failed", cutShort: this.#cutShort() };
    const spinning = this.#goroutines.find((one) => one.stopped && !one.over && isSpinning(one));
    if (spinning) return { kind: "runaway", goroutine: spinning.name, stack: [], scopeOver: over !== undefined };
    return { kind: "horizon", scopeOver: over !== undefined, cutShort: this.#cutShort(), limit };
  }

  #detailOf({ op, object }: GuestGoroutine): { counter?: number; length?: number; capacity?: number } {
    if (object === 0) return {};
    if (op === "wgwait") return { counter: this.#guest.objects.counter(object) };
    if (op !== "send" && op !== "recv") return {};
    const { length, capacity } = this.#guest.objects.channel(object, () => false);
    return { length, capacity };
  }

  #callers(): readonly number[] {
    const { objects, box } = this.#guest;
    objects.refresh();
    const n = objects.word(box + BOX.npcs);
    return Array.from({ length: n }, (_, index) => objects.word(box + BOX.pcs + 8 * index) >>> 0);
  }

  /** For the program: goroutine names, to give them a channel's or a lock's words. */
  describe(goroutine: GuestGoroutine): readonly Access[] {
    return isChannelOp(goroutine.op)
      ? partyOfGoroutine(goroutine, this.#guest.objects).offers.flatMap(({ channel, direction }) =>
          channel === undefined ? [] : [{ object: objectId(channel), op: direction }],
        )
      : accessesOf(goroutine);
  }
}

/** What blocks durably in a synctest bubble, of what the host stops before; a mutex does not. */
const WAITS_IN_BUBBLE: ReadonlySet<OpKind> = new Set<OpKind>(["send", "recv", "select", "wgwait"]);

const readsOnly = (op: OpKind): boolean => op === "load" || op === "rlock" || op === "runlock";
