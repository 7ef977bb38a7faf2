import { optional } from "../../base/optional.js";
import { err, ok, type Result } from "../../base/result.js";
import { REPLAYED, type Examination } from "../../model/examination.js";
import type { Finding } from "../../model/finding.js";
import type { Program, RunOptions } from "../../model/program.js";
import { formatSchedule, type Schedule } from "../../model/schedule.js";
import { readableSteps } from "../../report/exploration/steps.js";
import { drawnRun } from "../examine/drawn-run.js";
import { outcomeWord } from "../examine/outcome-word.js";
import { REPLAY_LIMITS, TracedReplayer, type ExaminationTarget } from "../examine/traced-replayer.js";

/** One schedule of a program again, told step by step; an error where it is not this program's schedule. */
export async function replayProgram(
  program: Program,
  schedule: Schedule,
  subject: ExaminationTarget & { readonly output?: RunOptions["output"] },
): Promise<Result<Examination, string>> {
  const teller = new TracedReplayer(program, subject);
  const natural = await teller.tell([], undefined, REPLAY_LIMITS);
  const told = await teller.tell(schedule, subject.output, REPLAY_LIMITS);
  if (typeof told === "string") return err(told);
  const { trace, snapshot, outcome, output, early } = told;
  const { lines, test, package: path, scope } = subject;
  const usual = typeof natural === "string" ? undefined : natural;
  const findings: Finding[] = [];
  for (const finding of teller.findings(told, usual?.outcome)) {
    const steps = readableSteps({ trace, snapshot, finding, lines });
    const drawn = await drawnRun(told, finding, usual, teller, subject);
    findings.push({ ...finding, ...(early > 0 ? { needsStall: true as const } : {}), schedule: formatSchedule(told.schedule), steps, drawn });
  }
  const coverage = { schedules: 1, complete: false, bounds: [], stoppedBy: REPLAYED, depth: told.schedule.length, milliseconds: 0 };
  const steps =
    findings.length > 0
      ? {}
      : { steps: readableSteps({ trace, snapshot, lines, ...optional({ test, scope }) }), drawn: await drawnRun(told, undefined, usual, teller, subject) };
  return ok({ name: program.name, package: path, outcome: outcomeWord(outcome, test), output, findings, limits: [], coverage, ...steps });
}
