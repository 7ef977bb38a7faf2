import type { ObjectId } from "../../model/ids.js";

/** The timer behind a timer's channel. */
export interface ChannelTimer {
  readonly object: ObjectId;
  next(): number | undefined;
  catchUp(): void;
  /** A goroutine waits at the channel; none does any more. */
  waited(yes: boolean): void;
}

/** What a control may know of a channel. */
export interface ChannelState {
  readonly closed: boolean;
  readonly length: number;
  readonly capacity: number;
  /** Of a timer's channel. */
  readonly timer: ChannelTimer | undefined;
  /** A timer's channel whose time has come. */
  due(now: number): boolean;
}
