import type { Cause } from "../../../model/finding/cause.js";
import { servesConnection, type SnapshotRule, softened, userFrame, weigh } from "../suspect-rule.js";

/**
 * A receive that nothing answers. Idle workers look the same, so numbers alone count only where each was started by
 * somebody who is gone; the source line, where it is at hand, says what it waits for.
 */
export const blockedReceive: SnapshotRule = {
  code: "blocked-receive",
  doc: "Goroutines blocked in a channel receive or range; idle workers of a pool look alike and stay a note.",
  look(group, view) {
    if (group.kind !== "receive" || !userFrame(group, view)) return undefined;
    const { cause, fact } = receiveCause(userFrame(group, view)?.source);
    const { confidence, evidence } = weigh(group, view);
    return { cause, confidence: servesConnection(group, view) ? "low" : softened(group, view, confidence), evidence: [fact, ...evidence] };
  },
};

function receiveCause(source: string | undefined): { cause: Cause; fact: string } {
  if (source !== undefined && /\btime\.Tick\(|\.C\b/.test(source)) {
    return { cause: "loop-without-exit", fact: "it wakes up at each tick of a timer, and nothing on that line ends the loop" };
  }
  if (source !== undefined && /\brange\b/.test(source)) {
    return { cause: "range-never-closed", fact: "it ranges over a channel on which nothing has come, and which is not closed" };
  }
  if (source !== undefined && /\.Done\(\)/.test(source)) {
    return { cause: "missing-cancel", fact: "it waits for a context that has not been cancelled" };
  }
  return { cause: "receive-without-sender", fact: "nothing has come on the channel, and it is not closed" };
}
