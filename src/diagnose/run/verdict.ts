import { DEFAULT_HORIZON } from "../../model/run/limits.js";
import type { Outcome } from "../../model/run/outcome.js";
import type { Goroutine } from "../../model/goroutine/snapshot.js";
import type { Verdict } from "../../model/finding/finding.js";
import { isTestEntry, libraryFrames, userFrame } from "../../model/source/blame.js";
import { noTimeout } from "./rules/no-timeout.js";
import { hasEnded, scopeOver, type RunIndex } from "./run-index.js";

/**
 * What a goroutine that is left at the end is called. The order of the questions is the definition:
 * V1. Goroutines that were there before the scope (`0.k`), and the library's standing ones, are never blamed: nor is a TestMain
 *     whose tests run.
 * V2. The scope's own goroutine (main; a test's or subtest's, which package testing started) is a `deadlock` when it is
 *     blocked for ever, a `runaway` when it is the one that goes round for ever; else it is no leak of its own. One that
 *     waits for its subtest is only waiting for that one's end. While something still runs (a ticker, a loop) it takes the collection to say
 *     that it is blocked for ever.
 * V3. One that can still run, or that a timer will wake, is `cut-short` if the run came to rest, and a `runaway` if
 *     virtual time did not stop it (not if the run was cut off for its length). One in a wait so long that no second
 *     round of it could have been seen is `lingering`, and so is one whose waits differ and were few (a retry, which may give up): for
 *     all that is known it ends when it wakes up. Nothing is said of one that was started since by another that goes on, and sleeps.
 * V4. One that waits for the network or a process is `waiting-outside`.
 * V5. `leaked` needs a proof: the collection found it unreachable; or the world is closed (`Context.closedWorld`, or a
 *     deadlock) and nothing in it can run. Reachable ones are `lingering`. Without either it is `abandoned`.
 * V6. While something still runs (horizon), only the unreachable are `leaked`; a reachable one may yet be woken.
 * V7. Who has asked a weak pointer for its object may end natively once that is collected, which nothing is in a run: `lingering`, no `runaway`.
 */
export function verdictOf(goroutine: Goroutine, index: RunIndex): Verdict | undefined {
  const { outcome } = index;
  if (wasThereBefore(goroutine) || isStanding(goroutine)) return undefined; // V1
  if (isScopes(goroutine) && outcome.kind === "runaway") return outcome.goroutine === goroutine.name ? "runaway" : undefined; // V2
  if (isScopes(goroutine)) return isStuck(goroutine) && (outcome.kind === "deadlock" || isCutOff(goroutine, index)) ? "deadlock" : undefined; // V2
  if (goesOn(goroutine, index)) return stillGoing(goroutine, index);
  if (SAYS_NOTHING.has(outcome.kind)) return undefined;
  if (userFrame(goroutine.stack) && noTimeout.run(goroutine, index)) return waitsOutside(goroutine, index); // V4
  if (goroutine.unreachable === true) return "leaked"; // V5
  if (outcome.kind === "horizon" || outcome.kind === "runaway") return whileOthersRun(goroutine, index); // V6
  if (goroutine.unreachable === false) return "lingering";
  return index.context.closedWorld || outcome.kind === "deadlock" ? "leaked" : "abandoned";
}

/** What ended the run says nothing of the goroutines that are left. */
const SAYS_NOTHING: ReadonlySet<Outcome["kind"]> = new Set(["panic", "exit", "computes", "unsupported"]);

const isStuck = ({ state }: Goroutine): boolean => state === "waiting" || state === "io";

/** It can run, or a timer will wake it (V3). */
export const goesOn = (goroutine: Goroutine, index: RunIndex): boolean => !isStuck(goroutine) || wakesByItself(goroutine, index);

/** Others go on for ever, and none of them can reach what it waits for. */
const isCutOff = (goroutine: Goroutine, { outcome }: RunIndex): boolean =>
  outcome.kind === "horizon" && !outcome.scopeOver && (outcome.limit === "time" || outcome.limit === "timeout") && goroutine.state === "waiting" && goroutine.sleep === undefined && goroutine.unreachable === true;

