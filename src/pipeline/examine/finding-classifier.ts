import { findings } from "../../diagnose/run/findings.js";
import type { DiagnosisContext } from "../../diagnose/run/diagnosis-context.js";
import { NO_TRACE } from "../../diagnose/run/run-index.js";
import type { RunObservation } from "../../explore/exploration.js";
import type { RunEnd } from "../../explore/strategy.js";
import { sameDefect } from "../../model/finding/finding-identity.js";
import type { Finding } from "../../model/finding/finding.js";
import { cameToRest, type Outcome } from "../../model/run/outcome.js";
import type { Run } from "../../model/run/program.js";
import type { Snapshot } from "../../model/goroutine/snapshot.js";
import { EndedGoroutines } from "./ended-goroutines.js";
import { underFault } from "./under-fault.js";

/**
 * What is found at the end of each of many runs, without their traces: only verdicts and places count here, causes are
 * found when the finding is replayed.
 *
 * J1. A run whose end looks like one that was judged before (same outcome, same goroutines blocked in the same
 *     operations on the same objects) is not looked at again: stacks and the leak collection cost more than the run.
 * J2. What shows where the clock moved early, where something went wrong that need not, or where the test has failed (before or
 *     after), has a key of its own: `withoutNeedless` adds it to what shows without that, too.
 */
export class FindingClassifier {
  readonly #context: DiagnosisContext;
  readonly #read: (run: Run) => Snapshot | Promise<Snapshot>;
  readonly #seen = new Map<string, readonly RunObservation<Finding>[]>();

  constructor(context: DiagnosisContext, read: (run: Run) => Snapshot | Promise<Snapshot> = (run) => run.goroutines()) {
    this.#context = context;
    this.#read = read;
  }

  /** Which goroutines were gone at the end of which runs. */
  readonly ended = new EndedGoroutines();

  judge(end: RunEnd): readonly RunObservation<Finding>[] | Promise<readonly RunObservation<Finding>[]> {
    const { outcome } = end;
    if (outcome === undefined) return [];
    this.ended.add(end);
    const parked = end.run.parked?.() ?? [];
    if (parked.length === 0 && isClean(end, outcome)) return [];
    const stalled = end.stalls > 0;
    const faults = end.run.wentWrong?.() ?? [];
    const faulted = faults.length > 0;
    const after = end.run.afterFailure?.();
    const needs = { stall: stalled ? (isLong(end) ? LONG_STALL : STALL) : "", failed: after === undefined ? "" : FAILED, fault: faulted ? FAULT : "" };
    const looks = `${signature(end, outcome, parked)}${faults.includes("silent") ? " silent" : ""}${needs.stall}${needs.fault}${after === undefined ? "" : ` failed ${after.join(" ")}`}`;
    const known = this.#seen.get(looks);
    if (known) return known;
    const snapshot = cameToRest(outcome) ? this.#read(end.run) : NOTHING_LEFT;
    const keep = (read: Snapshot): readonly RunObservation<Finding>[] => {
      const all = findings(NO_TRACE, read, outcome, this.#context);
      return this.#keep(looks, underFault(all, outcome, faults), needs);
    };
    return snapshot instanceof Promise ? snapshot.then(keep) : keep(snapshot);
  }

  #keep(looks: string, all: readonly Finding[], needs: Needs): readonly RunObservation<Finding>[] {
    const found = all
      // What main's return cuts short differs from schedule to schedule; the natural one tells it (examine.ts).
      .filter(({ verdict }) => verdict !== "cut-short")
      .map((value) => ({
        key: `${sameDefect(value)}${needs.stall}${value.afterFailure ? AFTER : needs.failed}${needs.fault}`,
        value: { ...value, ...(needs.stall === "" ? {} : { needsStall: true as const }), ...(needs.stall === LONG_STALL ? { needsLongStall: true as const } : {}), ...(needs.fault === "" ? {} : { needsFault: true as const }) },
      }));
    const once = found.filter(({ key }, i) => found.findIndex((other) => other.key === key) === i);
    this.#seen.set(looks, once);
    return once;
  }
}

