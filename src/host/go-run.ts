import { actorsOf, DEFAULT_CASE, formatChoice, sameChoice, type Choice } from "../model/choice.js";
import { nanos, objectId, type GoroutineName, type Nanos } from "../model/ids.js";
import { CLOCK_OBJECT, OPERATIONS, type Access, type OpKind } from "../model/operation.js";
import type { Outcome } from "../model/outcome.js";
import { Divergence, type Checkpoint, type Footprint, type Pending, type Run, type RunOptions } from "../model/program.js";
import type { Snapshot } from "../model/snapshot.js";
import type { Trace } from "../model/trace.js";
import { seedOf, type GuestGoroutine } from "./goroutine.js";
import { Goroutines, type GoroutinesState } from "./goroutines.js";
import type { GuestObjects } from "./guest-objects.js";
import { readClock, type HostClock } from "./host-clock.js";
import { BOX, CASE_WAIT, EVENT, IDLE, POINT } from "./hooks.js";
import { LamportClocks, type LamportState } from "./lamport.js";
import { accessesOf, canGoOn, isChannelOp, isLook, partyOfGoroutine, pendingOf, touchedBy, waitsForTimer, type Standing } from "./pending.js";
import type { Noise } from "./noise.js";
import { RunScope, type ScopeState } from "./run-scope.js";
import { StepFootprint } from "./step-footprint.js";
import { TraceRecorder } from "./trace-recorder.js";

/** What of a run is copied when its world is forked. */
export interface RunState {
  readonly goroutines: GoroutinesState;
  readonly clock: HostClock;
  readonly scope: ScopeState;
  readonly steps: number;
  readonly lamports: LamportState;
  readonly round: string;
  readonly rounds: number;
  readonly quietOnces: ReadonlySet<number>;
}

/** What a run needs of the program that it is a run of. */
export interface Guest {
  readonly objects: GuestObjects;
  /** Lets the world go on until it pauses; how it ended if it did not come back. */
  resume(): Outcome | undefined;
  currentG(): number;
  readonly gCase: number;
  readonly gSeed: number;
  /** Address of unparkBox. */
  readonly box: number;
  readonly horizon: number;
  readonly maxSteps: number;
  /** Instead of MAX_ROUNDS within the scope. */
  readonly maxRounds: number | undefined;
  /** What of the operations called from an address is noise; undefined: not known yet. */
  noiseAt(pc: number): Noise | undefined;
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
  readonly #goroutines = new Goroutines();
  readonly clock: HostClock;
  readonly #began: number;
  readonly #scope = new RunScope();
  #steps = 0;
  readonly #lamports = new LamportClocks();
  /** Onces that noise has entered: their end, whose caller cannot be told, is noise, too. */
  #quietOnces = new Set<number>();
  #round = "";
  #rounds = 0;
  #pending: readonly Pending[] | undefined;
  #outcome: Outcome | undefined;
  /** Goroutines that go on in this step, one after the other; empty between steps. */
  #queue: number[] = [];
  readonly #arrival: boolean;
  readonly #details = new Map<GoroutineName, { counter?: number; length?: number; capacity?: number }>();
  #value = -1;
  #settling = false;
  #step = new StepFootprint();
  readonly recorder: TraceRecorder | undefined;

  constructor(guest: Guest, began: number, options: Pick<RunOptions, "trace" | "arrival"> = {}) {
    this.#guest = guest;
    this.#began = began;
    this.clock = { base: began };
    this.#arrival = options.arrival ?? false;
    this.recorder = options.trace ? new TraceRecorder() : undefined;
  }

  // ---- the seam

