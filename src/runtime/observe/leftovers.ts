import type { Goroutine as Described } from "../../model/goroutine/snapshot.js";
import { runtimeSnapshot } from "./runtime-snapshot.js";
import { dump } from "./dump-text.js";
import type { RuntimeGoroutine } from "../core/goroutine.js";
import { scheduler } from "../core/current-runtime.js";

/** For tests that are not explored: which goroutines did this test leave? (goleak's question, of this runtime.) */
export class GoroutinesLeft extends Error {
  /** Those that are left. */
  readonly goroutines: readonly Described[];

  constructor(goroutines: readonly Described[]) {
    const many = goroutines.length === 1 ? "1 goroutine is" : `${goroutines.length} goroutines are`;
    super(`${many} left over:\n\n${dump({ provenance: { source: "", how: "run" }, goroutines, losses: [] })}`);
    this.name = "GoroutinesLeft";
    this.goroutines = goroutines;
  }
}

/** How long `verifyNone` waits, and for whom it does not. */
export interface LeftoverOptions {
  /** Real milliseconds to wait for goroutines that sleep, wait outside or still run. Default 1,000. */
  readonly patience?: number;
  /** Leaves out what the test may leave: by the function that it was started with. */
  readonly ignore?: readonly string[];
}

/** What was there before: `const before = leak.baseline(); …; await leak.verifyNone({ since: before })`. */
export interface Baseline {
  /** Those that were there. */
  readonly goroutines: ReadonlySet<RuntimeGoroutine>;
}

/**
 * Which goroutines there are now: they are not taken for what a test leaves.
 *
 * @example
 * go(() => new Chan<void>().recv());
 * const before = leak.baseline();
 * await leak.verifyNone({ since: before });
 */
export const baseline = (): Baseline => ({ goroutines: new Set(scheduler.all) });

/**
 * Throws GoroutinesLeft unless every goroutine but main (and those of the baseline) has ended. One that is blocked on
 * a channel or a lock while nothing runs any more is reported at once; one that sleeps, or waits outside, gets `patience`.
 */
export async function verifyNone(options: LeftoverOptions & { readonly since?: Baseline } = {}): Promise<void> {
  const { platform } = scheduler;
  const deadline = platform.now() + (options.patience ?? 1_000);
  for (;;) {
    await new Promise<void>((resolve) => platform.macrotask(resolve));
    const left = leftOver(options);
    if (left.length === 0) return;
    const asleep = left.some(({ state }) => state !== "waiting");
    if (!asleep || platform.now() >= deadline) throw new GoroutinesLeft(left);
    await new Promise<void>((resolve) => void platform.setTimer(resolve, 1));
  }
}

function leftOver({ since, ignore = [] }: LeftoverOptions & { readonly since?: Baseline }): readonly Described[] {
  const old = new Set([...(since?.goroutines ?? [])].map(({ id }) => id));
  const entries = new Map([...scheduler.all].map(({ id, entry }) => [id, entry]));
  return runtimeSnapshot().goroutines.filter(({ id }) => id !== 1 && !old.has(id!) && !ignore.includes(entries.get(id!)!));
}
