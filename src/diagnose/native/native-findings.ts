import { optional } from "../../base/optional.js";
import type { Cause } from "../../model/finding/cause.js";
import type { Census, CensusOwner } from "../../model/results/census.js";
import type { Finding } from "../../model/finding/finding.js";
import { isStandard, place, userFrame } from "../../model/source/blame.js";
import { sameGroup } from "../../model/finding/finding-identity.js";
import { canBlock, isGuestOp, type BlockingOp, type GuestOp } from "../../model/run/operation.js";
import type { Goroutine } from "../../model/goroutine/snapshot.js";
import type { Frame } from "../../model/goroutine/stack.js";
import type { DiagnosisContext } from "../run/diagnosis-context.js";
import { causeOf, ownCode } from "../run/findings.js";
import { resourceNotClosed } from "../run/rules/resource-not-closed.js";
import { count, NO_TRACE, runIndex, type RunIndex } from "../run/run-index.js";
import { operationAt } from "../run/syntax.js";
import { isStanding } from "../run/verdict.js";
import { waitingFor } from "../run/wait-operation.js";

/**
 * What the processes of one package's tests left behind, as findings. The order of the questions is the definition:
 *
 * N1. What a test owns counts only once that test is over; the goroutines of init and TestMain are blamed on nobody.
 * N2. The library's standing goroutines (os/signal's loop) are never blamed.
 * N3. `leaked` is a proof: the runtime's collection found that nothing which can still run refers to what it waits for.
 * N4. `abandoned` is what the deep collection found besides: nobody is left who could close what it waits for, though a
 *     packet might come; or only a ticker of its own wakes it, and nobody is left who could end it.
 * N5. Anything else that outlived its test is `lingering`: alive, or not proved.
 * N6. A timer's goroutine (time.AfterFunc) inherits no owner: it is a finding without a test, and only if it is proved.
 */
export function nativeFindings(censuses: readonly Census[], context: DiagnosisContext): readonly Finding[] {
  const groups = new Map<string, Group>();
  for (const census of censuses) {
    const all = runIndex(NO_TRACE, census.snapshot, { kind: "quiescent", exitCode: 0, cutShort: 0 }, context);
    for (const goroutine of [...census.snapshot.goroutines, ...census.outlived]) {
      const owner = goroutine.id === undefined ? undefined : census.ownerOf.get(goroutine.id);
      const finding = judge(goroutine, owner, census, all);
      if (finding === undefined) continue;
      const key = sameGroup(finding);
      const group = groups.get(key) ?? { finding: { ...finding, goroutines: 0 }, owners: new Set() };
      group.finding = { ...group.finding, goroutines: group.finding.goroutines + goroutine.count };
      if (owner) group.owners.add(owner);
      groups.set(key, group);
    }
  }
  const runs = runsOf(censuses);
  return [...groups.values()].map((group) => finish(group, runs)).sort((a, b) => rank(a) - rank(b));
}

/** How often each test ran, in all processes: `--stress` starts several. */
function runsOf(censuses: readonly Census[]): ReadonlyMap<string, number> {
  const runs = new Map<string, number>();
  for (const { test } of censuses.flatMap(({ owners }) => owners)) runs.set(test, (runs.get(test) ?? 0) + 1);
  return runs;
}

interface Group {
  finding: Finding;
  /** The runs of tests that left it. */
  readonly owners: Set<CensusOwner>;
}

const rank = ({ verdict }: Finding): number => (verdict === "lingering" ? 1 : 0);

function judge(goroutine: Goroutine, owner: CensusOwner | undefined, census: Census, all: RunIndex): Finding | undefined {
  const leaked = goroutine.unreachable === true;
  if (isStanding(goroutine)) return undefined; // N2
  if (owner === undefined ? !(leaked && byTimer(goroutine)) : !owner.over) return undefined; // N1, N6
  const frame = pointAt(goroutine);
  const { cause, evidence } = causes(goroutine, all, census);
  const abandoned = isAbandoned(goroutine, census);
  const gone = census.outlived.includes(goroutine);
  const alive = leaked ? [] : abandoned ? [ABANDONED] : gone ? ["it was still there when its test ended, and ended before the process did"] : runs(goroutine) ? ["it outlived its test, and still ran when it was last seen"] : [census.proof ? "it outlived its test; something that can still run refers to what it waits for, or an event outside may wake it" : `${census.goVersion} has no leak collection: it outlived its test, and whether anything can still wake it is not known`];
  return {
    verdict: leaked ? "leaked" : abandoned ? "abandoned" : "lingering",
    cause,
    evidence: [...evidence, ...alive, ...(owner === undefined ? ["a timer started it (time.AfterFunc), so which test it belongs to is not known"] : [])],
    goroutines: goroutine.count,
    blocked: { reason: goroutine.waitReason || goroutine.state, function: frame.function, file: frame.file, line: frame.line },
    stack: goroutine.stack,
    ...optional({ createdBy: goroutine.createdBy }),
    ...(leaked ? { unreachable: true } : {}),
    package: census.package,
    ...(owner === undefined ? {} : { test: owner.test }),
    ...ownCode(frame, all.context),
  };
}

