import type { GoroutineName } from "../../model/ids.js";
import type { Snapshot } from "../../model/goroutine/snapshot.js";
import { collector, unreachableGoroutines, type BlockedReferences } from "./reachability.js";
import type { GuardedTurns } from "./guarded-turns.js";

/**
 * A snapshot with the collector's word on each blocked goroutine. Without a collector nothing is claimed: what a
 * variable of the module still refers to can be woken by code that is not part of the run.
 */
export async function provedSnapshot(
  snapshot: Snapshot,
  take: () => readonly (readonly [GoroutineName, BlockedReferences])[],
  turns: GuardedTurns,
): Promise<Snapshot> {
  let names: readonly GoroutineName[] = [];
  const blocked = (): readonly BlockedReferences[] => {
    const taken = take();
    names = taken.map(([name]) => name);
    return taken.map(([, one]) => one);
  };
  const verdicts = await unreachableGoroutines(blocked, collector(), () => turns.plainTurn());
  if (verdicts === undefined) return snapshot;
  const of = new Map(names.map((name, i) => [name, verdicts[i]!]));
  const goroutines = snapshot.goroutines.map((one) => {
    const verdict = of.get(one.name!);
    return verdict === undefined ? one : { ...one, unreachable: verdict };
  });
  return { ...snapshot, goroutines };
}
