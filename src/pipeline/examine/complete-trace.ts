import { optional } from "../../base/optional.js";
import { isGoEntry, isStandard } from "../../model/source/blame.js";
import type { GoroutineName } from "../../model/ids.js";
import type { Snapshot } from "../../model/goroutine/snapshot.js";
import type { Trace } from "../../model/run/trace.js";

/**
 * Fills in what a host leaves open about a goroutine's life: what it was started with (the outermost frame of any of
 * its stacks; behind `WaitGroup.Go` what that was given), and by whom (the snapshot knows it of those that are left).
 */
export function completeTrace(trace: Trace, snapshot: Snapshot): Trace {
  const left = new Map(snapshot.goroutines.map((goroutine) => [goroutine.name, goroutine]));
  const entries = new Map<GoroutineName, string>();
  for (const { acts } of trace.steps) {
    for (const { goroutine, stack } of acts) {
      const outermost = stack.findLast(({ function: name }) => name !== "runtime.goexit" && !isGoEntry(name))?.function;
      if (outermost !== undefined && !entries.has(goroutine)) entries.set(goroutine, outermost);
    }
  }
  const lives = trace.lives.map((life) => {
    const there = left.get(life.name);
    const outermost = there?.stack.findLast((frame) => !isStandard(frame) && !isGoEntry(frame.function))?.function;
    const given = isGoEntry(life.entry) ? (entries.get(life.name) ?? outermost) : undefined;
    const createdBy = life.createdBy ?? there?.createdBy;
    return { ...life, entry: given || life.entry || entries.get(life.name) || outermost || "", ...optional({ createdBy }) };
  });
  return { ...trace, lives };
}
