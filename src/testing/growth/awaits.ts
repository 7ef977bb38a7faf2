import { recordAwaits } from "../../promises/pending-awaits.js";
import type { AwaitRecording, PendingAwait } from "../../runtime/control/await-prover.js";
import type { Stack } from "../../model/goroutine/stack.js";
import type { CurrentRepetition } from "./left-thing.js";

/** An await of a repetition that has not gone on. */
interface LeftAwait {
  readonly stack: Stack;
  readonly repetition: number;
  /** What it waits for was freed: it never can go on. */
  readonly proved: boolean;
}

/** The awaits of a body that is repeated. Those that never can go on hold no memory; what they would have done never happens. */
export class RepeatedAwaits {
  readonly #recording: AwaitRecording | undefined;
  /** From which promise on each repetition runs. */
  readonly #from: number[] = [];

  constructor(repetition: CurrentRepetition) {
    this.#recording = recordAwaits(() => repetition() !== undefined);
  }

  begins(): void {
    this.#recording?.forget();
    this.#from.push(this.#recording?.count() ?? 0);
  }

  left(): readonly LeftAwait[] {
    const pending = this.#recording?.pending() ?? [];
    return pending.map((one) => ({ stack: one.stack, repetition: this.#repetitionOf(one), proved: one.ref.deref() === undefined }));
  }

  stop(): void {
    this.#recording?.stop();
  }

  #repetitionOf({ number }: PendingAwait): number {
    return this.#from.findLastIndex((from) => from <= number);
  }
}
