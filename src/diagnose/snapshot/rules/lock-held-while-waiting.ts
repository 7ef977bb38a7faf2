import type { GoroutineGroup } from "../../../model/goroutine/goroutine-group.js";
import { causeOfWait } from "../cause-of-wait.js";
import { isHung, type RuleFinding, type GraphRule, named, type View, waitsInside } from "../suspect-rule.js";
import { type Inside, isCertain, type DumpLockWait } from "../waiting-graph.js";
import { ownerWords, who } from "./lock-order.js";

/**
 * Goroutines wait for a lock, and one that is inside a method of the same receiver is blocked on something else: a
 * channel, a WaitGroup, a connection, a call into C. That one is the culprit, the others are its victims. A method that
 * was started as a goroutine of its own and waits to be given work (a loop) holds no lock then, and is not accused.
 */
export const lockHeldWhileWaiting: GraphRule = {
  code: "lock-held-while-waiting",
  doc: "A goroutine that may hold a lock for which others wait, blocked on something else; by the receiver's address, else by its type.",
  find(view): readonly RuleFinding[] {
    const accused = new Map<GoroutineGroup, { holder: Inside; waits: DumpLockWait[]; certain: boolean }>();
    for (const wait of view.graph.waits) {
      if (wait.woken) continue;
      const holder = culprit(wait, view);
      if (!holder) continue;
      const certain = isCertain(holder, wait.owner!);
      const entry = accused.get(holder.group);
      if (entry) {
        entry.waits.push(wait);
        entry.certain ||= certain;
      } else accused.set(holder.group, { holder, waits: [wait], certain });
    }
    return [...accused].map(([group, { holder, waits, certain }]) => findingOf(group, holder, waits, certain, view));
  },
};

function findingOf(group: GoroutineGroup, holder: Inside, waits: readonly DumpLockWait[], certain: boolean, view: View): RuleFinding {
  const behind = [...new Set(waits.map((wait) => wait.group))];
  const waiting = behind.reduce((n, each) => n + each.count, 0);
  const oldest = Math.max(0, ...behind.map((each) => each.waits?.max ?? 0), group.waits?.max ?? 0);
  const contended = view.graph.waits.some((wait) => wait.woken && waits.some(({ owner }) => owner?.type === wait.owner?.type));
  const evidence = evidenceOf(holder, waits[0]!, certain, { waiting, places: behind.length, oldest });
  const told = isHung(view) && (view.snapshot.ending !== undefined || view.tests.timedOut || waitsInside(group));
  const strong = told || oldest >= view.longMinutes || waiting >= view.many;
  const confidence = contended || !strong ? "low" : view.snapshot.ending?.kind === "all-asleep" ? "proved" : certain ? "high" : "medium";
  return { groups: [group], behind: confidence === "low" ? [] : behind, judgement: { cause: causeOfWait(group), what: "blocked while it may hold a lock that others wait for", confidence, evidence } };
}

function evidenceOf({ goroutine, group, frame }: Inside, first: DumpLockWait, certain: boolean, { waiting, places, oldest }: { readonly waiting: number; readonly places: number; readonly oldest: number }): readonly string[] {
  const owner = certain ? ownerWords(first) : `the type ${ownerWords({ ...first, owner: { type: first.owner!.type, address: 0 } })}`;
  return [
    `${who(goroutine)} is inside ${named(goroutine.stack[frame]!)}, a method of ${owner}, and is blocked${group.waitReason === "" && group.kind === "unknown" ? "" : ` in '${group.waitReason || group.kind}'`}: it may hold the lock meanwhile`,
    `${waiting} goroutine${waiting === 1 ? " waits" : "s wait"} for that lock, at ${named(first.goroutine.stack[first.frame]!)}${places > 1 ? ` and ${places - 1} more place${places === 2 ? "" : "s"}` : ""}`,
    ...(oldest > 0 ? [`the longest has waited for ${oldest} minute${oldest === 1 ? "" : "s"}`] : []),
  ];
}

/** Whoever else is inside, blocked and no loop; with an address rather than by type. Who runs gives the lock back soon. */
function culprit(wait: DumpLockWait, view: View): Inside | undefined {
  const inside = view.graph.holdersOf(wait);
  if (inside.some(({ group }) => group.kind === "running")) return undefined;
  const blocked = inside.filter((one) => !view.graph.waitOf(one.goroutine) && !isLoop(one));
  return blocked.find((one) => isCertain(one, wait.owner!)) ?? (new Set(blocked.map(({ group }) => group)).size <= 2 ? blocked[0] : undefined);
}

/** Its outermost frame is the method itself, and it waits for work, the time or a connection. */
function isLoop({ goroutine, group, frame }: Inside): boolean {
  const last = goroutine.stack.findLastIndex((f) => f.function !== "runtime.goexit");
  return frame === last && (group.kind === "receive" || group.kind === "select" || group.kind === "cond" || group.kind === "sleep" || group.kind === "io");
}
