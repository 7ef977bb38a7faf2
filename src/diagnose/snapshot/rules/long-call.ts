import type { GoroutineGroup } from "../../../model/goroutine/goroutine-group.js";
import type { Goroutine } from "../../../model/goroutine/snapshot.js";
import { type RuleFinding, type GraphRule, named, userFrame, type View, weigh } from "../suspect-rule.js";

/**
 * A call into C, or into the system, that does not return. Go cannot interrupt it, and what the goroutine should do
 * meanwhile stays undone. An event loop in C is such a call for the program's whole life: in main, or locked to its
 * thread, it is only noted.
 */
export const longCall: GraphRule = {
  code: "long-call",
  doc: "Calls into C or the system that last for long, and goroutines that wait for the one that is inside.",
  find(view): readonly RuleFinding[] {
    return view.survey.ofKinds("syscall").flatMap((group) => {
      if (!userFrame(group, view)) return [];
      const { stack } = group.goroutines[0]!;
      const intoC = stack.some((f) => f.function === "runtime.cgocall" || /\._Cfunc_/.test(f.function));
      const waits = group.waits;
      const long = waits !== undefined && waits.max >= view.longMinutes;
      const behind = dependents(group, view);
      // Go's own way to wait for a process is a call that lasts as long as the process.
      const crowd = group.count >= view.many && !stack.some((f) => f.function.startsWith("os.(*Process)."));
      if ((!intoC && behind.length === 0 && !crowd) || (!long && !view.tests.told(group))) return [];
      const loop = stack.some((f) => f.function === "main.main") || group.goroutines.every((g) => g.lockedToThread);
      // A main that reads its input, or waits for a process, has nothing to do with what it once started.
      if (!intoC && loop && !view.tests.told(group)) return [];
      const facts = [intoC ? `it is inside a call into C, which Go cannot interrupt: ${named(callee(group))}` : "it is inside a call of the operating system"];
      for (const other of behind.slice(0, 3)) {
        const ids = group.goroutines.flatMap(({ id }) => (id === undefined ? [] : [id]));
        facts.push(`${named(userFrame(other, view)!)} waits in '${other.waitReason}'; goroutine ${ids[0]}, which started it, is the one that is inside the call`);
      }
      const confidence = behind.length > 0 ? "high" : loop ? "low" : "medium";
      return [{ groups: [group], behind, judgement: { cause: "no-timeout", what: "inside a call that does not return", confidence, evidence: [...facts, ...weigh(group, view).evidence] } }];
    });
  },
};

const callee = (group: GoroutineGroup): GoroutineGroup["stack"][number] => group.stack.find((f) => f.function.includes("._Cfunc_")) ?? group.stack[0]!;

/** Sends and receives of goroutines that the one inside the call has started: it is the one that should answer. */
function dependents(group: GoroutineGroup, view: View): readonly GoroutineGroup[] {
  const ids = new Set(group.goroutines.flatMap(({ id }: Goroutine) => (id === undefined ? [] : [id])));
  return view.groups.filter((other) => (other.kind === "send" || other.kind === "receive") && userFrame(other, view) !== undefined && other.goroutines.every(({ createdBy }) => createdBy?.id !== undefined && ids.has(createdBy.id)));
}
