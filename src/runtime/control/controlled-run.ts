import { actorsOf, DEFAULT_CASE, formatChoice, sameChoice, type Choice } from "../../model/choice.js";
import { nanos, type GoroutineName, type Nanos, type ObjectId } from "../../model/ids.js";
import { CLOCK_OBJECT, type Access, type OpKind } from "../../model/operation.js";
import type { Outcome } from "../../model/outcome.js";
import { Divergence, type Footprint, type Pending, type Run } from "../../model/program.js";
import type { Snapshot } from "../../model/snapshot.js";
import type { Trace } from "../../model/trace.js";
import type { Control, Stop } from "../control.js";
import type { Body } from "../goroutine.js";
import { FatalError, ForeignObject, Goexit, NotAwaited, Panic, panicText, placeOf, RuntimeError } from "../panic.js";
import { framesOf } from "../stack-trace.js";
import type { TimerEntry } from "../clock.js";
import { enter } from "../world.js";
import { StepFootprint, LamportClocks } from "./footprint.js";
import { Member, type Lineage } from "./member.js";
import { pendingOf } from "./pending.js";
import { collector, unreachable, type Blocked } from "./reachability.js";
import type { Stage } from "./stage.js";
import { snapshotOf } from "./snapshot.js";
import { TraceRecorder } from "./trace-recorder.js";
import { VirtualClock, type ClockObserver } from "./virtual-clock.js";

/** What a run is told by the program that it is a run of. */
export interface RunPlan {
  readonly name: string;
  readonly body: Body;
  /** `main`: the process ends when it returns, and what others print then is not printed. `test`: others live on. */
  readonly scope: "main" | "test";
  /** Virtual nanoseconds and steps after which a run is over. */
  readonly horizon: number;
  readonly maxSteps: number;
  /** The same for all runs of a program. */
  readonly root: Lineage;
  readonly freshObject: () => ObjectId;
  readonly stage: Stage;
  /** Record a trace. */
  readonly arrival: boolean;
  readonly traced: boolean;
  /** Capture stacks: for traces, and for runs that are done again to say where everybody is. */
  readonly captures: boolean;
}

let resolveNext: (value: unknown) => void;
let rejectNext: (error: unknown) => void;
const capture = (resolve: (value: unknown) => void, reject: (error: unknown) => void): void => {
  resolveNext = resolve;
  rejectNext = reject;
};
const SOON = Promise.resolve();

/**
 * One execution under control (P1–P4 of `model/program.ts`), and in it:
 * R1. At most one goroutine is in flight; the others are stopped, ended, or queued in `#toGo`. So `current` is exact.
 * R2. A step is over when nobody is in flight and `#toGo` is empty; its promise is settled then, without a macrotask.
 * R3. When a macrotask comes while a goroutine is in flight, it awaits something foreign: the run is `unsupported`.
 * R4. `enter` is called around every step, so that code outside of it is not taken for the program's.
 *
 * Longer than most files: a step's life (chosen, performed, gone on, landed) is one state machine, and reads best whole.
 */
export class ControlledRun implements Run, Control, ClockObserver {
  readonly clock = new VirtualClock(this);
  readonly captures: boolean;
  readonly #plan: RunPlan;
  readonly #members: Member[] = [];
  readonly #main: Member;
  readonly #lamports = new LamportClocks();
  readonly #toGo: Member[] = [];
  readonly #recorder: TraceRecorder | undefined;
  #current: Member;
  #inFlight: Member | undefined;
  #foot = new StepFootprint();
  #steps = 0;
  #pending: readonly Pending[] | undefined;
  #outcome: Outcome | undefined;
  /** Those alive when the scope ended; undefined before. */
  #alive: readonly Member[] | undefined;
  #failure: { readonly error: unknown } | undefined;
  #failed = false;
  /** Errors of operations, and where the goroutine was stopped before each. */
  readonly #raised = new WeakMap<Error, Error | undefined>();
  #needsPlace = false;
  #stepOver: (() => void) | undefined;
  #waitingOutside = 0;
  /** What was taken, so that the run can be done again with stacks. */
  readonly #taken: Choice[] = [];

  constructor(plan: RunPlan) {
    this.#plan = plan;
    this.captures = plan.captures;
    this.#recorder = plan.traced ? new TraceRecorder() : undefined;
    this.#main = this.#current = new Member(plan.root, plan.name, undefined, plan.body, undefined);
    this.#members.push(this.#main);
  }

  // ---- the seam

