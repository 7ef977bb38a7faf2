import type { GoroutineName } from "../../model/ids.js";
import { OPERATIONS } from "../../model/run/operation.js";
import type { Pending } from "../../model/run/program.js";
import { isChannelOp } from "../guest/guest-operations.js";
import { STATE } from "../guest/guest-protocol.js";
import type { RunParts } from "./run-parts.js";

/** The states of goroutines that the program sees of itself (runtime.Stack, profiles): those that they would have natively. */
export class ShownStates {
  readonly #parts: RunParts;
  /** What each could do when the program looked; until one of them does something more. */
  #pending: ReadonlyMap<GoroutineName | undefined, Pending> | undefined;

  constructor(parts: RunParts) {
    this.#parts = parts;
  }

  /** A goroutine does something more. */
  forget(): void {
    this.#pending = undefined;
  }

  /** What a goroutine is natively by now that is stopped at a point here: runnable, or waiting inside of its operation. */
  at(address: number): number {
    const { goroutines, guest } = this.#parts;
    const goroutine = goroutines.at(address);
    if (goroutine?.phase !== "stopped") return STATE.other;
    guest.objects.refresh();
    this.#pending ??= new Map(this.#parts.scan().map((one) => [one.goroutine, one]));
    const shown = this.#pending.get(goroutine.name);
    if (shown === undefined || shown.alternatives.length > 0) return STATE.runnable;
    const nil = isChannelOp(goroutine.op) && shown.accesses.length === 0;
    return OPERATIONS.indexOf(goroutine.op) + (nil ? STATE.nil : 0);
  }
}
