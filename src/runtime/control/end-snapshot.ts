import type { Outcome } from "../../model/run/outcome.js";
import type { Snapshot } from "../../model/goroutine/snapshot.js";
import { controlledSnapshot } from "./controlled-snapshot.js";
import type { ControlledParts } from "./controlled-parts.js";
import { provedSnapshot } from "./proved-snapshot.js";

/** The goroutines that are left of a run with this outcome. */
export function endSnapshot(parts: ControlledParts, outcome: Outcome | undefined): Snapshot {
  // Where main itself is blocked, nothing of the program can run any more; what holds the rest does not matter.
  const closed = outcome?.kind === "deadlock";
  const snapshot = controlledSnapshot(parts.plan.name, parts.goroutines.members, parts.blocked(), closed);
  if (outcome?.kind !== "runaway" || outcome.stack.length === 0) return snapshot;
  return { ...snapshot, goroutines: snapshot.goroutines.map((one) => (one.name === outcome.goroutine ? { ...one, stack: outcome.stack } : one)) };
}

/** Who can still be woken, now that the run came to rest or was cut off, only the collector knows. Ends the run. */
export function provedEndSnapshot(parts: ControlledParts, outcome: Outcome | undefined): Snapshot | Promise<Snapshot> {
  const snapshot = endSnapshot(parts, outcome);
  const { kind } = outcome ?? { kind: "goes on" };
  if (kind !== "horizon" && kind !== "quiescent" && kind !== "failed") return snapshot;
  const blocked = parts.blocked();
  return provedSnapshot(snapshot, () => [...blocked].map((name) => [name, parts.goroutines.named(name).releaseBlocked()]), parts.plan.sandbox.turns);
}