  /** No choice of anybody's: main goes on to its first operation. */
  begin(): Promise<void> {
    this.#recorder?.started(this.#main, -1);
    this.#toGo.push(this.#main);
    this.#foot.moves(this.#main.name);
    return this.#step();
  }

  pending(): readonly Pending[] {
    return (this.#pending ??= pendingOf(this.#members, this.clock, this.#plan.horizon));
  }

  take(choice: Choice): Promise<void> {
    if (this.#outcome !== undefined) throw new Divergence(this.#steps, formatChoice(choice), `the run is over (${this.#outcome.kind})`);
    const pending = this.pending();
    this.#check(choice, pending);
    this.#steps++;
    this.#taken.push(choice);
    this.#foot = new StepFootprint();
    this.#spin(choice);
    this.#prepare(choice, pending);
    this.#pending = undefined;
    return this.#step();
  }

  last(): Footprint {
    return this.#foot;
  }

  outcome(): Outcome | undefined {
    if (this.#outcome !== undefined) return this.#outcome;
    const pending = this.pending();
    if (pending.some((one) => one.alternatives.length > 0)) return undefined;
    if (pending.at(-1)?.op === "clock") return (this.#outcome = this.#limit());
    return (this.#outcome = this.#alive === undefined ? { kind: "deadlock" } : this.#quiescent());
  }

  goroutines(): Snapshot | Promise<Snapshot> {
    if (this.#members.length === 0) return this.#snapshot();
    return this.captures ? this.#withProof() : this.#again().then((run) => run.#withProof());
  }

  #snapshot(): Snapshot {
    const blocked = this.#blocked();
    const atRest = this.outcome();
    const proof = atRest !== undefined && (atRest.kind === "quiescent" || atRest.kind === "failed" || atRest.kind === "deadlock");
    return snapshotOf(this.#plan.name, this.#members, blocked, proof);
  }

  /** Where others still run (the horizon), only the collector can tell who is unreachable. Ends the run. */
  #withProof(): Snapshot | Promise<Snapshot> {
    const snapshot = this.#snapshot();
    if (this.#outcome?.kind !== "horizon") return snapshot;
    return this.#reachability(snapshot);
  }

  async #reachability(snapshot: Snapshot): Promise<Snapshot> {
    const names = [...this.#blocked()];
    const verdicts = await unreachable(() => names.map((name) => this.#letGo(name)), collector(), () => this.#plan.stage.lookout.turn());
    if (verdicts === undefined) return snapshot;
    const of = new Map(names.map((name, i) => [name, verdicts[i]!]));
    const goroutines = snapshot.goroutines.map((one) => {
      const verdict = of.get(one.name!);
      return verdict === undefined ? one : { ...one, unreachable: verdict };
    });
    return { ...snapshot, goroutines };
  }

  #letGo(name: GoroutineName): Blocked {
    const member = this.#members.find((one) => one.name === name)!;
    const { channels, subject } = member.stop!;
    const waitsFor = channels?.offers.flatMap(({ channel }, i) => (channel === undefined ? [] : [channels.core(i)])) ?? [subject!];
    return { waitsFor, holds: member.letGo() };
  }

  /** Those who cannot go on, and whom no timer will wake. */
  #blocked(): ReadonlySet<GoroutineName> {
    const blocked = new Set<GoroutineName>();
    for (const { goroutine, op, alternatives } of this.pending()) {
      if (goroutine === undefined || alternatives.length > 0 || op === "sleep") continue;
      const channels = this.#members.find((one) => one.name === goroutine)!.stop!.channels;
      const timed = channels?.offers.some(({ channel }, i) => channel !== undefined && channels.core(i).timer?.next() !== undefined) ?? false;
      if (!timed) blocked.add(goroutine);
    }
    return blocked;
  }

  trace(): Trace | undefined {
    return this.#recorder?.trace();
  }

  now(): Nanos {
    return nanos(BigInt(Math.round(this.clock.now())));
  }

  // ---- what the program's operations ask (Control)

  get current(): Member {
    return this.#current;
  }

  get count(): number {
    return this.#members.length;
  }

  stop<T>(stop: Stop): Promise<T> {
    const member = this.#current;
    if (stop.home !== this) throw new ForeignObject(member.name, "object");
    if (this.#inFlight !== member || member.stop !== undefined) {
      throw new NotAwaited(member.name, stop.op, member.stop?.op ?? "last operation");
    }
    const promise = new Promise(capture);
    member.resolve = resolveNext;
    member.reject = rejectNext;
    member.stop = stop;
    if (this.captures) member.stoppedAt = new Error("stopped");
    member.arrived = false;
    member.yielded = stop.op === "yield";
    this.#foot.moves(member.name);
    // Not at once: what the goroutine does before it awaits is still its own.
    void SOON.then(this.#landed);
    return promise as Promise<T>;
  }

  go(body: Body, entry: string): void {
    this.#start(this.#current.lineage.child(++this.#current.children), entry, body, this.#current, this.captures ? new Error("started") : undefined);
  }

  startByTimer(maker: Member, timer: number, body: Body): void {
    const lineage = maker.lineage.timer(timer);
    const times = (this.#timerStarts.get(lineage) ?? 0) + 1;
    this.#timerStarts.set(lineage, times);
    this.#start(lineage.child(times), body.name === "" ? "func" : body.name, body, maker, undefined);
  }
  readonly #timerStarts = new Map<Lineage, number>();

  newTimer(): number {
    return ++this.#current.timers;
  }

  newObject(): ObjectId {
    return this.#current.lineage.object(this.#current.objects++, this.#plan.freshObject);
  }

  touch(object: ObjectId, op: OpKind): void {
    this.#foot.touch(object, op);
  }

  random(): number {
    return this.#current.random();
  }

  wake(stop: Stop): void {
    const member = this.#members.find((one) => one.stop === stop);
    if (member !== undefined) this.#release(member, undefined, false);
  }

  /** The step lasts until it has answered: the world outside answers at once, in virtual time. */
  async outside<T>(promise: PromiseLike<T>): Promise<T> {
    this.#waitingOutside++;
    try {
      return await promise;
    } finally {
      this.#waitingOutside--;
      enter(this);
    }
  }

  onClockRead(): number {
    this.#foot.touch(CLOCK_OBJECT, "load");
    return ++this.#current.lamport;
  }

  // ---- inside

  /** The same run with stacks (P1). */
  async #again(): Promise<ControlledRun> {
    const run = new ControlledRun({ ...this.#plan, stage: this.#plan.stage.silent(), traced: false, captures: true });
    await run.begin();
    for (const choice of this.#taken) await run.take(choice);
    return run;
  }

  #start(lineage: Lineage, entry: string, body: Body, creator: Member, createdAt: Error | undefined): void {
    const member = new Member(lineage, entry, creator, body, createdAt);
    this.#members.push(member);
    this.#foot.started.push(member.name);
    this.#foot.moves(member.name);
    this.#toGo.push(member);
    this.#recorder?.started(member, this.#steps - 1);
  }

  #check(choice: Choice, pending: readonly Pending[]): void {
    for (const { alternatives } of pending) for (const one of alternatives) if (one === choice) return;
    for (const { alternatives } of pending) for (const one of alternatives) if (sameChoice(one, choice)) return;
    const possible = pending.flatMap((one) => one.alternatives.map(formatChoice));
    throw new Divergence(this.#steps, formatChoice(choice), `possible are ${possible.slice(0, 8).join(" ") || "none"}`);
  }

  /** Does what the choice says to the objects, and queues those who go on. */
  #prepare(choice: Choice, pending: readonly Pending[]): void {
    const before = enter(this);
    const actors = actorsOf(choice).map((name) => this.#members.find((one) => one.name === name)!);
    this.#recorder?.step(choice, actors);
    actors.forEach((actor, side) => this.#noteAccesses(choice, actor, side, pending));
    if (choice.kind === "clock") this.#foot.touch(CLOCK_OBJECT, "clock");
    const time = this.#lamports.after(actors.map((one) => one.lamport), this.#foot.accesses);
    for (const actor of actors) actor.lamport = time;
    switch (choice.kind) {
      case "clock":
        this.#moveClock(Number(pending.at(-1)!.time!), pending, time);
        break;
      case "meet":
        this.#meet(choice, actors[0]!, actors[1]!);
        break;
      case "go":
        this.#release(actors[0]!, choice.case, true);
        break;
      case "value":
        this.#release(actors[0]!, choice.value, true);
        break;
    }
    enter(before);
  }

  /** A select that takes a case touches that case's channel; its default, all of them. */
  #noteAccesses(choice: Choice, actor: Member, side: number, pending: readonly Pending[]): void {
    const index = choice.kind === "go" ? choice.case : choice.kind === "meet" ? (side === 0 ? choice.sendCase : choice.recvCase) : undefined;
    const offer = index === undefined || index === DEFAULT_CASE ? undefined : actor.stop!.channels!.offers[index];
    const { accesses } = pending.find((one) => one.goroutine === actor.name)!;
    for (const access of accesses) {
      const { object, op } = access;
      if (offer !== undefined && !(object === offer.channel && op === offer.direction) && (op === "send" || op === "recv")) continue;
      this.#foot.note(measured(actor.stop!, access));
    }
  }

  #meet(choice: Choice & { kind: "meet" }, sender: Member, receiver: Member): void {
    const from = sender.stop!.channels!;
    const to = receiver.stop!.channels!;
    const value = from.value(choice.sendCase);
    this.#settle(sender, from.met(choice.sendCase, undefined));
    this.#settle(receiver, to.met(choice.recvCase, value));
  }

  #moveClock(time: number, pending: readonly Pending[], lamport: number): void {
    const quiet = this.#plan.arrival && pending.every((one) => one.op === "clock" || one.alternatives.length === 0);
    if (quiet) for (const member of this.#members) member.arrived = member.stop !== undefined;
    for (const timer of this.clock.moveTo(time)) this.#fire(timer, lamport);
  }

  #fire(timer: TimerEntry, lamport: number): void {
    this.#foot.touch(timer.object, "clock");
    timer.fire(this.clock.now());
    const started = this.#toGo.at(-1);
    if (started !== undefined) started.lamport = Math.max(started.lamport, lamport);
  }

  /** Performs a goroutine's operation, or, where another's step lets it go on, only ends its wait. */
  #release(member: Member, index: number | undefined, performs: boolean): void {
    this.#current = member;
    try {
      this.#settle(member, performs ? member.stop!.perform(index) : undefined);
    } catch (error) {
      this.#fail(member, error);
    }
  }

  #settle(member: Member, value: unknown): void {
    this.#goesOn(member, false, value);
  }

  #fail(member: Member, error: unknown): void {
    if (error instanceof Error) this.#raised.set(error, member.stoppedAt);
    if (error instanceof FatalError) this.#dies(member, error);
    this.#goesOn(member, true, error);
  }

  #goesOn(member: Member, failed: boolean, result: unknown): void {
    member.stop = undefined;
    member.failed = failed;
    member.result = result;
    this.#foot.moves(member.name);
    this.#toGo.push(member);
  }

  #step(): Promise<void> {
    const before = enter(this);
    const leave = this.#plan.stage.enter(this, () => this.#main.ended && this.#plan.scope === "main");
    return new Promise<void>((resolve) => {
      this.#stepOver = () => {
        leave();
        enter(before);
        this.#stepped();
        resolve();
      };
      this.#next();
    });
  }

  /** R2. */
  #next(): void {
    const member = this.#toGo.shift();
    if (member === undefined || this.#failure !== undefined) {
      this.#inFlight = undefined;
      if (!this.#needsPlace) return this.#stepOver!();
      void this.#again().then((run) => {
        this.#outcome = run.outcome();
        this.#stepOver!();
      });
      return;
    }
    this.#current = this.#inFlight = member;
    this.#plan.stage.lookout.watch(this.#late);
    if (member.begun) return member.goOn();
    member.begun = true;
    void SOON.then(member.body).then(
      () => this.#ended(member),
      (error: unknown) => (error instanceof Goexit ? this.#ended(member) : this.#panicked(member, error)),
    );
  }

