import type { Goroutine } from "../../model/goroutine/snapshot.js";

/** Where awaits of ordinary code are pending. */
export interface AwaitPlace {
  /** Its name, as in a Go stack: `main.query`. */
  readonly function: string;
  /** Its path. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** How many wait there. */
  readonly count: number;
  /** Milliseconds, of the oldest. */
  readonly oldest: number;
  /** What they wait for was freed by the engine's collector before it was settled: they can never go on. */
  readonly lost: number;
}

interface AwaitSource {
  /** As goroutines that wait in `await`. */
  goroutines(): readonly Goroutine[];
  places(): readonly AwaitPlace[];
}

/** The pending awaits, while they are sampled (node/await-sampler.ts): what the endpoints show beside goroutines. */
export const awaitSource: { current: AwaitSource | undefined } = { current: undefined };
