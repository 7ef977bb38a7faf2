import { formatDuration } from "../../base/duration.js";
import { scopeOver } from "../../diagnose/run/run-index.js";
import type { ExploreSettings } from "../config/settings.js";
import { scopeGoroutine } from "../../model/run/scope-goroutine.js";
import type { Snapshot } from "../../model/goroutine/snapshot.js";
import { at, shortSymbol, userFrame } from "../../model/source/blame.js";
import type { TracedRun } from "./traced-replayer.js";
import { TIMED_OUT } from "../../model/results/examination.js";
import type { ExamineOptions } from "./examine-options.js";

/** What gives a program more time. */
export const timeFlag = ({ natural }: ExploreSettings): "--budget" | "--total" => (natural === undefined ? "--budget" : "--total");

/** How far a program was followed whose natural schedule does not come to an end by itself: a sentence, or none. */
export function runLimits({ outcome: natural, snapshot }: Pick<TracedRun, "outcome" | "snapshot">, { settings, test, scope }: Pick<ExamineOptions, "settings" | "test" | "scope">): readonly string[] {
  if (natural.kind === "computes") {
    if (test !== undefined && natural.scopeOver) return [GOES_ON];
    return [`goroutine ${natural.goroutine} computes on and on while another goroutine, or a timer, could go on: it may wait for plain memory that they change, which it does not get to see here; run it natively (--native)`];
  }
  if (natural.kind !== "horizon") return [];
  const { budget, natural: share, horizon } = settings;
  if (test !== undefined && ["budget", "steps"].includes(natural.limit ?? "") && natural.scopeOver) return [GOES_ON];
  switch (natural.limit) {
    case "timeout":
      return [`${TIMED_OUT}: not over after ${formatDuration(BigInt(settings.timeout ?? 0))} of virtual time, when go test ends a test (-timeout)${whereIn(snapshot, scopeGoroutine({ test, scope }))}`];
    case "budget": {
      const time = formatDuration(BigInt(Math.round((share ?? budget) * 1e6)));
      return [`its natural schedule does not end within ${share === undefined ? "the budget" : "its share of the total time"} (${time}): raise ${timeFlag(settings)}, or run it natively (--native)`];
    }
    case "steps":
      return ["its natural schedule is longer than Unpark follows (200,000 steps): runs were cut off, and what was left then proves nothing"];
    case "outside":
      return ["it waits for what comes from outside (a connection, a signal), and nothing comes here: what was left then is judged by reachability; a test with a client shows more"];
    default: {
      if (scopeOver(natural)) return [];
      const after = horizon === undefined ? "when the clock moved on and on and nothing changed" : `after ${formatDuration(BigInt(horizon))} of virtual time (--horizon)`;
      return [`it does not end by itself: runs were ended ${after}, and what was left then is judged by reachability`];
    }
  }
}

/** `; it waits in grpc.(*Server).GracefulStop, called at server_test.go:40 (sync.Cond.Wait)`; empty where it is not known. */
function whereIn({ goroutines }: Snapshot, scope: string): string {
  const own = goroutines.find(({ name }) => name === scope);
  const frame = own && (userFrame(own.stack) ?? own.stack[0]);
  if (own === undefined || frame === undefined) return "";
  const call = own.stack[own.stack.indexOf(frame) - 1];
  return `; it ${own.state === "sleeping" ? "sleeps" : "waits"} ${call === undefined ? "" : `in ${shortSymbol(call.function)}, called `}at ${at(frame)} (${own.waitReason})`;
}

const GOES_ON = "what it has started goes on and on after its end, and was cut off: what was left then proves nothing";
