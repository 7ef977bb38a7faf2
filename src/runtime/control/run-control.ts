import { StepFootprint } from "../../control/footprint.js";
import { moveTo } from "../../control/goroutine.js";
import { Spinning } from "../../control/spinning.js";
import type { ObjectLabel } from "../../model/run/object-kind.js";
import type { ObjectId } from "../../model/ids.js";
import { CLOCK_OBJECT, type OpKind } from "../../model/run/operation.js";
import type { OperationControl, PendingOperation, TimerCallback } from "../core/pending-operation.js";
import type { Body, GoroutineEnd } from "../core/goroutine.js";
import { ForeignObject, type RuntimeError } from "../api/panic.js";
import { hereDeep } from "../observe/engine-frames.js";
import { framesOf } from "../observe/stack-trace.js";
import { enterControl, rejected } from "../core/current-runtime.js";
import { GoroutineTable } from "./goroutine-table.js";
import { RunQueue, type RunQueueObserver } from "./run-queue.js";
import { ControlledGoroutine, type StableIds } from "./controlled-goroutine.js";
import { ChoiceExecutor } from "./choice-executor.js";
import type { RunPlan } from "./run-plan.js";
import { VirtualClock, type ClockObserver } from "./virtual-clock.js";

/** Who hears of what the program does. */
export interface RunObserver extends RunQueueObserver {
  started(member: ControlledGoroutine): void;
  /** An operation threw: before the goroutine hears of it. */
  raised(member: ControlledGoroutine, error: unknown): void;
  /** An operation that is not awaited is done on the way. */
  unawaited(member: ControlledGoroutine): void;
  /** What it asked for ends the run. */
  refused(member: ControlledGoroutine, error: Error, at: Error | undefined): void;
}

/** The program's side of a run: what its operations ask for while a step lasts. */
export class RunControl implements OperationControl, ClockObserver {
  readonly clock = new VirtualClock(this);
  readonly captures: boolean;
  readonly goroutines: GoroutineTable;
  readonly queue: RunQueue;
  readonly executor: ChoiceExecutor;
  readonly spinning = new Spinning<ControlledGoroutine>();
  /** Of the step that lasts, or was last. */
  footprint = new StepFootprint();
  readonly #observer: RunObserver;
  readonly #freshObject: () => ObjectId;
  readonly #timerStarts = new Map<StableIds, number>();
  #stops = 0;

  constructor(plan: RunPlan, observer: RunObserver) {
    this.captures = plan.captures;
    this.#observer = observer;
    this.#freshObject = plan.freshObject;
    const main = new ControlledGoroutine(plan.root, plan.name, undefined, plan.body, undefined);
    const goroutines = (this.goroutines = new GoroutineTable(main));
    const queue = (this.queue = new RunQueue(main, plan.sandbox.microtasks, observer, plan.proving !== undefined));
    const raised = (member: ControlledGoroutine, error: unknown): void => observer.raised(member, error);
    this.executor = new ChoiceExecutor({ goroutines, queue, clock: this.clock, arrival: plan.arrival, raised });
  }

  get current(): ControlledGoroutine {
    return this.queue.current;
  }

  get awaitsOutside(): boolean {
    return this.#observer.awaitsOutside;
  }

  get count(): number {
    return this.goroutines.members.length;
  }

  stop<T>(stop: PendingOperation): Promise<T> {
    const at = this.captures ? hereDeep("stopped") : undefined;
    const { current } = this.queue;
    if (stop.owningRun !== this) return this.#foreign(current, stop.owningRun, at);
    this.#settleUnawaited(current);
    const member = this.#whoStops(current, at);
    member.behind = this.#unfinishedBefore(member, stop);
    member.came = ++this.#stops;
    const promise = member.stopBefore(stop, this.clock.now(), at);
    if (member.yielded) this.spinning.notes(member);
    this.footprint.moves(member.name);
    return promise as Promise<T>;
  }

  go(body: Body, entry: string, handle: GoroutineEnd): void {
    const { current } = this;
    this.#settleUnawaited(current);
    const ids = current.ids.child(++current.children);
    handle.named(ids.name);
    this.#start(ids, entry, body, current, this.captures ? hereDeep("started") : undefined).handle = handle;
  }

  request(answer: PendingOperation, name: string): Promise<number | undefined> {
    const { current } = this;
    const at = this.captures ? hereDeep("asked") : undefined;
    this.#settleUnawaited(current);
    const member = this.#add(new ControlledGoroutine(current.ids.child(++current.children), name, current, undefined, at, true));
    moveTo(member, "running");
    member.bodyOver = true;
    return member.stopBefore(answer, this.clock.now(), at) as Promise<number | undefined>;
  }

