import type { Result } from "../../base/result.js";
import type { RunOptions } from "../../model/program.js";
import { REPLAY_LIMITS, UNTRACED, type TracedReplayer, type TracedRun } from "./traced-replayer.js";

export interface NaturalOptions {
  /** Where its output goes while it runs. */
  readonly output?: RunOptions["output"];
  /** It is recorded only where that is wanted (host/run/steps-ahead.ts makes one without a trace much faster). */
  readonly isFastUntraced?: boolean;
  /** The report shows schedules as pictures. */
  readonly pictures?: boolean;
}

/** The natural schedule, with its trace unless it is too long for one. `late`: there is no more time. */
export async function naturalRun(replayer: TracedReplayer, options: NaturalOptions, late: () => boolean): Promise<Result<TracedRun, string>> {
  if (options.isFastUntraced !== true) return recorded(replayer, options, late);
  const untraced = await replayer.replay([], options.output, { ...UNTRACED, natural: true }, late);
  if (!untraced.ok || !isRecorded(untraced.value, replayer, options)) return untraced;
  const traced = await replayer.replay(untraced.value.schedule, undefined, { ...REPLAY_LIMITS, natural: true }, late);
  return traced.ok && traced.value.outcome.kind === untraced.value.outcome.kind ? traced : untraced;
}

async function recorded(replayer: TracedReplayer, { output }: NaturalOptions, late: () => boolean): Promise<Result<TracedRun, string>> {
  const traced = await replayer.replay([], output, { ...REPLAY_LIMITS, natural: true }, late);
  const isLong = traced.ok && traced.value.outcome.kind === "horizon" && traced.value.outcome.limit === "steps";
  return isLong ? replayer.replay([], undefined, { ...UNTRACED, natural: true }, late) : traced;
}

/** It is short, or something of it is to be told and it is not too long for that: recording takes three times what the run does. */
function isRecorded(natural: TracedRun, replayer: TracedReplayer, { pictures = false }: NaturalOptions): boolean {
  if (natural.schedule.length <= SHORT) return true;
  return natural.schedule.length <= REPLAY_LIMITS.steps && (pictures || replayer.findings(natural, undefined).length > 0);
}

/** Steps of a natural run that is recorded whatever it shows: what it started is told in an editor. */
const SHORT = 5_000;