  pending(): readonly Pending[] {
    return (this.#pending ??= pendingOf(this.#standing()));
  }

  take(choice: Choice): void {
    if (this.#outcome) throw new Divergence(this.#steps, formatChoice(choice), `the run is over (${this.#outcome.kind})`);
    const chosen = this.#find(choice);
    this.#steps++;
    this.#step = new StepFootprint();
    const quiet = this.#arrival && chosen.kind === "clock" && this.pending().every((p) => p.op === "clock" || p.alternatives.length === 0);
    this.#noteAccesses(chosen);
    const actors = actorsOf(chosen).map((name) => this.#goroutines.named(name)!);
    this.recorder?.step(chosen, actors, this.#guest.objects);
    const clockTo = chosen.kind === "clock" ? this.pending().at(-1)!.time! : undefined;
    this.#spin(chosen, actors);
    this.#pending = undefined;
    this.#lamports.join(actors, this.#step.accesses);
    this.#queue = this.#enqueue(chosen);
    if (clockTo !== undefined) this.clock.base = this.#began + Number(clockTo);
    if (quiet) for (const goroutine of this.#goroutines.all) goroutine.arrived = goroutine.stopped;
    this.#goOn();
    this.#noteTimersWaitedFor();
    this.recorder?.after(this.now());
    if (chosen.kind === "clock") this.#noteRound();
    if (this.#outcome === undefined && this.#steps >= this.#guest.maxSteps) this.#outcome = this.#limit("steps");
    const repeats = this.#rounds >= (this.scopeOver ? MAX_ROUNDS.afterScope : (this.#guest.maxRounds ?? MAX_ROUNDS.inScope));
    if (this.#outcome === undefined && repeats) this.#outcome = this.#limit("time");
  }

  last(): Footprint {
    return this.#step;
  }

  outcome(): Outcome | undefined {
    if (this.#outcome) return this.#outcome;
    const pending = this.pending();
    if (pending.some((one) => one.alternatives.length > 0)) return undefined;
    if (pending.at(-1)?.op === "clock") return (this.#outcome = this.#limit("time"));
    return (this.#outcome = this.#scope.atRest(this.#goroutines.all, pending));
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
      goroutines: this.#goroutines.save(),
      clock: { ...this.clock },
      scope: this.#scope.save(),
      steps: this.#steps,
      lamports: this.#lamports.save(),
      round: this.#round,
      rounds: this.#rounds,
      quietOnces: new Set(this.#quietOnces),
    };
  }

  restore(state: RunState): void {
    this.#goroutines.restore(state.goroutines);
    this.clock.base = state.clock.base;
    this.#scope.restore(state.scope);
    this.#steps = state.steps;
    this.#lamports.restore(state.lamports);
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
    const main = this.#goroutines.main;
    if (main) this.#queue = [main.address];
    this.#goOn();
    this.#steps = 0;
  }

  /**
   * Everybody that is stopped without a way to go on really enters the runtime's queues, for the collection; with
   * `ready`, those as well that could take something from a channel.
   */
  settle(collector: number, ready = false): readonly GuestGoroutine[] {
    const enters = (p: Pending): boolean => p.op !== "sleep" && (p.alternatives.length === 0 || (ready && isChannelOp(p.op)));
    const stuck = new Set(this.pending().filter(enters).map((p) => p.goroutine));
    const settled = this.#goroutines.all.filter((goroutine) => goroutine.stopped && !goroutine.over && stuck.has(goroutine.name));
    for (const goroutine of settled) this.#details.set(goroutine.name, this.#detailOf(goroutine));
    this.#settling = true;
    this.#queue = [...settled.map((goroutine) => goroutine.address), collector];
    for (const goroutine of settled) this.#guest.objects.setWord(goroutine.address + this.#guest.gCase, CASE_WAIT);
    return this.#goroutines.all;
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
      this.#step.touch({ object: CLOCK_OBJECT, op: "load" });
    }
    return readClock(this.clock, reader);
  }

  // ---- the hooks (go/runtime/unpark.go)

  onPoint(op: number, address: number, object: number, aux: number, pc: number): number {
    if (this.#settling) return POINT.goOn;
    const goroutine = this.#goroutines.at(address);
    if (goroutine === undefined) return POINT.goOn;
    goroutine.op = OPERATIONS[op]!;
    goroutine.object = object;
    goroutine.aux = aux;
    if (goroutine.entering && goroutine.op === "semacquire") return POINT.goOn;
    if (pc !== 0 || goroutine.op === "semacquire") {
      const kind = pc === 0 ? "all" : this.#guest.noiseAt(pc);
      if (kind === undefined) return POINT.nameIt;
      const noise = kind === "all" || (kind === "atomics" && isAtomic(goroutine.op));
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
    this.#step.moves(goroutine.name);
    return POINT.park;
  }

  onStarted(parent: number, child: number): void {
    this.#guest.objects.refresh();
    const timer = this.#guest.objects.word(this.#guest.box + BOX.timer) >>> 0;
    const goroutine = this.#goroutines.start(parent, child, timer);
    const [low, high] = seedOf(goroutine.name);
    this.#guest.objects.setWord(child + this.#guest.gSeed, low);
    this.#guest.objects.setWord(child + this.#guest.gSeed + 4, high);
    this.#step.starts(goroutine.name);
    this.recorder?.started(goroutine, ...this.#guest.objects.origin(child));
  }

  onEvent(kind: number, a: number): void {
    switch (kind) {
      case EVENT.main:
        return this.#mainOver(a);
      case EVENT.test:
        return this.#scope.end({ kind: "test", code: a }, this.#goroutines.main);
      case EVENT.skip:
        return this.#scope.skip();
      case EVENT.end:
        return this.#ended(a);
      case EVENT.timer: {
        const maker = this.asking();
        if (maker) this.#goroutines.nameTimer(a, maker);
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
      this.#scope.afterStep(this.#goroutines.all);
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
    const inBubbles = this.#goroutines.all.filter((one) => one.stopped && !one.over && this.#bubbleOf(one) !== 0);
    const busy = new Set(inBubbles.filter((one) => canGo.has(one.name)).map((one) => this.#bubbleOf(one)));
    return inBubbles.filter((one) => !busy.has(this.#bubbleOf(one)) && WAITS_IN_BUBBLE.has(one.op));
  }

  #bubbleOf(goroutine: GuestGoroutine): number {
    return this.#guest.objects.bubbleOf(goroutine.address);
  }

  get #inBubbles(): boolean {
    return this.#goroutines.all.some((one) => this.#bubbleOf(one) !== 0);
  }

  #standing(): Standing {
    const { objects, box, horizon } = this.#guest;
    return { goroutines: this.#goroutines.all, objects, clock: this.clock, began: this.#began, pollUntil: objects.long(box + BOX.pollUntil), horizon: this.#began + horizon };
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
    return partyOfGoroutine(this.#goroutines.named(name)!, this.#guest.objects).hasDefault;
  }

  #release(name: GoroutineName, index: number | undefined): number {
    const goroutine = this.#goroutines.named(name)!;
    goroutine.stopped = false;
    goroutine.readings = 0;
    this.#guest.objects.setWord(goroutine.address + this.#guest.gCase, index ?? 0);
    this.#step.moves(name);
    return goroutine.address;
  }

  #noteAccesses(choice: Choice): void {
    if (choice.kind === "clock") this.#step.touch({ object: CLOCK_OBJECT, op: "clock" });
    for (const name of actorsOf(choice)) {
      const index = choice.kind === "go" ? choice.case : choice.kind === "meet" ? (name === choice.sender ? choice.sendCase : choice.recvCase) : undefined;
      for (const access of touchedBy(this.#goroutines.named(name)!, index, this.#guest.objects)) this.#step.touch(access);
    }
  }

  /** The clock moves to the next timer that somebody waits for: who comes to wait for one changes what it will do (P3). */
  #noteTimersWaitedFor(): void {
    for (const name of this.#step.moved) {
      const goroutine = this.#goroutines.named(name);
      if (goroutine?.stopped !== true || goroutine.over || !isChannelOp(goroutine.op)) continue;
      if (waitsForTimer(goroutine, this.#guest.objects)) this.#step.touch({ object: CLOCK_OBJECT, op: "load" });
    }
  }

  /** Counts who only looks; a step that does something, and the clock's, gives everybody a new chance. */
  #spin(choice: Choice, actors: readonly GuestGoroutine[]): void {
    const looks = actors.length === 1 && (isLook(actors[0]!.op) || (choice.kind === "go" && choice.case === DEFAULT_CASE) || actors[0]!.op === "yield");
    for (const goroutine of this.#goroutines.all) {
      if (actors.includes(goroutine)) continue;
      goroutine.yielded = false;
      if (!looks) goroutine.spins = 0;
    }
    for (const goroutine of actors) goroutine.spins = looks ? goroutine.spins + 1 : 0;
  }

  /** Counts how often in a row the clock has found everybody where they were when it moved before. */
  #noteRound(): void {
    const round = this.#goroutines.all.map((one) => (one.stopped ? `${one.name}:${one.op}:${one.object}` : one.name)).join(" ");
    this.#rounds = round === this.#round ? this.#rounds + 1 : 0;
    this.#round = round;
  }

  #ended(address: number): void {
    const goroutine = this.#goroutines.at(address);
    if (goroutine === undefined) return;
    this.#step.moves(goroutine.name);
    this.recorder?.ended(goroutine.name);
    this.#goroutines.end(goroutine);
  }

  /** main returned, or somebody called os.Exit: then main's own goroutine ends the scope, another ends the program. */
  #mainOver(code: number): void {
    const who = this.asking();
    if (who !== undefined && who === this.#goroutines.main) this.#scope.end({ kind: "main", code }, who);
    else this.#scope.exit(code);
  }

  /** The process would be gone by now: what its goroutines still do is looked at only to tell leaks. */
  get mainReturned(): boolean {
    return this.#scope.over?.kind === "main";
  }

  #limit(limit: "time" | "steps"): Outcome {
    return this.#scope.atLimit(limit, this.#goroutines.all, this.pending());
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

const isAtomic = (op: OpKind): boolean => op === "load" || op === "store" || op === "rmw";

/** What blocks durably in a synctest bubble, of what the host stops before; a mutex does not. */
const WAITS_IN_BUBBLE: ReadonlySet<OpKind> = new Set<OpKind>(["send", "recv", "select", "wgwait"]);
