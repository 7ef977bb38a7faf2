import type { GoroutineGroup } from "../../../model/goroutine/goroutine-group.js";
import type { Stack } from "../../../model/goroutine/stack.js";
import { AT_ONE_PLACE, type SnapshotRule, type View, weigh } from "../suspect-rule.js";
import { ranShort } from "../test-bodies.js";

/** Waiting for a mutex that is not given back, and who holds it is not in the text. */
export const heldLock: SnapshotRule = {
  code: "held-lock",
  doc: "Goroutines waiting for one lock, by number and age; where some were just woken in it, it is given back: contention.",
  look(group, view) {
    if (group.kind !== "lock") return undefined;
    const { confidence, evidence } = weigh(group, view);
    const address = lockAddress(group);
    const woken = wokenAt(group, address, view);
    const facts: string[] = [];
    if (address !== undefined) {
      const waiting = (view.waitersAt.get(address) ?? 0) - (woken > 0 ? woken : 0);
      const places = new Set(group.goroutines.map((g) => placeOf(g.stack, view))).size;
      facts.push(`${waiting} goroutine${waiting === 1 ? " waits" : "s wait"} for the lock at 0x${address.toString(16)}${places > 1 ? `, at ${places} places` : ""}`);
    }
    const others = evidence.filter((fact) => address === undefined || !fact.endsWith(AT_ONE_PLACE));
    if (woken === 0) return { cause: "mutex-never-unlocked", confidence, evidence: [...facts, ...others] };
    facts.push(`${woken} ${woken === 1 ? "was" : "were"} just woken in it (runnable): the lock is being given back, so this is contention and no deadlock`, ...lateTests(view));
    return { cause: "mutex-never-unlocked", what: "contending for a lock", confidence: confidence === "low" ? "low" : "medium", evidence: [...facts, ...others] };
  },
};

/** A test that began late cannot have hung for the whole time. */
function lateTests({ snapshot: { ending } }: View): readonly string[] {
  if (ending?.kind !== "test-timeout") return [];
  return ending.tests.filter(({ elapsed }) => ranShort(elapsed, ending.after)).map(({ name, elapsed }) => `${name} had run for only ${elapsed} of the ${ending.after}`);
}

/** Runnable, but inside the lock's slow path: woken by whoever gave it back. By the lock's address, else by the place. */
function wokenAt(group: GoroutineGroup, address: number | undefined, view: View): number {
  const places = new Set(group.goroutines.map((g) => placeOf(g.stack, view)));
  let woken = 0;
  for (const { goroutine, woken: runs } of view.graph.waits) {
    if (!runs) continue;
    const own = goroutine.blockedOn?.objects[0]?.object;
    if (own !== undefined && address !== undefined ? own === address : places.has(placeOf(goroutine.stack, view))) woken += goroutine.count;
  }
  return woken;
}

function placeOf(stack: Stack, view: View): string {
  const frame = stack.find((f) => view.origin(f) === "user") ?? stack.find((f) => view.origin(f) === "library");
  return frame ? `${frame.file}:${frame.line}` : "";
}

/** All of the group's wait for one lock: its address. */
export function lockAddress(group: GoroutineGroup): number | undefined {
  if (group.kind !== "lock") return undefined;
  const first = group.goroutines[0]?.blockedOn?.objects[0]?.object;
  return group.goroutines.every((g) => g.blockedOn?.objects[0]?.object === first) ? first : undefined;
}
