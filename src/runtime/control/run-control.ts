import { StepFootprint } from "../../control/footprint.js";
import { Spinning } from "../../control/spinning.js";
import type { ObjectId } from "../../model/ids.js";
import { CLOCK_OBJECT, type OpKind } from "../../model/operation.js";
import type { OperationControl, PendingOperation } from "../core/pending-operation.js";
import type { Body } from "../core/goroutine.js";
import { ForeignObject, NotAwaited } from "../api/panic.js";
import { enterControl } from "../core/current-runtime.js";
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
}

/** The program's side of a run: what its operations ask for while a step lasts. */
export class RunControl implements OperationControl, ClockObserver {
  readonly clock = new VirtualClock(this);
  readonly captures: boolean;
  readonly crew: GoroutineTable;
  readonly flight: RunQueue;
  readonly performer: ChoiceExecutor;
  readonly spinning = new Spinning<ControlledGoroutine>();
  /** Of the step that lasts, or was last. */
  foot = new StepFootprint();
  readonly #observer: RunObserver;
  readonly #freshObject: () => ObjectId;
  readonly #timerStarts = new Map<StableIds, number>();

  constructor(plan: RunPlan, observer: RunObserver) {
    this.captures = plan.captures;
    this.#observer = observer;
    this.#freshObject = plan.freshObject;
    const main = new ControlledGoroutine(plan.root, plan.name, undefined, plan.body, undefined);
    const crew = (this.crew = new GoroutineTable(main));
    const flight = (this.flight = new RunQueue(main, plan.stage.lookout, observer));
    const raised = (member: ControlledGoroutine, error: unknown): void => observer.raised(member, error);
    this.performer = new ChoiceExecutor({ crew, flight, clock: this.clock, arrival: plan.arrival, raised });
  }

  get current(): ControlledGoroutine {
    return this.flight.current;
  }

  get count(): number {
    return this.crew.members.length;
  }

  stop<T>(stop: PendingOperation): Promise<T> {
    const { current: member, running: inFlight } = this.flight;
    if (stop.owningRun !== this) throw new ForeignObject(member.name, "object");
    if (inFlight !== member || member.stop !== undefined) {
      throw new NotAwaited(member.name, stop.op, member.stop?.op ?? "last operation");
    }
    const promise = member.stopBefore(stop, this.clock.now(), this.captures ? new Error("stopped") : undefined);
    if (member.yielded) this.spinning.yielded(member);
    this.foot.moves(member.name);
    this.flight.yieldControl();
    return promise as Promise<T>;
  }

  go(body: Body, entry: string): void {
    const { current } = this;
    this.#start(current.ids.child(++current.children), entry, body, current, this.captures ? new Error("started") : undefined);
  }

  startByTimer(maker: ControlledGoroutine, timer: number, body: Body): void {
    const lineage = maker.ids.timer(timer);
    const times = (this.#timerStarts.get(lineage) ?? 0) + 1;
    this.#timerStarts.set(lineage, times);
    this.#start(lineage.child(times), body.name === "" ? "func" : body.name, body, maker, undefined);
  }

  newTimer(): number {
    return ++this.current.timers;
  }

  newObject(): ObjectId {
    return this.current.ids.object(this.current.objects++, this.#freshObject);
  }

  touch(object: ObjectId, op: OpKind): void {
    this.foot.touch({ object, op });
  }

  random(): number {
    return this.current.random();
  }

  wake(stop: PendingOperation): void {
    const member = this.crew.stoppedBefore(stop);
    if (member !== undefined) this.performer.goesOn(member, undefined, this.foot);
  }

  /** The step lasts until it has answered: the world outside answers at once, in virtual time. */
  async outside<T>(promise: PromiseLike<T>): Promise<T> {
    try {
      return await this.flight.answered(promise);
    } finally {
      enterControl(this);
    }
  }

  onClockRead(): number {
    this.foot.touch({ object: CLOCK_OBJECT, op: "load" });
    return ++this.current.lamport;
  }

  #start(lineage: StableIds, entry: string, body: Body, creator: ControlledGoroutine, createdAt: Error | undefined): void {
    const member = new ControlledGoroutine(lineage, entry, creator, body, createdAt);
    this.crew.add(member);
    this.foot.starts(member.name);
    this.flight.enqueue(member);
    this.#observer.started(member);
  }
}
