import { optional } from "../../base/optional.js";
import { formatDuration } from "../../base/duration.js";
import type { Cause } from "../../model/finding/cause.js";
import type { Finding, Verdict } from "../../model/finding/finding.js";
import type { Outcome } from "../../model/run/outcome.js";
import type { Goroutine, Snapshot } from "../../model/goroutine/snapshot.js";
import type { Frame } from "../../model/goroutine/stack.js";
import type { Trace } from "../../model/run/trace.js";
import { callBehind } from "../../model/run/started-from.js";
import { shownCreator } from "../../model/finding/subjects.js";
import { fewAlike } from "./alike.js";
import { outcomeAtRest } from "./quiescence.js";
import type { DiagnosisContext } from "./diagnosis-context.js";
import { isStandard, isTestCode, isTestFunction, packageOf, place, userFrame } from "../../model/source/blame.js";
import { sameGroup } from "../../model/finding/finding-identity.js";
import { runawayOf } from "./endless-loop.js";
import { outcomeFindings } from "./outcome-findings.js";
import { faults } from "./faults.js";
import { RULES } from "./rules.js";
import { count, NO_TRACE, runIndex, type RunIndex } from "./run-index.js";
import { goesOn, isLongAsleep, verdictOf } from "./verdict.js";

/**
 * What is to be said about one run: how it ended (a panic, a failed assertion, an endless loop) and each goroutine
 * that is left. Pure: the same run gives the same findings. Findings that mean the same place are one (`sameFinding`).
 */
export function findings(trace: Trace, snapshot: Snapshot, outcome: Outcome, context: DiagnosisContext): readonly Finding[] {
  const all = runIndex(trace, snapshot, outcomeAtRest(outcome, snapshot, context.closedWorld), context);
  const left = fewAlike(snapshot.goroutines.flatMap((goroutine) => {
    const verdict = verdictOf(goroutine, all);
    return verdict === undefined ? [] : [{ goroutine, verdict }];
  }));
  const own = left.filter(({ goroutine }) => !isCompanion(goroutine, left));
  const found = own.map((one) => ({ goroutine: one.goroutine, finding: withCompanions(explain(one, all), one.goroutine, left) }));
  // Who holds what, and who did what before, is in the trace: without one each place stands for itself.
  const told = trace === NO_TRACE ? found.map(({ finding }) => finding) : faults(found, all);
  return grouped([...outcomeFindings(all, left.map(({ verdict }) => verdict)), ...told]);
}

interface Left {
  readonly goroutine: Goroutine;
  readonly verdict: Verdict;
}

function explain({ goroutine, verdict }: Left, all: RunIndex): Finding {
  const { cause, evidence } = explanationOf(goroutine, verdict, all);
  const frame = place(goroutine.stack);
  return {
    verdict,
    cause,
    evidence: [...evidence, ...proof(goroutine, verdict, all)],
    goroutines: goroutine.count,
    blocked: { reason: goroutine.waitReason || goroutine.state, function: frame.function, file: frame.file, line: frame.line },
    stack: goroutine.stack,
    ...creatorOf(goroutine, all),
    ...(goroutine.afterFailure ? { afterFailure: true as const } : {}),
    ...optional({ unreachable: goroutine.unreachable, package: all.context.package }),
    ...(all.context.test === undefined ? {} : { test: all.context.test, ...ownCode(frame, all.context) }),
  };
}

/** The tag of what is shown as blocked in the test's own code: mended there, not in what it tests. */
export const ownCode = (shown: Frame, { testsOnly }: DiagnosisContext): Pick<Finding, "testCode"> =>
  isTestCode(shown) && !isStandard(shown) && (testsOnly !== true || isTestFunction(shown.function)) ? { testCode: true } : {};

const creatorOf = (goroutine: Goroutine, all: RunIndex): Pick<Finding, "createdBy" | "calledFrom"> => {
  const createdBy = shownCreator(goroutine);
  const life = goroutine.name === undefined ? undefined : all.life(goroutine.name);
  if (createdBy === undefined) return {};
  const call = callBehind(life, (name) => all.life(name));
  // Of iter.Pull's goroutine the creator that is shown is the call itself.
  return { createdBy, ...optional({ calledFrom: call?.file === createdBy.file && call.line === createdBy.line ? undefined : call }) };
};

