import type { Finding } from "../../model/finding/finding.js";
import type { Goroutine } from "../../model/goroutine/snapshot.js";
import type { Outcome } from "../../model/run/outcome.js";
import { at, isStandard, place, shortSymbol, userFrame } from "../../model/source/blame.js";
import { parseDump } from "../../parse/parse.js";

/** How the runtime ends a synctest bubble in which everybody waits for somebody of the bubble (runtime/synctest.go, synctestRun). */
const ENDED = /\bdeadlock: (?:main bubble goroutine has exited but blocked goroutines remain|all goroutines in bubble are blocked)/;

/** At most so many are named. */
const NAMED = 4;

/**
 * The panic of a bubble says nothing of who is blocked in it. The runtime prints their stacks behind it, and nothing can be asked
 * of a process that has ended: so they are read from what the run printed.
 */
export function namingBlocked(findings: readonly Finding[], outcome: Outcome, output: string): readonly Finding[] {
  if (outcome.kind !== "panic" || !ENDED.test(outcome.message)) return findings;
  const blocked = blockedInBubble(output);
  if (blocked.length === 0) return findings;
  const named = [...blocked.slice(0, NAMED), ...(blocked.length > NAMED ? [`and ${blocked.length - NAMED} more places`] : [])];
  return findings.map((one) => (one.verdict === "panics" ? { ...one, evidence: [...one.evidence, ...named] } : one));
}

/** A sentence for each place. */
function blockedInBubble(output: string): readonly string[] {
  const parsed = parseDump(Buffer.from(output), { source: "output" });
  if (!parsed.ok) return [];
  const all = parsed.value.snapshots.flatMap(({ goroutines }) => goroutines).filter(({ bubble, state, stack }) => bubble !== undefined && state === "waiting" && userFrame(stack) !== undefined);
  const places = new Map<string, number>();
  for (const one of all) places.set(placeOf(one), (places.get(placeOf(one)) ?? 0) + one.count);
  return [...places].map(([place, count]) => `${count === 1 ? "1 goroutine is" : `${count} goroutines are`} blocked in the bubble in ${place}, and nobody outside can wake ${count === 1 ? "it" : "them"}`);
}

function placeOf({ stack, waitReason, createdBy }: Goroutine): string {
  const frame = place(stack);
  const by = createdBy === undefined || isStandard(createdBy) ? "" : `, started at ${at(createdBy)}`;
  return `${shortSymbol(frame.function)} (${waitReason} at ${at(frame)}${by})`;
}
