import type { GoroutineGroup } from "../../../model/goroutine/goroutine-group.js";
import type { Frame } from "../../../model/goroutine/stack.js";
import { type RuleFinding, type GraphRule, named, type View } from "../suspect-rule.js";
import { isCertain, lockCycles, type LockLink, type DumpLockWait } from "../waiting-graph.js";

/** Each waits for a lock that the next one may hold, in a circle: no one of them can go on. */
export const lockOrder: GraphRule = {
  code: "lock-order",
  doc: "A cycle of goroutines, each inside a method of what the one before it waits for; by receivers' addresses, else by their types.",
  find(view): readonly RuleFinding[] {
    return lockCycles(view.graph).map((cycle) => {
      const certain = cycle.every(({ wait, holder }) => isCertain(holder, wait.owner!));
      const others = cycle.some(({ wait, holder }) => view.graph.holdersOf(wait).some((other) => other.goroutine !== holder.goroutine && !view.graph.waitOf(other.goroutine)));
      const contended = cycle.some(({ wait }) => view.graph.waits.some((other) => other.woken && other.owner?.type === wait.owner!.type));
      const evidence = cycle.map(linkWords);
      if (!certain) evidence.push("where the text gives no address, receivers were matched by their type");
      const groups = [...new Set(cycle.map(({ wait }) => wait.group))];
      const behind = waitersBehind(cycle, groups, view);
      const more = behind.reduce((n, group) => n + group.count, 0) + groups.reduce((n, group) => n + group.count, 0) - cycle.length;
      if (more > 0) evidence.push(`${more} more goroutine${more === 1 ? " waits" : "s wait"} for the same locks`);
      const confidence = contended ? "low" : view.snapshot.ending?.kind === "all-asleep" ? "proved" : certain && !others ? "high" : "medium";
      const [first] = cycle;
      return { groups, behind, judgement: { cause: "lock-order", ...(cycle.length > 2 ? { what: `${cycle.length} locks taken in a circle: each goroutine holds one and wants the next` } : {}), confidence, evidence, blamed: askingFrame(first!.wait) } };
    });
  },
};

const askingFrame = ({ goroutine, frame }: DumpLockWait): Frame => goroutine.stack[frame]!;

/** `0xc000100000`, where it is known; else the type. */
export const ownerWords = ({ owner }: DumpLockWait): string =>
  owner === undefined ? "" : owner.address > 0 ? `${shortType(owner.type)} 0x${owner.address.toString(16)}` : shortType(owner.type);
const shortType = (type: string): string => type.slice(type.lastIndexOf("/") + 1);

export const who = ({ id }: { readonly id?: number }): string => (id === undefined ? "one goroutine" : `goroutine ${id}`);

function linkWords({ wait, holder }: LockLink): string {
  const lock = wait.owner!.address > 0 ? `the lock of ${ownerWords(wait)}` : `a lock of ${ownerWords(wait)}`;
  return `${who(wait.goroutine)} wants ${lock} at ${named(askingFrame(wait))}; ${who(holder.goroutine)} holds it, inside ${named(holder.goroutine.stack[holder.frame]!)}`;
}

/** Others that wait for a lock of the cycle. */
function waitersBehind(cycle: readonly LockLink[], groups: readonly GoroutineGroup[], view: View): readonly GoroutineGroup[] {
  const behind = new Set<GoroutineGroup>();
  for (const other of view.graph.waits) {
    if (groups.includes(other.group) || !other.owner) continue;
    if (cycle.some(({ wait }) => wait.owner!.type === other.owner!.type && (wait.owner!.address === 0 || other.owner!.address === 0 || wait.owner!.address === other.owner!.address))) behind.add(other.group);
  }
  return [...behind];
}
