import type { Exploration } from "../../explore/exploration.js";
import { NOT_EVERY_ORDER } from "../../model/results/examination.js";

/**
 * First what the operations alone make dependent, which is soon done and finds most; then, where that was all tried, with
 * what only might be dependent (`ExamineOptions.thorough`), for the time that is left.
 */
export async function twoPasses<T>(budget: number, pass: (which: "quick" | "thorough", budget: number) => Promise<Exploration<T>>): Promise<Exploration<T>> {
  const quick = await pass("quick", budget);
  if (!quick.coverage.complete) return quick;
  const thorough = await pass("thorough", Math.max(0, budget - quick.coverage.milliseconds));
  return joined(quick, thorough);
}

function joined<T>(quick: Exploration<T>, thorough: Exploration<T>): Exploration<T> {
  const keys = new Set(thorough.found.map(({ key }) => key));
  const { coverage } = thorough;
  const milliseconds = quick.coverage.milliseconds + coverage.milliseconds;
  const found = [...quick.found.filter(({ key }) => !keys.has(key)), ...thorough.found];
  const limits = [...new Set([...quick.limits, ...thorough.limits])];
  if (coverage.complete) return { ...thorough, found, limits, coverage: { ...coverage, milliseconds } };
  const { schedules } = quick.coverage;
  const tried = schedules === 1 ? "the only order of its operations was tried" : `all ${schedules} orders of its operations that differ were tried`;
  return {
    ...thorough,
    found,
    coverage: { ...coverage, schedules: schedules + coverage.schedules, milliseconds },
    limits: [...limits, `${tried}, ${NOT_EVERY_ORDER}; where they share none, say so: { variables: "private" }`],
  };
}
