import { secondCopy } from "../core/current-runtime.js";
import { framesOf } from "../observe/stack-trace.js";
import type { ProvedAwaits } from "./await-prover.js";
import type { ControlledParts } from "./controlled-parts.js";
import { outsideAnswer } from "./foreign-await.js";
import { provedAwaits, watchWeakRefs } from "./proved-awaits.js";
import type { BlockedReferences } from "./reachability.js";
import type { RepeatableRun, RunRepetition, Stepping } from "./run-repetition.js";

/**
 * R3: what becomes of a run in which no goroutine can go on, and one idles, or an answer may still come. Its awaits are
 * proved never to go on, or the run is `unsupported`.
 */
export class StuckAwaits {
  readonly #parts: ControlledParts;
  readonly #repetition: RunRepetition<RepeatableRun>;
  readonly #stepping: Stepping;
  #proof: ProvedAwaits | undefined;

  constructor(parts: ControlledParts, repetition: RunRepetition<RepeatableRun>, stepping: Stepping) {
    this.#parts = parts;
    this.#repetition = repetition;
    this.#stepping = stepping;
  }

  /** No goroutine can go on, and one that idles never can, either. */
  get proof(): ProvedAwaits | undefined {
    return this.#proof;
  }

  /** Of a run in which no goroutine can go on: may something outside of it let one? */
  isOpen(): boolean {
    return this.#parts.goroutines.members.some(({ idle }) => idle) || this.#parts.answers.mayCome();
  }

  /** A thread of the platform works for it: that ends it. */
  threadsWork(): boolean {
    const request = this.#parts.answers.ofThreads();
    if (request !== undefined) this.#parts.ending.unsupported(outsideAnswer(this.#parts.goroutines.members[0]!, request));
    return request !== undefined;
  }

  /** Of a run that `isOpen`. */
  async judge(): Promise<void> {
    if (this.#parts.plan.proving !== undefined) return;
    const proof = await this.prove();
    if (proof !== undefined && [...proof.stuck.values()].every((stuck) => stuck)) this.#proof = proof;
    else this.#parts.ending.unsupported([await this.#repetition.openAt(), secondCopy()].filter((words) => words !== undefined).join("; "));
  }

  /**
   * Ordinary code, and nothing outside is at work for it: can who idles never go on? The run is done again for the
   * collector, and thrown away. Undefined: that is not proved.
   */
  async prove(): Promise<ProvedAwaits | undefined> {
    const { plan: { prover, proving, watch, sandbox }, answers } = this.#parts;
    if (prover === undefined || proving !== undefined || watch !== undefined || answers.mayCome()) return undefined;
    const isOn = (): boolean => this.#stepping.now;
    const recording = prover(isOn);
    if (recording === undefined) return undefined;
    const weak = watchWeakRefs(isOn);
    try {
      const { parts } = await this.#repetition.again({ proving: recording }, this.#stepping);
      if (parts.answers.mayCome()) return undefined;
      return await provedAwaits(recording, parts.goroutines.members, () => releaseAll(parts), sandbox.turns, weak);
    } finally {
      recording.stop();
      weak.stop();
    }
  }
}

/** The run lets go of all that it holds (N3 in proved-awaits.ts). */
function releaseAll({ goroutines, control: { queue } }: ControlledParts): readonly BlockedReferences[] {
  const blocked = goroutines.members.filter(({ stop }) => stop !== undefined).map((member) => member.releaseBlocked());
  // An error whose stack was read no longer holds the functions that it was made in.
  for (const { createdAt, creator } of [...goroutines.members, queue.current]) [createdAt, creator?.createdAt].forEach(framesOf);
  for (const member of goroutines.members) member.releaseReferences();
  return blocked;
}
