import { actorsOf, type Choice } from "../../model/choice.js";
import type { GoroutineName } from "../../model/ids.js";
import type { Run } from "../../model/program.js";
import { CLOCK_PROC, type Event, type History, type Proc } from "./happens-before.js";
import type { Names } from "./thread-ids.js";
import { touchesOf } from "./object-access.js";

/** Everyone who moves in a step, each once; first who acts. */
export function procsOf(choice: Choice, moved: readonly GoroutineName[], names: Names): readonly Proc[] {
  const procs = choice.kind === "clock" ? [CLOCK_PROC] : actorsOf(choice).map((name) => names.procOf(name));
  for (const name of moved) {
    const p = names.procOf(name);
    if (!procs.includes(p)) procs.push(p);
  }
  return procs;
}

/** Adds the step that `run` has just done. Offers of a select that took another case order nothing and are left out. */
export function recordStep(history: History, names: Names, run: Run, choice: Choice, lazy: boolean): Event {
  const { accesses, moved } = run.last();
  const touches = touchesOf(choice, accesses);
  history.number(touches);
  return history.push(choice, procsOf(choice, moved, names), touches, [], lazy && choice.kind === "clock");
}
