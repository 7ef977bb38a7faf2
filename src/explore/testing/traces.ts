import { formatChoice, actorsOf } from "../../model/choice.js";
import type { Schedule } from "../../model/schedule.js";
import { CLOCK_PROC, History } from "../reduction/history.js";
import { Names } from "../reduction/names.js";
import { touchesOf } from "../reduction/touch.js";
import { ModelProgram } from "./model-program.js";
import type { ModelProgramText } from "./operations.js";

/**
 * The Mazurkiewicz trace of a schedule, in a form that is equal for equivalent schedules: each step with how many steps
 * of each goroutine happened before it. Takes the dependence table for granted, nothing else of the reduction.
 */
export function traceOf(text: ModelProgramText, schedule: Schedule, lazy: boolean): string {
  const run = new ModelProgram(text).start();
  const history = new History();
  const names = new Names();
  const lines: string[] = [];
  for (const choice of schedule) {
    run.take(choice);
    const { accesses, moved } = run.last();
    const actors = choice.kind === "clock" ? [CLOCK_PROC] : actorsOf(choice).map((name) => names.procOf(name));
    const procs = [...new Set([...actors, ...moved.map((name) => names.procOf(name))])];
    const touches = touchesOf(choice, accesses);
    history.number(touches);
    const event = history.push(choice, procs, touches, [], lazy && choice.kind === "clock");
    const before = history.events.filter((e) => e.index < (event.clock[e.procs[0]!] ?? 0));
    const counts = new Map<string, number>();
    for (const e of before) {
      for (const p of e.procs) counts.set(names.nameOf(p) ?? "@", (counts.get(names.nameOf(p) ?? "@") ?? 0) + 1);
    }
    lines.push(`${formatChoice(choice)} after ${[...counts].map(([name, n]) => `${name}:${n}`).sort().join(" ")}`);
  }
  return lines.sort().join("\n");
}
