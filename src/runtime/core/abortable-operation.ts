import type { Access } from "../../model/run/operation.js";
import type { Hchan } from "./hchan.js";
import type { DoneInstead, OperationControl, PendingOperation } from "./pending-operation.js";
import { reasonOf, signalChannel } from "./abort.js";

/** `operation`, which `signal` may end. */
export const abortable = (operation: PendingOperation, signal: AbortSignal | undefined, leave?: () => void): PendingOperation =>
  signal === undefined ? operation : new AbortableOperation(operation, signal, leave);

/**
 * Under control: an operation on anything but channels that an AbortSignal may end. Where both can be, which one came first is
 * a choice: value 0 does the operation, 1 gives it up.
 */
class AbortableOperation implements PendingOperation {
  readonly op: PendingOperation["op"];
  readonly accesses: readonly Access[];
  readonly owningRun: OperationControl | undefined;
  readonly subjects: readonly object[];
  readonly waitReason?: PendingOperation["waitReason"];
  readonly until?: number;
  readonly length?: number;
  readonly counter?: () => number;
  readonly #inner: PendingOperation;
  readonly #signal: AbortSignal;
  readonly #over: Hchan;
  readonly #leave: () => void;

  /** `leave`: what is to be undone of the wait. */
  constructor(inner: PendingOperation, signal: AbortSignal, leave: () => void = () => undefined) {
    const over = (this.#over = signalChannel(signal));
    this.#inner = inner;
    this.#signal = signal;
    this.#leave = leave;
    this.op = inner.op;
    this.owningRun = inner.owningRun;
    // Not as a receive: that would say that it needs the close, and it may come before it.
    this.accesses = [...inner.accesses, { object: over.object, op: "load", label: over.label! }];
    this.subjects = [...(inner.subjects ?? (inner.subject === undefined ? [] : [inner.subject])), over];
    if (inner.waitReason !== undefined) this.waitReason = inner.waitReason;
    if (inner.until !== undefined) this.until = inner.until;
    if (inner.length !== undefined) this.length = inner.length;
    if (inner.counter !== undefined) this.counter = () => inner.counter!();
  }

  get values(): number | undefined {
    return this.#over.closed && this.#inner.ready() ? 2 : undefined;
  }

  get detail(): number | undefined {
    return this.#inner.detail;
  }

  ready(): boolean {
    return this.#inner.ready() || this.#over.closed;
  }

  perform(way: number | undefined): unknown {
    if (!this.#gives(way)) return this.#inner.perform(undefined);
    this.#leave();
    throw reasonOf(this.#signal);
  }

  acts(way: number | undefined): DoneInstead {
    if (!this.#gives(way)) return { op: this.op, accesses: this.#inner.accesses };
    return { op: "recv", accesses: [{ object: this.#over.object, op: "recv", label: this.#over.label! }], note: "closed" };
  }

  #gives(way: number | undefined): boolean {
    return way === 1 || !this.#inner.ready();
  }
}
