import { Prng } from "../../base/prng.js";
import { formatChoice } from "../../model/run/choice.js";
import { Divergence, type Program, type Run } from "../../model/run/program.js";
import { formatSchedule, type Schedule } from "../../model/run/schedule.js";
import { HappensBefore } from "../dpor/happens-before.js";
import { ThreadIds } from "../dpor/thread-ids.js";
import { recordStep } from "../dpor/record-step.js";

/**
 * The soundness test of reduction (P3 of the seam): swap two adjacent
 * steps of a recorded run that the table calls independent, run it again, and the same goroutines must be stopped before
 * the same operations, with the same ways to go on, there and at the end.
 */
interface SwapReport {
  readonly swaps: number;
  /** What differed, in words with the schedule; empty when all is well. */
  readonly failures: readonly string[];
}

interface Recorded {
  /** Did step i happen before step i + 1? */
  readonly ordered: readonly boolean[];
  /** What everybody is stopped before, before each step and after the last. */
  readonly states: readonly string[];
  readonly end: string;
}

export async function swapTest(program: Program, schedule: Schedule, swaps: number, seed: number): Promise<SwapReport> {
  const recorded = await record(program, schedule);
  const places: number[] = [];
  recorded.ordered.forEach((ordered, i) => { if (!ordered) places.push(i); });
  const prng = new Prng(seed);
  const failures: string[] = [];
  const tried = Math.min(swaps, places.length);
  for (let n = 0; n < tried; n++) {
    const at = places.splice(prng.below(places.length), 1)[0]!;
    const failure = await trySwap(program, schedule, recorded, at);
    if (failure !== undefined) failures.push(failure);
  }
  return { swaps: tried, failures };
}

async function trySwap(program: Program, schedule: Schedule, recorded: Recorded, at: number): Promise<string | undefined> {
  const swapped = [...schedule.slice(0, at), schedule[at + 1]!, schedule[at]!, ...schedule.slice(at + 2)];
  const told = `steps ${at} and ${at + 1} (${formatChoice(schedule[at]!)}, ${formatChoice(schedule[at + 1]!)}) of ${formatSchedule(schedule)}`;
  try {
    const again = await record(program, swapped);
    for (let i = at + 2; i < recorded.states.length; i++) {
      if (again.states[i] !== recorded.states[i]) return `${told}: before step ${i}\n  ${recorded.states[i]}\n  ${again.states[i]}`;
    }
    return again.end === recorded.end ? undefined : `${told}: ${recorded.end} becomes ${again.end}`;
  } catch (error) {
    if (error instanceof Divergence) return `${told}: ${error.message}`;
    throw error;
  }
}

async function record(program: Program, schedule: Schedule): Promise<Recorded> {
  const run = await program.start();
  const names = new ThreadIds();
  const history = new HappensBefore();
  const states = [stateOf(run)];
  for (const choice of schedule) {
    await run.take(choice);
    recordStep(history, names, run, choice, false);
    states.push(stateOf(run));
  }
  const ordered = history.events.slice(1).map((event, i) => history.happenedBefore(i, event.clock));
  return { ordered, states, end: run.outcome()?.kind ?? "going" };
}

/**
 * Without object ids, which may be addresses, and without `yielding`, which fairness alone looks at. The order in which
 * the host lists its goroutines is its own affair.
 */
function stateOf(run: Run): string {
  const lines = run.pending().map(({ goroutine, op, alternatives }) =>
    `${goroutine ?? "@"} ${op} [${alternatives.map(formatChoice).sort().join(" ")}]`,
  );
  return lines.sort().join("; ");
}