const STALL = "|stall";
/** The clock moved by more than a machine stalls for. */
const LONG_STALL = "|long-stall";
const FAULT = "|fault";
/** The test fails in the same run; or had failed before. */
const FAILED = "|failed";
const AFTER = "|after";

interface Needs {
  readonly stall: string;
  readonly failed: string;
  readonly fault: string;
}

/** The least needed first: a fault may happen to every program, a machine that stalls to few. No one's end is a later one's. */
const NEEDS = ["", STALL, LONG_STALL].flatMap((stall) => ["", FAILED, AFTER].flatMap((failed) => ["", FAULT].map((fault) => `${stall}${failed}${fault}`)));

const needsOf = (key: string): string => NEEDS.findLast((needs) => key.endsWith(needs))!;

/** The key of the same found without what it needed. */
export const bareKey = (key: string): string => key.slice(0, key.length - needsOf(key).length);

/** Of two runs that show the same: one in which the test does not fail, or later, shows it as well as the other does. */
export const failsNoEarlier = (key: string, than: string): boolean => failures(key) <= failures(than);

/** The shorter of two runs' stalls, or as long. */
export const stallsNoLonger = (key: string, than: string): boolean => stalls(key) <= stalls(than);

const stalls = (key: string): number => [STALL, LONG_STALL].findIndex((one) => needsOf(key).startsWith(one)) + 1;

/** An hour in which a goroutine could go on and did not, as of a suite's own time-out: no machine stalls for so long. */
export const isLong = ({ longestStall }: Pick<RunEnd, "longestStall">): boolean => longestStall > LONGEST_STALL;
/** Nanoseconds. */
const LONGEST_STALL = 600e9;

const failures = (key: string): number => [FAILED, AFTER].findIndex((one) => needsOf(key).includes(one)) + 1;

/** In every run that shows it the test fails, too. */
export const failsToo = (key: string): boolean => failures(key) > 0;

/** J2: what shows with less, too, is one finding, seen in all of these schedules. */
export function withoutNeedless<T extends { readonly key: string; readonly seen: number }>(found: readonly T[]): readonly T[] {
  const seen = new Map<string, number>();
  const least = new Map<string, number>();
  for (const { key, seen: times } of found) {
    const bare = bareKey(key);
    seen.set(bare, (seen.get(bare) ?? 0) + times);
    least.set(bare, Math.min(least.get(bare) ?? Infinity, NEEDS.indexOf(needsOf(key))));
  }
  return found
    .filter(({ key }) => NEEDS.indexOf(needsOf(key)) === least.get(bareKey(key)))
    .map((one) => ({ ...one, seen: seen.get(bareKey(one.key))! }));
}

export const NOTHING_LEFT: Snapshot = { provenance: { source: "", how: "run" }, goroutines: [], losses: [] };

/** The common case, decided without a look at the world: the scope is over and nobody of it is left. */
function isClean({ pending }: RunEnd, outcome: Outcome): boolean {
  return outcome.kind === "quiescent" && outcome.exitCode === 0 && pending.every((one) => one.goroutine?.startsWith("0.") ?? true);
}

function signature({ pending }: RunEnd, outcome: Outcome, parked: readonly string[]): string {
  const left = pending.flatMap(({ goroutine, op, accesses, alternatives }) =>
    goroutine === undefined || goroutine.startsWith("0.")
      ? []
      : [`${goroutine} ${op} ${alternatives.length > 0 ? "+" : ""}${accesses.map(({ object }) => object).join(",")}`],
  );
  return [ended(outcome), ...left.sort(), ...parked].join(";");
}

function ended(outcome: Outcome): string {
  switch (outcome.kind) {
    case "quiescent":
    case "exit":
      return `${outcome.kind} ${outcome.exitCode}`;
    case "horizon":
      return `${outcome.kind} ${outcome.scopeOver}`;
    case "runaway":
      return `${outcome.kind} ${outcome.goroutine}`;
    case "panic":
      return `${outcome.kind} ${outcome.message} ${outcome.stack.map(({ file, line }) => `${file}:${line}`).join(" ")}`;
    default:
      return outcome.kind;
  }
}
