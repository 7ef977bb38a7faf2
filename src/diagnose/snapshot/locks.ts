import { creatorsOf, type GoroutineGroup } from "../../model/goroutine-group.js";
import { packageOf } from "../../model/blame.js";
import type { Stack } from "../../model/stack.js";
import { AT_ONE_PLACE, has, type SnapshotRule, userFrame, type View, weigh } from "./suspect-rule.js";

/** Waiting for a mutex that is not given back. Who holds it is not in a dump; who probably does, often is. */
export const heldLock: SnapshotRule = {
  code: "held-lock",
  doc: "Goroutines waiting for one lock, by number and age; names a goroutine that probably holds it where one is seen.",
  look(group, view) {
    if (group.kind !== "lock") return undefined;
    const { confidence, evidence } = weigh(group, view);
    const address = lockAddress(group);
    const facts: string[] = [];
    if (address !== undefined) {
      const waiting = view.waitersAt.get(address) ?? 0;
      const places = new Set(group.goroutines.map((g) => placeOf(g.stack, view))).size;
      facts.push(`${waiting} goroutine${waiting === 1 ? " waits" : "s wait"} for the lock at 0x${address.toString(16)}${places > 1 ? `, at ${places} places` : ""}`);
    }
    const holder = probableHolder(group, view);
    if (holder) facts.push(holder.text);
    return {
      cause: holder?.again ? "recursive-lock" : "mutex-never-unlocked",
      confidence: holder && confidence !== "low" ? "high" : confidence,
      evidence: [...facts, ...evidence.filter((fact) => address === undefined || !fact.endsWith(AT_ONE_PLACE))],
    };
  },
};

function placeOf(stack: Stack, view: View): string {
  const frame = stack.find((f) => view.origin(f) === "user");
  return frame ? `${frame.file}:${frame.line}` : "";
}

/** All of the group's wait for one lock: its address. */
export function lockAddress(group: GoroutineGroup): number | undefined {
  if (group.kind !== "lock") return undefined;
  const first = group.goroutines[0]?.blockedOn?.objects[0]?.object;
  return group.goroutines.every((g) => g.blockedOn?.objects[0]?.object === first) ? first : undefined;
}

/**
 * A method of the same type further out on the waiting stack may hold the lock itself (recursive); else a goroutine
 * that is inside a method of the same type and is blocked on something else.
 */
function probableHolder(group: GoroutineGroup, view: View): { text: string; again?: true } | undefined {
  const waiter = userFrame(group, view);
  const type = waiter && receiverOf(waiter.function);
  if (!type) return undefined;
  for (const other of view.groups) {
    if (other === group || other.kind === "lock" || other.kind === "running") continue;
    const frame = other.stack.find((f) => receiverOf(f.function) === type);
    if (frame) {
      return { text: `${frame.function} (${frame.file}:${frame.line}), also a method of ${type}, is blocked in '${other.waitReason || other.kind}' and may hold it` };
    }
  }
  return undefined;
}

/** `pkg.(*T).f` → `pkg.T`. */
function receiverOf(symbol: string): string | undefined {
  const match = /\.\(\*?([^)]+)\)\./.exec(symbol);
  return match ? `${packageOf(symbol)}.${match[1]}` : undefined;
}

/** A WaitGroup that does not reach zero: either its workers hang, or their Done calls are too few. */
export const waitGroup: SnapshotRule = {
  code: "wait-group",
  doc: "Goroutines in WaitGroup.Wait; tells from who was started where whether workers are left.",
  look(group, view) {
    if (group.kind !== "waitgroup" && !has(group, "sync.(*WaitGroup).Wait")) return undefined;
    if (has(group, "main.main", "testing.(*M).Run")) return undefined;
    const { confidence, evidence } = weigh(group, view);
    const waiter = userFrame(group, view)?.function;
    const creatorsKnown = view.snapshot.goroutines.some((g) => g.createdBy);
    const workers = view.groups.filter((g) => creatorsOf(g).some(({ creator }) => creator.function === waiter));
    const fact =
      workers.length > 0
        ? `${workers.reduce((n, g) => n + g.count, 0)} goroutines that ${waiter} started are still there, blocked in '${workers[0]!.waitReason || workers[0]!.kind}'`
        : creatorsKnown
          ? `no goroutine that ${waiter ?? "it"} started is left that could call Done`
          : "who should call Done is not in this form of snapshot";
    const sure = workers.length === 0 && creatorsKnown && confidence === "medium" ? "high" : confidence;
    return { cause: "waitgroup-mismatch", confidence: sure, evidence: [fact, ...evidence] };
  },
};

export const condition: SnapshotRule = {
  code: "condition",
  doc: "Goroutines in Cond.Wait that nobody signals; io.Pipe-like queues use it too.",
  look(group, view) {
    if (group.kind !== "cond" || !userFrame(group, view)) return undefined;
    const { confidence, evidence } = weigh(group, view);
    return { cause: "cond-never-signalled", confidence, evidence: ["nobody signals the condition", ...evidence] };
  },
};
