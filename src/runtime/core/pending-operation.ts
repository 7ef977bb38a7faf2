import type { Offer } from "../../model/run/rendezvous.js";
import type { GoroutineName, ObjectId } from "../../model/ids.js";
import type { ObjectLabel } from "../../model/run/object-kind.js";
import type { Access, OpKind } from "../../model/run/operation.js";
import type { ChannelState } from "./channel-state.js";
import type { WaitReason } from "./wait-reason.js";
import type { Body, GoroutineEnd } from "./goroutine.js";
import type { Clock } from "./timer-clock.js";

/**
 * What an operation asks for under control: it does not run, it describes itself, and the explorer decides when it
 * runs. `current-runtime.ts` says whether a control is in force; that one look is all that production pays.
 */
export interface OperationControl {
  readonly clock: Clock;
  /** Is this run to know where everything happened? Stacks cost more than the steps themselves. */
  readonly captures: boolean;
  /** Stops the current goroutine before `stop`; the promise is settled by what `stop` does when its turn comes. */
  stop<T>(stop: PendingOperation): Promise<T>;
  go(body: Body, entry: string, handle: GoroutineEnd): void;
  /** Something was asked for whose answer comes from outside: settled once it is that one's turn. `name`: for reports. */
  request(answer: PendingOperation, name: string): Promise<number | undefined>;
  /** A goroutine that a timer starts: a child of the one that set the timer. `callback`: it is code of that one. */
  startByTimer(maker: NamedGoroutine, timer: number, body: Body, callback?: TimerCallback): void;
  /** The number of the timer that the current goroutine makes: the first is 1. */
  newTimer(): number;
  /** Lets a goroutine go on that is stopped before `stop`, in the step that lasts: Cond's signal. */
  wake(stop: PendingOperation): void;
  /** A number for an object that the current goroutine makes: depends on who makes it as which one, not on when. */
  newObject(): ObjectId;
  /** What a function touched that cannot wait: `chan.length`, `ctx.err()`, the clock. */
  touch(object: ObjectId, op: OpKind, label?: ObjectLabel): void;
  /** The current goroutine's own stream of random numbers. */
  random(): number;
  /** Goroutines that have not ended. */
  readonly count: number;
  readonly current: NamedGoroutine;
  /** May what is outside answer by itself? Else what waits for it waits for a timer of the run's. */
  readonly awaitsOutside: boolean;
  /** Waits for something declared as outside: the step lasts until it has answered. */
  outside<T>(promise: PromiseLike<T>): Promise<T>;
}

/** `setTimeout`'s, as opposed to what `time.afterFunc` starts. */
export interface TimerCallback {
  /** Where the timer was set, if stacks are captured. */
  readonly madeAt: Error | undefined;
}

export interface NamedGoroutine {
  readonly name: GoroutineName;
}

/** An operation that a goroutine is stopped before. */
export interface PendingOperation {
  readonly op: OpKind;
  readonly accesses: readonly Access[];
  /** What dumps say of who waits in it, where that is not the operation's own word. */
  readonly waitReason?: WaitReason | undefined;
  /** The control that its object was made under; for what has no object (sleep, yield, nil): the one in force. */
  readonly owningRun: OperationControl | undefined;
  /** What it waits for, where that is one object and no channel. */
  readonly subject?: object;
  /** The same, where it is several: any of them can end the wait. */
  readonly subjects?: readonly object[];
  /** A sleep's end, on the clock's scale. */
  readonly until?: number;
  /** How long it is, in nanoseconds. */
  readonly length?: number;
  /** Can it go on by itself? Asked of all but channel operations, for which `offers` says it. */
  ready(): boolean;
  /** Does it; the result settles the goroutine's promise, a throw rejects it. `index`: a select's case, or a value. */
  perform(index: number | undefined): unknown;
  /** A channel operation's half, or a select's cases. */
  readonly channels?: ChannelHalves;
  /** WaitGroup: how far it is from zero. */
  counter?(): number;
  /** WaitGroup.Add: the delta. */
  readonly detail?: number | undefined;
  /** Draws: how many values there are. */
  readonly values?: number | undefined;
  /** For traces: what it does by this choice (a select's case, or a value), where that is not all that it waits for. */
  acts?(way: number | undefined): DoneInstead;
}

/** What an operation that may end in several ways does in one of them. */
export interface DoneInstead {
  readonly op: OpKind;
  readonly accesses: readonly Access[];
  readonly note?: "closed";
  readonly detail?: number;
}

/** The channel side of a stop: what `model/run/rendezvous.ts` asks, and the two halves of a meeting. */
export interface ChannelHalves {
  readonly offers: readonly Offer[];
  readonly select: boolean;
  readonly hasDefault: boolean;
  core(index: number | undefined): ChannelState;
  /** The value that case `index` would send. */
  value(index: number | undefined): unknown;
  /** The result when case `index` met a partner; `value` for a receive. */
  met(index: number | undefined, value: unknown): unknown;
}
