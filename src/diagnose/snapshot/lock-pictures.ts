import { optional } from "../../base/optional.js";
import type { GoroutineGroup } from "../../model/goroutine/goroutine-group.js";
import type { LockPicture, LockSide } from "../../model/goroutine/lock-picture.js";
import { GroupSurvey } from "./group-survey.js";
import { ownerWords } from "./rules/lock-order.js";
import { named } from "./suspect-rule.js";
import { type DumpLockWait, type Inside, isCertain, WaitingGraph } from "./waiting-graph.js";

/** Each lock that is waited for, the one with the most waiting first; woken ones are not waiting any more. */
export function lockPictures(groups: readonly GoroutineGroup[]): readonly LockPicture[] {
  const graph = new WaitingGraph(new GroupSurvey(groups));
  const byLock = new Map<string, DumpLockWait[]>();
  for (const wait of graph.waits) {
    if (wait.woken) continue;
    const lock = lockName(wait);
    const list = byLock.get(lock);
    if (list) list.push(wait);
    else byLock.set(lock, [wait]);
  }
  const pictures = [...byLock].map(([lock, waits]) => ({ lock, waiting: waitersOf(waits), holding: holdersOf(waits, graph) }));
  const size = ({ waiting }: LockPicture): number => waiting.reduce((n, { count }) => n + count, 0);
  return pictures.sort((a, b) => size(b) - size(a));
}

/** By the address that is locked, then by the receiver, then by the place: a fact before a guess. */
function lockName(wait: DumpLockWait): string {
  const object = wait.goroutine.blockedOn?.objects[0]?.object;
  if (wait.owner && wait.owner.address > 0) return ownerWords(wait);
  if (object !== undefined) return `0x${object.toString(16)}`;
  return wait.owner ? ownerWords(wait) : named(wait.goroutine.stack[wait.frame]!);
}

/** A group's goroutines are one row: the graph knows some of each, the group counts all. */
function waitersOf(waits: readonly DumpLockWait[]): readonly LockSide[] {
  const rows = new Map<GoroutineGroup, LockSide>();
  for (const { group, goroutine, frame } of waits) {
    const known = rows.get(group);
    if (known) rows.set(group, { ...known, count: known.count + goroutine.count });
    else rows.set(group, { count: goroutine.count, frame: goroutine.stack[frame]!, waitReason: group.waitReason, certain: true, ...optional({ id: goroutine.id }) });
  }
  return [...rows.values()].sort((a, b) => b.count - a.count);
}

function holdersOf(waits: readonly DumpLockWait[], graph: WaitingGraph): readonly LockSide[] {
  const found = new Map<Inside["goroutine"], LockSide>();
  for (const wait of waits) {
    for (const inside of [...graph.holdersOf(wait), ...graph.ownHoldsOf(wait)]) {
      const certain = isCertain(inside, wait.owner!);
      if (found.get(inside.goroutine)?.certain) continue;
      found.set(inside.goroutine, { count: inside.goroutine.count, frame: inside.goroutine.stack[inside.frame]!, waitReason: inside.group.waitReason || inside.group.kind, certain, ...optional({ id: inside.goroutine.id }) });
    }
  }
  const all = [...found.values()].sort((a, b) => Number(b.certain) - Number(a.certain));
  return all.some(({ certain }) => certain) ? all.filter(({ certain }) => certain).slice(0, MOST) : all.slice(0, MOST);
}
const MOST = 20;
