import type { Goroutine, Snapshot } from "../../model/goroutine/snapshot.js";

/**
 * What rules ask of all goroutines, found in one pass: those of a large profile lie scattered in memory, so each further
 * pass over 50,000 of them takes as long as everything that it asks.
 */
export class SnapshotSurvey {
  /** By the runtime's number, where the source gives them. */
  readonly byId: ReadonlyMap<number, Goroutine>;
  /** How many wait for the lock at an address. */
  readonly waitersAt: ReadonlyMap<number, number>;
  /** All goroutines are in it, as far as can be told: only then does a goroutine's absence say that it has ended. */
  readonly whole: boolean;
  /** It numbers all goroutines, and says for how many minutes each has waited: a whole text, not a profile. */
  readonly timed: boolean;
  /** A profile: neither numbers nor times nor creators. Of what is under way it shows as much as of what has hung for days. */
  readonly profile: boolean;

  constructor(snapshot: Snapshot) {
    const byId = new Map<number, Goroutine>();
    const waitersAt = new Map<number, number>();
    let [numberless, created] = [0, false];
    for (const goroutine of snapshot.goroutines) {
      const { id, blockedOn, createdBy } = goroutine;
      if (id === undefined) numberless++;
      else byId.set(id, goroutine);
      if (createdBy !== undefined) created = true;
      const object = blockedOn?.objects[0]?.object;
      if (object !== undefined) waitersAt.set(object, (waitersAt.get(object) ?? 0) + goroutine.count);
    }
    this.byId = byId;
    this.waitersAt = waitersAt;
    this.whole = isWhole(snapshot, byId);
    this.timed = this.whole && numberless === 0;
    this.profile = snapshot.provenance.how !== "debug=2 text" && byId.size === 0 && !created;
  }
}

/**
 * A process has a first goroutine until it ends: a text without it is an excerpt. Forms without numbers (profiles) are
 * whole where nothing was lost.
 */
function isWhole(snapshot: Snapshot, byId: ReadonlyMap<number, Goroutine>): boolean {
  if (snapshot.ending?.kind === "leak-check" || snapshot.delta) return false;
  if (snapshot.losses.some((loss) => /missing|cut|ends in the middle|announces|not understood/.test(loss))) return false;
  if (byId.size === 0 || byId.has(1)) return true;
  return snapshot.goroutines.some(({ stack }) => stack.some((f) => f.function === "runtime.main" || f.function === "main.main"));
}
