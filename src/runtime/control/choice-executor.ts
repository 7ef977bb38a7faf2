import { moveTo } from "../../control/goroutine.js";
import type { StepFootprint } from "../../control/footprint.js";
import { isQuiet } from "../../control/pending.js";
import { LamportClocks } from "../../control/lamport.js";
import { actorsOf, DEFAULT_CASE, type Choice } from "../../model/run/choice.js";
import { CLOCK_OBJECT, type Access } from "../../model/run/operation.js";
import type { Pending } from "../../model/run/program.js";
import type { TimerEntry } from "../core/timer-clock.js";
import type { PendingOperation } from "../core/pending-operation.js";
import type { GoroutineTable } from "./goroutine-table.js";
import type { RunQueue } from "./run-queue.js";
import type { ControlledGoroutine } from "./controlled-goroutine.js";
import type { VirtualClock } from "./virtual-clock.js";

interface ExecutionContext {
  readonly goroutines: GoroutineTable;
  readonly queue: RunQueue;
  readonly clock: VirtualClock;
  /** RunOptions.arrival. */
  readonly arrival: boolean;
  /** An operation threw: before the goroutine hears of it. */
  readonly raised: (member: ControlledGoroutine, error: unknown) => void;
}

/** Does what a choice says to the objects, notes what it touches, and queues those who go on. */
export class ChoiceExecutor {
  readonly #context: ExecutionContext;
  readonly #lamports = new LamportClocks();

  constructor(around: ExecutionContext) {
    this.#context = around;
  }

  perform(choice: Choice, actors: readonly ControlledGoroutine[], pending: readonly Pending[], foot: StepFootprint): void {
    actors.forEach((actor, side) => noteAccesses(choice, actor, side, pending, foot));
    if (choice.kind === "clock") foot.touch({ object: CLOCK_OBJECT, op: "clock" });
    this.#lamports.begin(actors, foot.accesses, choice.kind === "clock" ? Number(pending.at(-1)!.time!) : 0);
    switch (choice.kind) {
      case "clock":
        this.#moveClock(Number(pending.at(-1)!.time!), pending, foot);
        break;
      case "meet":
        this.#meet(choice, actors[0]!, actors[1]!, foot);
        break;
      case "go":
        this.#release(actors[0]!, choice.case, foot);
        break;
      case "value":
        this.#release(actors[0]!, choice.value, foot);
        break;
    }
  }

  /** Lets one go on with a result; also when another's step ends its wait (Cond's signal). */
  goesOn(member: ControlledGoroutine, result: unknown, foot: StepFootprint, failed = false): void {
    moveTo(member, "queued");
    this.#lamports.within(member);
    member.stop = undefined;
    member.failed = failed;
    member.result = result;
    foot.moves(member.name);
    this.#context.queue.enqueue(member);
  }

  /** The step is over: what it touched was touched by all who moved. */
  stepped(foot: StepFootprint): void {
    let time = 0;
    for (const member of this.#context.goroutines.members) if (foot.moved.includes(member.name)) time = Math.max(time, member.lamport);
    this.#lamports.note(foot.accesses, time);
  }

  /** An operation that is not awaited, in the middle of a step: what it was begun by goes on meanwhile. */
  settle(member: ControlledGoroutine, foot: StepFootprint): void {
    const stop = member.stop!;
    for (const access of stop.accesses) foot.touch(measured(stop, access));
    moveTo(member, "running");
    member.stop = undefined;
    try {
      member.resolve!(stop.perform(undefined));
    } catch (error) {
      this.#context.raised(member, error);
      member.reject!(error);
    }
  }

  /**
   * Who came last goes on first, as in production (and in Go): the other waits to be resumed. What the code behind the two does to a
   * variable is in that order; which of them comes last is what the orders of the steps before decide.
   */
  #meet(choice: Choice & { kind: "meet" }, sender: ControlledGoroutine, receiver: ControlledGoroutine, foot: StepFootprint): void {
    const from = sender.stop!.channels!;
    const to = receiver.stop!.channels!;
    const value = from.value(choice.sendCase);
    const sends = (): void => this.goesOn(sender, from.met(choice.sendCase, undefined), foot);
    const receives = (): void => this.goesOn(receiver, to.met(choice.recvCase, value), foot);
    for (const goOn of sender.came > receiver.came ? [sends, receives] : [receives, sends]) goOn();
  }

  #moveClock(time: number, pending: readonly Pending[], foot: StepFootprint): void {
    const { arrival, goroutines, clock } = this.#context;
    if (arrival && isQuiet(pending)) goroutines.arrive();
    for (const timer of clock.moveTo(time)) this.#fire(timer, foot);
  }

  #fire(timer: TimerEntry, foot: StepFootprint): void {
    const { clock, queue: queue } = this.#context;
    foot.touch({ object: timer.object, op: "clock" });
    timer.fire(clock.now());
    const started = queue.last;
    if (started !== undefined) this.#lamports.within(started);
  }

  #release(member: ControlledGoroutine, index: number | undefined, foot: StepFootprint): void {
    const { queue: queue, raised } = this.#context;
    queue.current = member;
    try {
      this.goesOn(member, member.stop!.perform(index), foot);
    } catch (error) {
      raised(member, error);
      this.goesOn(member, error, foot, true);
    }
  }
}

/** Those who take part in a choice, the sender first. */
export const actorsIn = (choice: Choice, goroutines: GoroutineTable): readonly ControlledGoroutine[] => actorsOf(choice).map((name) => goroutines.named(name));

/** A select that takes a case touches that case's channel; its default, all of them. */
function noteAccesses(choice: Choice, actor: ControlledGoroutine, side: number, pending: readonly Pending[], foot: StepFootprint): void {
  const index = choice.kind === "go" ? choice.case : choice.kind === "meet" ? (side === 0 ? choice.sendCase : choice.recvCase) : undefined;
  const offer = index === undefined || index === DEFAULT_CASE ? undefined : actor.stop!.channels!.offers[index];
  const { accesses } = pending.find((one) => one.goroutine === actor.name)!;
  for (const access of accesses) {
    const { object, op } = access;
    if (offer !== undefined && !(object === offer.channel && op === offer.direction) && (op === "send" || op === "recv")) continue;
    foot.touch(measured(actor.stop!, access));
  }
}

/** With what the object held before: reduction sees by it that a send and a receive on a half-full channel commute. */
function measured(stop: PendingOperation, access: Access): Access {
  const { object, op } = access;
  if (stop.counter !== undefined) return { object, op, before: stop.counter(), ...(stop.detail === undefined ? {} : { delta: stop.detail }) };
  const index = stop.channels?.offers.findIndex((offer) => offer.channel === object) ?? -1;
  if (index < 0 || (op !== "send" && op !== "recv")) return access;
  const core = stop.channels!.core(index);
  return core.timer === undefined ? { object, op, before: core.length, capacity: core.capacity } : access;
}