/** Where to point: the user's innermost frame; of a library's goroutine the user's `go` statement, if it was theirs. */
function pointAt({ stack, createdBy }: Goroutine): Frame {
  return userFrame(stack) ?? (createdBy !== undefined && !isStandard(createdBy) ? createdBy : place(stack));
}

const isAbandoned = ({ id, unreachable }: Goroutine, { abandoned }: Census): boolean => unreachable !== true && id !== undefined && abandoned.has(id);

const runs = ({ state }: Goroutine): boolean => state === "runnable" || state === "running";

const ABANDONED = "nobody who can still run refers to what it waits for: it goes on only if a packet comes or its ticker ticks, and nobody can end it";

const byTimer = ({ createdBy }: Goroutine): boolean => createdBy?.function === "time.goFunc";

function causes(goroutine: Goroutine, all: RunIndex, census: Census): { readonly cause: Cause; readonly evidence: readonly string[] } {
  const { blockedOn: _, ...seen } = goroutine; // an address of a dump is no object of a trace
  const kept = userFrame(seen.stack) === undefined ? resourceNotClosed.run(seen, all) : undefined;
  if (kept) return { cause: "resource-not-closed", evidence: kept };
  const found = causeOf(seen, all);
  const op = waitingFor(goroutine);
  if (found.cause !== "unknown") return found;
  if (isAbandoned(goroutine, census) && (op === "select" || op === "recv")) return { cause: "loop-without-exit", evidence: [] };
  if (goroutine.unreachable !== true) return found;
  if (op === "recv" && operationAt(all.context, place(goroutine.stack), ["range", "receive"])?.kind === "range") return proved("range-never-closed", "close it");
  const known = op === undefined || !canBlock(op) || !isGuestOp(op) ? undefined : PROVED[op];
  return known === undefined ? found : proved(...known);
}

/** The collection proves that nobody is left to do the other half; which one it was, it does not say. Of a lock it does not say who held it. */
const PROVED: Readonly<Record<BlockingOp & GuestOp, readonly [Cause, string] | undefined>> = {
  send: ["send-without-receiver", "receive from it"],
  recv: ["receive-without-sender", "send on it or close it"],
  select: ["select-without-ready-case", "make one of its cases ready"],
  wgwait: ["waitgroup-mismatch", "call Done"],
  condwait: ["cond-never-signalled", "signal it"],
  lock: undefined,
  rlock: undefined,
  wlock: undefined,
  wacquire: undefined,
  once: undefined,
  semacquire: undefined,
  sleep: undefined,
  netread: undefined,
  netwrite: undefined,
  netrecv: undefined,
  netsend: undefined,
  netaccept: undefined,
};

const proved = (cause: Cause, half: string) => ({ cause, evidence: [`no goroutine that can still run is able to ${half}`] });

function finish({ finding, owners }: Group, all: ReadonlyMap<string, number>): Finding {
  // In the order in which they began, which does not change from run to run, as that of parallel tests' goroutines does.
  const [first, ...others] = [...new Set([...owners].sort((a, b) => a.id - b.id).map(({ test }) => test))];
  const runs = all.get(first ?? "") ?? 0;
  const left = [...owners].filter(({ test }) => test === first).length;
  const often = runs > 1 ? [`left by ${left} of ${runs} runs of ${first}`] : [];
  const more = others.length === 0 ? [] : [`also left by ${others.slice(0, 3).join(", ")}${others.length > 3 ? ` and ${count(others.length - 3, "other test")}` : ""}`];
  return { ...finding, ...optional({ test: first }), evidence: [...finding.evidence, ...often, ...more] };
}