const isScopes = ({ name, stack }: Goroutine): boolean => name === "1" || stack.some((frame) => isTestEntry(frame.function));

const wasThereBefore = ({ name }: Goroutine): boolean => name?.startsWith("0.") ?? false;

/** Started once for the whole process by a library call, and meant to stay. */
const STANDING: readonly (readonly [RegExp, string])[] = [
  [/^os\/signal\.(loop|signal_recv|init)/, "started by the first signal.Notify; stays (os/signal/signal_unix.go)"],
  [/^runtime\.(ensureSigM|bgsweep|bgscavenge|forcegchelper|runfinq|runFinalizers|runCleanups)/, "the runtime's own"],
  [/^runtime\/trace\.|^runtime\/pprof\.profileWriter/, "ends when tracing or profiling is stopped"],
  [/^testing\.(tRunner|fRunner|\(\*[TFBM]\)|run(Tests|FuzzTests|Examples|Benchmarks)|\(\*testState\))/, "package testing waiting for its own tests"],
];

export function isStanding({ stack }: Goroutine): boolean {
  if (libraryFrames(stack).some((frame) => /^testing\.\(\*(?:[TBFM]\)\.Run|F\)\.Fuzz)(?:\.func\d+)?$/.test(frame.function))) return true;
  return userFrame(stack) === undefined && stack.some((frame) => STANDING.some(([symbol]) => symbol.test(frame.function)));
}

/** Virtual time after the scope, where the host does not say. */
const WATCHED = BigInt(DEFAULT_HORIZON);

const watchedFor = (outcome: Outcome): bigint => (outcome.kind === "horizon" ? outcome.watched : undefined) ?? WATCHED;

/** Its wait is longer than half of the time after the scope, within which a loop goes round twice. */
export const isLongAsleep = ({ sleep }: Goroutine, outcome: Outcome): boolean => (sleep ?? 0n) > watchedFor(outcome) / 2n;

/** It was started a moment ago, by one that goes on: it has not had the time to go round. */
const isYoung = ({ sleep, age }: Goroutine, outcome: Outcome): boolean =>
  age !== undefined && age < watchedFor(outcome) / 2n && (sleep === undefined || sleep > age / 2n);

/** A ticker's loop is met before its select as often as behind it: where virtual time ended makes no difference. */
const wakesByItself = ({ sleep }: Goroutine, { outcome }: RunIndex): boolean => sleep !== undefined && outcome.kind === "horizon";

function stillGoing(goroutine: Goroutine, { outcome }: RunIndex): Verdict | undefined {
  switch (outcome.kind) {
    case "quiescent":
    case "failed":
    case "skipped":
      return "cut-short";
    case "horizon":
      // A run that was cut off by its length says nothing: it might have ended a step later.
      if (!outcome.scopeOver || outcome.limit === "steps") return undefined;
      if (isYoung(goroutine, outcome)) return undefined;
      return isLongAsleep(goroutine, outcome) || goroutine.asksWeak === true || goroutine.mayGiveUp === true ? "lingering" : "runaway"; // V7
    case "runaway":
      return outcome.goroutine !== goroutine.name ? undefined : goroutine.asksWeak === true ? "lingering" : "runaway"; // V7
    case "deadlock":
    case "computes":
    case "panic":
    case "exit":
    case "unsupported":
      return undefined;
  }
}

const waitsOutside = (goroutine: Goroutine, index: RunIndex): Verdict | undefined =>
  goroutine.unreachable === true || index.outcome.kind !== "horizon" || scopeOver(index.outcome) ? "waiting-outside" : undefined;

function whileOthersRun(goroutine: Goroutine, index: RunIndex): Verdict | undefined {
  if (goroutine.unreachable === false) return scopeOver(index.outcome) ? "lingering" : undefined;
  if (index.outcome.kind === "runaway") return undefined;
  // No collection in this Go: say so only when everyone who ever used the object is out of the game.
  const used = (goroutine.blockedOn?.objects ?? []).flatMap(({ object }) => index.uses(object));
  return used.every(({ act }) => hasEnded(index, act.goroutine)) && scopeOver(index.outcome) ? "abandoned" : undefined;
}