  startByTimer(maker: ControlledGoroutine, timer: number, body: Body, callback?: TimerCallback): void {
    const lineage = maker.ids.timer(timer);
    const times = (this.#timerStarts.get(lineage) ?? 0) + 1;
    this.#timerStarts.set(lineage, times);
    this.#start(lineage.child(times), body.name === "" ? "func" : body.name, body, maker, callback?.madeAt, callback !== undefined);
  }

  newTimer(): number {
    return ++this.current.timers;
  }

  newObject(): ObjectId {
    return this.current.ids.object(this.current.objects++, this.#freshObject);
  }

  touch(object: ObjectId, op: OpKind, label?: ObjectLabel): void {
    this.#settleUnawaited(this.queue.current);
    this.footprint.touch(label === undefined ? { object, op } : { object, op, label });
  }

  random(): number {
    return this.current.random();
  }

  wake(stop: PendingOperation): void {
    const member = this.goroutines.stoppedBefore(stop);
    if (member !== undefined) this.executor.goesOn(member, undefined, this.footprint);
  }

  /** The step lasts until it has answered: the world outside answers at once, in virtual time. */
  async outside<T>(promise: PromiseLike<T>): Promise<T> {
    try {
      return await this.queue.answered(promise);
    } finally {
      enterControl(this);
    }
  }

  onClockRead(): ControlledGoroutine {
    this.footprint.touch({ object: CLOCK_OBJECT, op: "load" });
    return this.current;
  }

  /** Main has returned, but not awaited its last operation: that is another's from now on. */
  handOver(member: ControlledGoroutine): void {
    this.#settleUnawaited(member);
    if (member.stop !== undefined) member.handTo(this.#startBeside(member, member.stoppedAt));
  }

  #start(lineage: StableIds, entry: string, body: Body, creator: ControlledGoroutine, createdAt: Error | undefined, side = false): ControlledGoroutine {
    const member = this.#add(new ControlledGoroutine(lineage, entry, creator, body, createdAt, side));
    this.queue.enqueue(member);
    return member;
  }

  /** Code that runs beside what its goroutine waits for: as if `go` had started it there. */
  #startBeside(creator: ControlledGoroutine, at: Error | undefined): ControlledGoroutine {
    const { origin } = creator;
    const entry = framesOf(at)[0]?.function.replace(/^main\./, "") ?? "async";
    const member = new ControlledGoroutine(origin.ids.child(++origin.children), entry, creator, undefined, at, true);
    moveTo(member, "running");
    member.bodyOver = true;
    return this.#add(member);
  }

  #add(member: ControlledGoroutine): ControlledGoroutine {
    this.goroutines.add(member);
    this.footprint.starts(member.name);
    this.#observer.started(member);
    return member;
  }

  /**
   * Whose operation is it that the code now running begins? That goroutine's, unless it is stopped already: then the code
   * runs beside it (Promise.all, a call that is not awaited). In the turn of such code, or of a timer's callback, the one
   * that waited for it may go on: it is known by its idling.
   */
  #whoStops(current: ControlledGoroutine, at: Error | undefined): ControlledGoroutine {
    const { origin } = current;
    if (origin !== current && origin.idle) return origin;
    return current.phase === "running" ? current : this.#startBeside(current, at);
  }

  /**
   * In production an operation that need not wait is done at once. One that was not awaited and need not wait is done,
   * then, before the next is begun, or anything is looked at.
   */
  #settleUnawaited(current: ControlledGoroutine): void {
    const { stop } = current;
    if (stop === undefined || current !== this.queue.running || !goesOnAlone(stop, this.clock.now())) return;
    this.#observer.unawaited(current);
    this.executor.settle(current, this.footprint);
  }

  /** Of two operations on one channel that the same code began, the first is done first. */
  #unfinishedBefore(member: ControlledGoroutine, { channels, op }: PendingOperation): PendingOperation | undefined {
    if (channels === undefined || op === "select") return undefined;
    const core = channels.core(0);
    const same = this.goroutines.members.findLast(
      (one) => one !== member && one.origin === member.origin && one.stop?.channels !== undefined && one.stop.op !== "select" && one.stop.channels.core(0) === core && one.stop.channels.offers[0]!.direction === channels.offers[0]!.direction,
    );
    return same?.stop;
  }

  /** A callback of a run that is over may come in a turn of the event loop that this one waits for: none of this one's doing. */
  #foreign(member: ControlledGoroutine, owner: OperationControl | undefined, at: Error | undefined): Promise<never> {
    const error = new ForeignObject(member.name, "object");
    return owner !== undefined && this.queue.turning ? rejected(error) : this.#refuses(member, error, at);
  }

  /** An error that is nobody's to catch: the run is over with it. */
  #refuses(member: ControlledGoroutine, error: RuntimeError, at: Error | undefined): Promise<never> {
    this.#observer.refused(member, error, at);
    const refusal = Promise.reject<never>(error);
    refusal.catch(() => undefined);
    return refusal;
  }
}

/** Could it go on without another's help? (A select is not asked: which case is a choice.) */
function goesOnAlone(stop: PendingOperation, now: number): boolean {
  const { channels, op } = stop;
  if (channels === undefined) return stop.values === undefined && stop.op !== "yield" && stop.ready();
  if (op === "select" || channels.offers[0]!.channel === undefined) return false;
  const core = channels.core(0);
  if (core.closed) return true;
  return channels.offers[0]!.direction === "send" ? core.timer === undefined && core.length < core.capacity : core.length > 0 || core.due(now);
}
