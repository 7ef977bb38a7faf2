import { optional } from "../../base/optional.js";
import { ok, type Result } from "../../base/result.js";
import { DEFAULT_CLOCK } from "../../explore/fairness.js";
import { REPLAYED, type Examination } from "../../model/results/examination.js";
import type { Finding } from "../../model/finding/finding.js";
import type { Program, RunOptions } from "../../model/run/program.js";
import { formatSchedule, type Schedule } from "../../model/run/schedule.js";
import { readableSteps } from "../../report/exploration/steps.js";
import { drawnRun } from "../examine/drawn-run.js";
import { outcomeWord } from "../examine/outcome-word.js";
import { runNeeds } from "../examine/run-needs.js";
import { stuckBeside } from "../examine/stuck.js";
import { REPLAY_LIMITS, TracedReplayer, type ExaminationTarget } from "../examine/traced-replayer.js";

/** One schedule of a program again, step by step; an error where it is not this program's schedule. */
export async function replayProgram(
  program: Program,
  schedule: Schedule,
  subject: ExaminationTarget & { readonly output?: RunOptions["output"] },
): Promise<Result<Examination, string>> {
  const replayer = new TracedReplayer(program, { ...subject, pictures: true });
  const natural = await replayer.replay([], undefined, REPLAY_LIMITS);
  const replayed = await replayer.replay(schedule, subject.output, REPLAY_LIMITS);
  if (!replayed.ok) return replayed;
  const traced = replayed.value;
  const { trace, snapshot, outcome, output } = traced;
  const { lines, test, package: path, scope } = subject;
  const usual = natural.ok ? natural.value : undefined;
  const findings: Finding[] = [];
  const until = performance.now() + STUCK_SEARCH;
  const search = { program, replayer, subject, clock: DEFAULT_CLOCK, others: () => (usual === undefined ? [] : [usual.schedule]), enough: () => performance.now() > until };
  for (const found of replayer.findings(traced, usual?.outcome)) {
    const finding = (await stuckBeside(search, found, traced)) ?? found;
    const steps = readableSteps({ trace, snapshot, finding, lines });
    const drawn = await drawnRun(traced, finding, usual, replayer, subject);
    findings.push({ ...finding, ...runNeeds(finding, traced, usual?.outcome.kind === "failed" ? undefined : usual), schedule: formatSchedule(traced.schedule), steps, drawn });
  }
  const coverage = { schedules: 1, complete: false, bounds: [], stoppedBy: REPLAYED, depth: traced.schedule.length, milliseconds: 0 };
  const steps =
    findings.length > 0
      ? {}
      : { steps: readableSteps({ trace, snapshot, lines, ...optional({ test, scope }) }), drawn: await drawnRun(traced, undefined, usual, replayer, subject) };
  return ok({ name: program.name, package: path, outcome: outcomeWord(outcome, test), output, findings, limits: [], coverage, ...steps });
}

/** For all of a replay; milliseconds. That a goroutine is stuck is seen beside a schedule in which it ended, and one such is mostly near. */
const STUCK_SEARCH = 10_000;
