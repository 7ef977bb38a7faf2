import { number } from "../../../base/numerals.js";
import type { GoroutineGroup } from "../../../model/goroutine/goroutine-group.js";
import { type RuleFinding, type GraphRule, named, type View, weigh } from "../suspect-rule.js";
import { isCertain, type DumpLockWait } from "../waiting-graph.js";
import { ownerWords, who } from "./lock-order.js";

/**
 * The same receiver twice in one stack: a method that may hold the lock calls another that asks for it. Public methods
 * that call one which locks look the same while somebody else holds the lock, so it counts only where nobody else is
 * inside a method of that receiver.
 */
export const recursiveLock: GraphRule = {
  code: "recursive-lock",
  doc: "A goroutine that waits for a lock which its own caller may hold, and nobody else can.",
  find(view): readonly RuleFinding[] {
    const findings: RuleFinding[] = [];
    for (const group of new Set(view.graph.waits.map((wait) => wait.group))) {
      const waits = view.graph.waits.filter((wait) => wait.group === group);
      const [wait] = waits;
      const [own] = view.graph.ownHoldsOf(wait!);
      if (!own || wait!.woken || waits.some(({ woken }) => woken)) continue;
      const others = view.graph.holdersOf(wait!);
      const writer = wait!.mode === "read" ? writerFor(wait!, view) : undefined;
      const rivals = others.filter(({ goroutine }) => goroutine !== writer?.goroutine && !waits.some((other) => other.goroutine === goroutine));
      if (rivals.length > 0) continue;
      findings.push(findingOf(group, wait!, own.goroutine.stack[own.frame]!, isCertain(own, wait!.owner!), writer, view));
    }
    return findings;
  },
};

function findingOf(group: GoroutineGroup, wait: DumpLockWait, caller: GoroutineGroup["stack"][number], certain: boolean, writer: DumpLockWait | undefined, view: View): RuleFinding {
  const asks = wait.goroutine.stack[wait.frame]!;
  const evidence = [`${who(wait.goroutine)} waits at ${named(asks)} for ${certain ? "the" : "a"} lock of ${ownerWords(wait)}; its own caller ${named(caller)} is a method of the same ${certain ? "receiver" : "type"}`];
  if (writer) evidence.push(`a reader that already holds the lock reads again behind a writer that waits: ${who(writer.goroutine)} at ${named(writer.goroutine.stack[writer.frame]!)}; a waiting writer holds off new readers`);
  else if (view.whole) evidence.push(`no other goroutine in the text is inside a method of ${certain ? "that receiver: it holds" : "that type: it may hold"} the lock itself`);
  else evidence.push(`no other goroutine in this text is inside a method of ${certain ? "that receiver" : "that type"}`);
  if (group.count > 1) evidence.push(`${number(group.count)} goroutines wait like this: one of them holds the lock, or a call that has returned did not give it back`);
  const weight = weigh(group, view);
  const waits = group.waits;
  const hangs = weight.confidence !== "low" || view.snapshot.ending !== undefined || view.tests.timedOut || (waits !== undefined && waits.max > 0);
  const sure = certain && group.count === 1 && hangs ? "high" : hangs ? "medium" : "low";
  return {
    groups: [group],
    behind: writer ? [writer.group] : behindOf(wait, group, view),
    judgement: { cause: "recursive-lock", confidence: view.snapshot.ending?.kind === "all-asleep" ? "proved" : sure, evidence: [...evidence, ...weight.evidence], blamed: asks },
  };
}

function writerFor(wait: DumpLockWait, view: View): DumpLockWait | undefined {
  return view.graph.waits.find((other) => other.goroutine !== wait.goroutine && other.mode !== "read" && other.owner?.type === wait.owner!.type && (other.owner.address === 0 || wait.owner!.address === 0 || other.owner.address === wait.owner!.address));
}

function behindOf(wait: DumpLockWait, group: GoroutineGroup, view: View): readonly GoroutineGroup[] {
  return [...new Set(view.graph.waits.filter((other) => other.group !== group && other.owner !== undefined && other.owner.address > 0 && other.owner.address === wait.owner!.address).map((other) => other.group))];
}
