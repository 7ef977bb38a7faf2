import { count as counted } from "../../../base/numerals.js";
import type { GoroutineGroup } from "../../../model/goroutine/goroutine-group.js";
import { has, named, type SnapshotRule, userFrame, type View, weigh } from "../suspect-rule.js";
import { isSystem } from "../system-goroutines.js";

/** A WaitGroup that does not reach zero: either its workers hang (then they are the cause), or their Done calls are too few. */
export const waitGroup: SnapshotRule = {
  code: "wait-group",
  doc: "Goroutines in WaitGroup.Wait with no worker left; with workers left that are blocked, the wait is their consequence.",
  look(group, view) {
    if (!waitsForGroup(group)) return undefined;
    if (has(group, "main.main", "testing.(*M).Run") && !view.tests.told(group)) return undefined;
    const { confidence, evidence } = weigh(group, view);
    const workers = workersOf(group, view);
    if (workers.length > 0) {
      const where = userFrame(workers[0]!, view) ?? workers[0]!.stack[0];
      const count = workers.reduce((n, g) => n + g.count, 0);
      const fact = `${counted(count, "goroutine")} that may call Done ${count === 1 ? "is" : "are"} still there, blocked in '${workers[0]!.waitReason || workers[0]!.kind}'${where ? ` at ${named(where)}` : ""}`;
      return { cause: "waitgroup-mismatch", confidence: view.tests.told(group) ? confidence : "low", evidence: [fact, ...evidence] };
    }
    const known = view.whole && view.snapshot.goroutines.some((g) => g.createdBy?.id !== undefined);
    const fact = known ? `no goroutine is left that ${userFrame(group, view)?.function ?? "it"}, or who started it, has started: none of them can call Done` : "who should call Done cannot be told from this text";
    return { cause: "waitgroup-mismatch", confidence: known && confidence === "medium" ? "high" : confidence, evidence: [fact, ...evidence] };
  },
};

export const waitsForGroup = (group: GoroutineGroup): boolean => group.kind === "waitgroup" || has(group, "sync.(*WaitGroup).Wait");

/**
 * Who may call Done: what the one that waits has started; where it only waits (`go func() { wg.Wait(); close(ch) }()`),
 * what was started where it was. By the goroutines' numbers, else by the functions with the go statements.
 */
export function workersOf(group: GoroutineGroup, view: View): readonly GoroutineGroup[] {
  const waiters = new Set(group.goroutines);
  const ids = new Set(group.goroutines.flatMap(({ id }) => (id === undefined ? [] : [id])));
  const parents = new Set(group.goroutines.flatMap(({ createdBy }) => (createdBy?.id === undefined ? [] : [createdBy.id])));
  const starter = userFrame(group, view)?.function;
  const creators = new Set(group.goroutines.flatMap(({ createdBy }) => (createdBy ? [createdBy.function] : [])));
  const blocked = view.groups.filter((other) => other !== group && other.kind !== "running" && !isSystem(other) && !waitsForGroup(other) && !other.goroutines.some((g) => waiters.has(g)));
  const children = blocked.filter((other) => other.goroutines.some(({ createdBy }) => createdBy !== undefined && (createdBy.id !== undefined && ids.size > 0 ? ids.has(createdBy.id) : createdBy.function === starter)));
  if (children.length > 0) return children;
  return blocked.filter((other) => other.goroutines.some(({ createdBy }) => createdBy !== undefined && creators.has(createdBy.function) && (createdBy.id === undefined || parents.has(createdBy.id))));
}
