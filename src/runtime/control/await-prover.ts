import type { AwaitedPromise } from "../../model/goroutine/snapshot.js";
import type { Stack } from "../../model/goroutine/stack.js";

/** An await that has not gone on, from which no other one inwards is known. */
export interface PendingAwait {
  /** It dies with what is awaited: the engine's own promise for the await, which only that promise holds. */
  readonly ref: WeakRef<object>;
  /** How many promises had been noted when it began. */
  readonly number: number;
  /** Where it stands, then who waits for it in turn. */
  readonly stack: Stack;
  readonly awaits: AwaitedPromise;
  /** It has gone on since: asked while the recording is not stopped. */
  isOver(): boolean;
  /** Does anybody wait for `promise` that in turn waits for this? */
  leadsTo(promise: object): boolean;
}

/** What a run is done again with, to find its awaits; src/promises has it. */
export interface AwaitRecording {
  stop(): void;
  pending(): readonly PendingAwait[];
  /** How many promises were noted so far. */
  count(): number;
  /** Of what is over nothing need be said any more: its notes are given up. */
  forget(): void;
  /** Errors that promises were rejected with hold nothing any more but their words. */
  readStacks(): void;
  /** Where `promise` was made. */
  madeAt(promise: object): Stack;
}

/** `isOn`: is what runs now the program's? Undefined where the engine does not tell of its promises. */
export type AwaitProver = (isOn: () => boolean) => AwaitRecording | undefined;

/** What the collector left of a run's awaits. */
export interface ProvedAwaits {
  /** The awaits, with the collector's word. */
  readonly awaits: readonly (Omit<PendingAwait, "ref" | "number" | "isOver" | "leadsTo"> & { readonly unreachable: boolean; readonly of: readonly string[] })[];
  /** Goroutines that idle, by name: can nothing let it go on? */
  readonly stuck: ReadonlyMap<string, boolean>;
}