interface Explanation {
  readonly cause: Cause;
  readonly evidence: readonly string[];
}

const CUT_SHORT: Explanation = { cause: "unknown", evidence: ["it still had work to do when the scope ended"] };
const WEAKLY: Explanation = { cause: "unknown", evidence: ["it asks a weak pointer for its object, and nothing is collected under control unless the program asks for it: natively it may end by that"] };
const RETRIES: Explanation = { cause: "unknown", evidence: ["its waits are of different lengths, as a retry's are, and were too few to say that it never gives up"] };

function explanationOf(goroutine: Goroutine, verdict: Verdict, all: RunIndex): Explanation {
  if (verdict === "cut-short") return CUT_SHORT;
  if (verdict === "runaway") return runawayOf(goroutine, all);
  if (verdict === "lingering" && goroutine.asksWeak === true && goesOn(goroutine, all)) return WEAKLY;
  if (verdict === "lingering" && goroutine.mayGiveUp === true && goesOn(goroutine, all)) return RETRIES;
  if (isLongAsleep(goroutine, all.outcome)) return { cause: "unknown", evidence: [`it ${goroutine.state === "sleeping" ? "sleeps" : "waits"} for ${formatDuration(goroutine.sleep!)}, beyond the horizon of virtual time: what it does then is not seen`] };
  return causeOf(goroutine, all);
}

/** The first rule with evidence; `unknown` where none has any. */
export function causeOf(goroutine: Goroutine, all: RunIndex): Explanation {
  for (const rule of RULES) {
    const evidence = rule.run(goroutine, all);
    if (evidence) return { cause: rule.code, evidence };
  }
  return { cause: "unknown", evidence: [] };
}

/** What a `leaked` rests on, where it is not the runtime's collection (which `unreachable` says). */
function proof(goroutine: Goroutine, verdict: Verdict, { outcome }: RunIndex): readonly string[] {
  if (verdict === "abandoned") return ["there is no leak collection to ask (Go has one from 1.26; TypeScript needs Node's collector): that nothing else can reach it is not proved"];
  if (verdict !== "leaked" || goroutine.unreachable === true) return [];
  return outcome.kind === "deadlock"
    ? ["the program is deadlocked: nothing in it can run any more"]
    : ["main has returned and every goroutine is blocked: nothing in the process can run any more"];
}

/** A goroutine of the library's alone, started (over any number of steps) by one of the user's that is reported itself. */
function isCompanion(goroutine: Goroutine, left: readonly Left[]): boolean {
  if (goroutine.name === undefined || userFrame(goroutine.stack)) return false;
  return left.some(({ goroutine: other }) => userFrame(other.stack) !== undefined && startedBy(goroutine, other));
}

const startedBy = (goroutine: Goroutine, ancestor: Goroutine): boolean =>
  ancestor.name !== undefined && ancestor.name !== "1" && goroutine.name!.startsWith(`${ancestor.name}.`);

function withCompanions(finding: Finding, goroutine: Goroutine, left: readonly Left[]): Finding {
  if (!userFrame(goroutine.stack)) return finding;
  const companions = left.filter((one) => isCompanion(one.goroutine, left) && startedBy(one.goroutine, goroutine));
  if (companions.length === 0) return finding;
  const packages = [...new Set(companions.map((one) => packageOf(place(one.goroutine.stack).function)))].join(", ");
  return { ...finding, evidence: [...finding.evidence, `${count(companions.length, "goroutine")} of ${packages} that it started ${companions.length === 1 ? "waits" : "wait"} with it`] };
}

/** One finding for each key, in order of appearance; counts added. */
export function grouped(all: readonly Finding[]): readonly Finding[] {
  const groups = new Map<string, Finding>();
  for (const finding of all) {
    const key = sameGroup(finding);
    const before = groups.get(key);
    groups.set(key, before ? joined(before, finding) : finding);
  }
  return [...groups.values()];
}

function joined(a: Finding, b: Finding): Finding {
  const unreachable = a.unreachable === b.unreachable ? a.unreachable : a.unreachable === undefined || b.unreachable === undefined ? undefined : false;
  const { unreachable: _, afterFailure, ...rest } = a;
  return { ...rest, ...(afterFailure && b.afterFailure ? { afterFailure } : {}), goroutines: a.goroutines + b.goroutines, ...optional({ unreachable }) };
}
