import { optional } from "../../base/optional.js";
import { actorsOf } from "../../model/run/choice.js";
import type { Result } from "../../base/result.js";
import type { RunOptions } from "../../model/run/program.js";
import { REPLAY_LIMITS, UNTRACED, type ReplayOptions, type TracedReplayer, type TracedRun } from "./traced-replayer.js";

export interface NaturalOptions {
  /** Where its output goes while it runs. */
  readonly output?: RunOptions["output"];
  /** It is recorded only where that is wanted (host/run/step/steps-ahead.ts makes one without a trace much faster). */
  readonly isFastUntraced?: boolean;
  /** As RunOptions'. */
  readonly timeout?: number;
  /** The report shows schedules as pictures. */
  readonly pictures?: boolean;
}

/** The natural schedule, with its trace unless it is too long for one. `late`: there is no more time. */
export async function naturalRun(replayer: TracedReplayer, options: NaturalOptions, late: () => boolean): Promise<Result<TracedRun, string>> {
  if (options.isFastUntraced !== true) return recorded(replayer, options, late);
  const limit = optional({ timeout: options.timeout });
  const untraced = await quiet(replayer, options.output, { ...UNTRACED, ...limit }, late);
  if (!untraced.ok || !isRecorded(untraced.value, replayer, options)) return untraced;
  const traced = await replayer.replay(untraced.value.schedule, undefined, { ...REPLAY_LIMITS, ...limit, natural: true }, late);
  return traced.ok && traced.value.outcome.kind === untraced.value.outcome.kind ? traced : untraced;
}

async function recorded(replayer: TracedReplayer, { output, timeout }: NaturalOptions, late: () => boolean): Promise<Result<TracedRun, string>> {
  const limit = optional({ timeout });
  const traced = await quiet(replayer, output, { ...REPLAY_LIMITS, ...limit }, late);
  const isLong = traced.ok && traced.value.outcome.kind === "horizon" && traced.value.outcome.limit === "steps";
  return isLong ? quiet(replayer, undefined, { ...UNTRACED, ...limit }, late) : traced;
}

/** So often one is held; then each may compute for as long as there is time. */
const HELD = 3;

/**
 * On a real machine others go on while one goroutine computes. Here none can: one that computes for long while others could go on is held
 * before that step, and goes on when they cannot any more. It may have waited for what they do, unseen (`for len(c) < 3 {}`).
 */
async function quiet(replayer: TracedReplayer, output: RunOptions["output"], limits: ReplayOptions, late: () => boolean): Promise<Result<TracedRun, string>> {
  const rest = restOf(output);
  let done = await replayer.replay([], rest(), { ...limits, natural: true, preempts: true }, late);
  for (let tries = 1; done.ok && done.value.outcome.kind === "computes" && !late(); tries++) {
    const { outcome: { goroutine }, schedule } = done.value;
    const isActor = schedule.length > 0 && actorsOf(schedule.at(-1)!).includes(goroutine); // else it was started in this step, and cannot be held
    const last = tries > HELD || !isActor;
    done = await replayer.replay(last ? [] : schedule.slice(0, -1), rest(), { ...limits, natural: true, ...(last ? {} : { preempts: true, held: goroutine }) }, late);
    if (last) break;
  }
  return done;
}

/** For runs that all begin alike: what each prints beyond what those before it have printed. */
function restOf(output: RunOptions["output"]): () => RunOptions["output"] {
  const printed = { stdout: 0, stderr: 0 };
  return () => {
    const now = { stdout: 0, stderr: 0 };
    return output && ((stream, bytes) => {
      const fresh = bytes.subarray(Math.max(0, printed[stream] - now[stream]));
      now[stream] += bytes.length;
      printed[stream] = Math.max(printed[stream], now[stream]);
      if (fresh.length > 0) output(stream, fresh);
    });
  };
}

/** It is short, or something of it is to be told and it is not too long for that: recording takes three times what the run does. */
function isRecorded(natural: TracedRun, replayer: TracedReplayer, { pictures = false }: NaturalOptions): boolean {
  if (natural.schedule.length <= SHORT) return true;
  return natural.schedule.length <= REPLAY_LIMITS.steps && (pictures || replayer.findings(natural, undefined).length > 0);
}

/** Steps of a natural run that is recorded whatever it shows: what it started is told in an editor. */
const SHORT = 5_000;