  /** The goroutine in flight has stopped or ended. */
  readonly #landed = (): void => {
    this.#inFlight = undefined;
    this.#next();
  };

  #ended(member: Member): void {
    if (this.#inFlight !== member) return;
    if (member.stop !== undefined) return this.#panicked(member, new NotAwaited(member.name, "its end", member.stop.op));
    member.ended = true;
    member.letGo();
    this.#foot.moves(member.name);
    this.#recorder?.ended(member, this.#steps - 1);
    this.#members.splice(this.#members.indexOf(member), 1);
    if (member === this.#main) this.#alive = [...this.#members];
    this.#landed();
  }

  #panicked(member: Member, error: unknown): void {
    if (this.#inFlight !== member) return;
    if (member === this.#main && this.#plan.scope === "test" && !(error instanceof Panic || error instanceof RuntimeError)) {
      // A test's own assertion: the test is over, what it started lives on.
      this.#failed = true;
      this.#plan.stage.print("stderr", failureText(error));
      return this.#ended(member);
    }
    this.#dies(member, error);
    this.#landed();
  }

  /** An unrecovered panic, or what Go calls a fatal error: the run is over with this step. */
  #dies(member: Member, error: unknown): void {
    if (this.#failure !== undefined) return;
    this.#failure = { error };
    // What an operation raised was raised where its goroutine is stopped, not where the explorer called it.
    const raised = error instanceof Error && this.#raised.has(error);
    this.#needsPlace = raised && !this.captures;
    const stack = raised ? framesOf(this.#raised.get(error)) : error instanceof Error ? framesOf(error) : [];
    const message = (error instanceof FatalError ? "fatal error: " : "panic: ") + panicText(error);
    this.#outcome = { kind: "panic", message, goroutine: member.name, stack };
  }

  readonly #late = (): void => {
    if (this.#inFlight !== undefined) this.#foreign(this.#inFlight);
  };

  /** R3. The last operation is where the runtime saw it last; the foreign await comes after it. */
  #foreign(member: Member): void {
    if (this.#waitingOutside > 0) return;
    this.#inFlight = undefined; // should its promise be settled after all, it comes too late
    if (!this.captures) {
      void this.#again().then((run) => this.#unsupported(run.outcome()!));
      return;
    }
    const last = placeOf(member.stoppedAt);
    const where = last === undefined ? "before its first operation" : `after its operation at ${last}`;
    const what =
      `goroutine ${member.name} (${member.entry}) awaits a promise that unpark does not control, ${where}` +
      `${this.#plan.stage.awaited(member)}; await it through outside(…), or replace it by a channel`;
    this.#unsupported({ kind: "unsupported", what });
  }

  #unsupported(outcome: Outcome): void {
    this.#outcome = outcome;
    this.#failure = { error: outcome };
    this.#next();
  }

  #stepped(): void {
    const actors = this.#foot.moved;
    let time = 0;
    for (const member of this.#members) if (actors.includes(member.name)) time = Math.max(time, member.lamport);
    this.#lamports.note(this.#foot.accesses, time);
    this.#recorder?.after(this.now());
    if (this.#outcome === undefined && this.#steps >= this.#plan.maxSteps) this.#outcome = this.#limit();
  }

  /** Who only looks, again and again, gets `yielding`; anybody else's step gives everybody a new chance. */
  #spin(choice: Choice): void {
    const actors = actorsOf(choice);
    for (const member of this.#members) {
      if (actors.includes(member.name)) {
        const op = member.stop!.op;
        const looks = op === "load" || op === "yield" || op.startsWith("try") || (choice.kind === "go" && choice.case === DEFAULT_CASE);
        member.spins = looks ? member.spins + 1 : 0;
      } else {
        member.yielded = false;
        member.spins = choice.kind === "clock" ? 0 : Math.min(member.spins, 4);
      }
    }
  }

  #cutShort(): number {
    const blocked = this.#blocked();
    return (this.#alive ?? []).filter((member) => member.ended || !blocked.has(member.name)).length;
  }

  #quiescent(): Outcome {
    if (this.#failed) return { kind: "failed", cutShort: 0 };
    return { kind: "quiescent", exitCode: 0, cutShort: this.#plan.scope === "main" ? this.#cutShort() : 0 };
  }

  #limit(): Outcome {
    if (this.#failed) return { kind: "failed", cutShort: 0 };
    return { kind: "horizon", scopeOver: this.#alive !== undefined, cutShort: this.#plan.scope === "main" ? this.#cutShort() : 0 };
  }
}

/** With what the object held before: reduction sees by it that a send and a receive on a half-full channel commute. */
function measured(stop: Stop, access: Access): Access {
  const { object, op } = access;
  if (stop.counter !== undefined) return { object, op, before: stop.counter(), ...(stop.detail === undefined ? {} : { delta: stop.detail }) };
  const index = stop.channels?.offers.findIndex((offer) => offer.channel === object) ?? -1;
  if (index < 0 || (op !== "send" && op !== "recv")) return access;
  const core = stop.channels!.core(index);
  return core.timer === undefined ? { object, op, before: core.length, capacity: core.capacity } : access;
}

/** In the form of `go test`, so that the place is read from it: `    file.ts:12: message`. */
function failureText(error: unknown): string {
  const [frame] = error instanceof Error ? framesOf(error) : [];
  const where = frame === undefined ? "" : `${frame.file}:${frame.line}: `;
  return `    ${where}${panicText(error)}\n`;
}
