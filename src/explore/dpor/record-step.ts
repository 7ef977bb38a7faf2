import { actorsOf, type Choice } from "../../model/run/choice.js";
import type { GoroutineName } from "../../model/ids.js";
import type { Run } from "../../model/run/program.js";
import { CLOCK_THREAD, type StepEvent, type HappensBefore, type ThreadId } from "./happens-before.js";
import type { ThreadIds } from "./thread-ids.js";
import { dependencyAccesses } from "./object-access.js";

/** Everyone who moves in a step, each once; first who acts. */
export function threadsOf(choice: Choice, moved: readonly GoroutineName[], names: ThreadIds): readonly ThreadId[] {
  const procs = choice.kind === "clock" ? [CLOCK_THREAD] : actorsOf(choice).map((name) => names.procOf(name));
  for (const name of moved) {
    const p = names.procOf(name);
    if (!procs.includes(p)) procs.push(p);
  }
  return procs;
}

/** Adds the step that `run` has just done. Offers of a select that took another case order nothing and are left out. */
export function recordStep(history: HappensBefore, names: ThreadIds, run: Run, choice: Choice, lazy: boolean): StepEvent {
  const { accesses, moved } = run.last();
  const touches = dependencyAccesses(choice, accesses);
  history.number(touches);
  return history.push(choice, threadsOf(choice, moved, names), touches, [], lazy && choice.kind === "clock");
}
