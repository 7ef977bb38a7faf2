import type { GoroutineName } from "../model/ids.js";
import type { Program, RunOptions } from "../model/run/program.js";
import type { Schedule } from "../model/run/schedule.js";
import { driveRun } from "./engine.js";
import { DEFAULT_STEPS } from "../model/run/limits.js";
import type { ClockPolicy } from "./fairness.js";
import type { RunEnd } from "./strategy.js";
import { Replay } from "./strategies/replay.js";

/** A replay goes on lazily where its schedule ends. */
const LAZY: ClockPolicy = { kind: "lazy" };

/**
 * One run along a schedule, and on in the natural order should the program go on where the schedule ends.
 * `overtime`: as EngineOptions'; `held`: as Replay's. If the program does something else than the schedule says, `stopped.diverged` names the step.
 */
export async function replay(program: Program, schedule: Schedule, run?: RunOptions, overtime?: () => boolean, held?: GoroutineName): Promise<RunEnd> {
  const search = new Replay(schedule, held);
  const steps = schedule.length + (run?.steps ?? DEFAULT_STEPS);
  return driveRun(program, search, search.begin()!, { clock: LAZY, steps, ...(run ? { run } : {}), ...(overtime ? { overtime } : {}) });
}
