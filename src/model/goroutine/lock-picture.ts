import type { Frame } from "./stack.js";

/** Who waits for one lock, and who may hold it, as one dump's text bears it. */
export interface LockPicture {
  /** `cart.Cart 0xc000012345`; of a lock that nothing names: where it is asked for. */
  readonly lock: string;
  readonly waiting: readonly LockSide[];
  readonly holding: readonly LockSide[];
}

export interface LockSide {
  /** The runtime's number; of a group, its first. */
  readonly id?: number;
  readonly count: number;
  /** Where it asks for the lock, or is inside of what holds it. */
  readonly frame: Frame;
  readonly waitReason: string;
  /** Of a holder: by the receiver's address, and not by its type alone. */
  readonly certain: boolean;
}
