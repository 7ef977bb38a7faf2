import { formatChoice } from "../../model/run/choice.js";
import type { Schedule } from "../../model/run/schedule.js";
import { HappensBefore } from "../dpor/happens-before.js";
import { ThreadIds } from "../dpor/thread-ids.js";
import { recordStep } from "../dpor/record-step.js";
import { ModelProgram } from "./model-program.js";
import type { ModelProgramText } from "./model-operations.js";

/** The events of a schedule with their happens-before order: takes the dependence table for granted, nothing else of the reduction. */
export function eventsOf(text: ModelProgramText, schedule: Schedule, lazy: boolean): { readonly history: HappensBefore; readonly names: ThreadIds } {
  const run = new ModelProgram(text).start();
  const history = new HappensBefore();
  const names = new ThreadIds();
  for (const choice of schedule) {
    run.take(choice);
    recordStep(history, names, run, choice, lazy);
  }
  return { history, names };
}

/**
 * The Mazurkiewicz trace of a schedule, in a form that is equal for equivalent schedules: each step with how many steps
 * of each goroutine happened before it.
 */
export function traceOf(text: ModelProgramText, schedule: Schedule, lazy: boolean): string {
  const { history, names } = eventsOf(text, schedule, lazy);
  const lines = history.events.map((event) => {
    const before = history.events.filter((e) => e.index < event.index && e.index < (event.clock[e.procs[0]!] ?? 0));
    const counts = new Map<string, number>();
    for (const p of [...before, event].flatMap((e) => e.procs)) {
      const name = names.nameOf(p) ?? "@";
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    return `${formatChoice(event.choice)} after ${[...counts].map(([name, n]) => `${name}:${n}`).sort().join(" ")}`;
  });
  return lines.sort().join("\n");
}
