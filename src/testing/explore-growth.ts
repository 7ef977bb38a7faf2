import type { Examination } from "../model/results/examination.js";
import type { Finding } from "../model/finding/finding.js";
import { at } from "../model/source/blame.js";
import { FEWEST, repeatBody, type GrownThing, type Repeated, type RepeatOptions } from "./growth/repeat.js";

/** A body that is repeated instead of explored: what grows with each repetition is a finding. */
export async function examineGrowth(body: () => unknown, names: { readonly name: string; readonly package: string }, options: RepeatOptions): Promise<Examination> {
  const start = performance.now();
  const repeated = await repeatBody(body, options);
  if (repeated.failure !== undefined) throw repeated.failure.error; // the test's own
  return {
    ...names,
    coverage: { schedules: 1, complete: false, bounds: [], depth: 0, milliseconds: Math.round(performance.now() - start), native: true },
    outcome: repeated.repetitions < FEWEST ? "unsupported" : "passed",
    findings: repeated.grown.map((thing) => growthFinding(thing, repeated.repetitions, names)),
    limits: limitsOf(repeated),
  };
}

function limitsOf({ repetitions, cutShort }: Repeated): readonly string[] {
  if (repetitions < FEWEST) return [`${repetitions} repetitions are too few: fewer than ${FEWEST} show nothing${cutShort ? ", and the time ended (raise budget)" : ""}`];
  return cutShort ? [`the time ended after ${repetitions} repetitions: what is bounded by more than that is told as growing (raise budget)`] : [];
}

/** As a finding: `repetitions` were done. */
export function growthFinding({ kind, what, stack, user, count, each }: GrownThing, repetitions: number, { name, package: path }: { readonly name: string; readonly package: string }): Finding {
  const [top] = stack;
  const inside = top !== undefined && top.file.includes("/node_modules/") ? [`added at ${at(top)}`] : [];
  return {
    verdict: "grows",
    cause: "unknown",
    message: each === true ? `${count} ${what}` : `${what}; ${count} after ${repetitions} repetitions`,
    evidence: [each === true ? EACH : `${eachLeft(count, repetitions)}, and none of these has gone${kind === "timer" || kind === "handle" ? "" : " when all timers had fired"}`, ...inside],
    goroutines: count,
    blocked: { reason: what, function: user.function, file: user.file, line: user.line },
    stack,
    package: path,
    test: name,
  };
}

const EACH = "each call there leaves one more, and none has been removed when the function ends; it is more than the target's maximum (setMaxListeners)";

function eachLeft(count: number, repetitions: number): string {
  if (count % repetitions === 0) return `each left ${count === repetitions ? "one" : count / repetitions}`;
  return count < repetitions ? "each but the first left one" : `each left ${(count / repetitions).toFixed(1)} in the mean`;
}
