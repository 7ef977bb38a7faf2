import type { Cause } from "../../model/cause.js";
import type { GoroutineGroup } from "../../model/goroutine-group.js";
import { type Judgement, type SnapshotRule, userFrame, weigh } from "./suspect-rule.js";

/** A send or a receive on a nil channel, a select without cases: the language itself says that it never goes on. */
export const neverReady: SnapshotRule = {
  code: "never-ready",
  doc: "An operation that can never go on: a nil channel, an empty select outside main.",
  look(group, view) {
    if (group.waitReason.endsWith("(nil chan)")) {
      return { cause: "nil-channel", confidence: "proved", evidence: ["the channel is nil: an operation on it blocks for ever", ...weigh(group, view).evidence] };
    }
    if (group.waitReason !== "select (no cases)" || group.stack.some((f) => f.function === "main.main")) return undefined;
    const { confidence, evidence } = weigh(group, view);
    return { cause: "select-without-cases", confidence, evidence: ["`select {}` blocks for ever", ...evidence] };
  },
};

/** A send that nobody takes. A healthy receiver is slow for moments, not for minutes. */
export const blockedSend: SnapshotRule = {
  code: "blocked-send",
  doc: "Goroutines blocked in a channel send, by number and age; the snapshot does not show who should receive.",
  look(group, view) {
    if (group.kind !== "send") return undefined;
    const { confidence, evidence } = weigh(group, view);
    return { cause: "send-without-receiver", confidence, evidence };
  },
};

/**
 * A receive that nothing answers. Idle workers look the same, so numbers alone count only where each was started by
 * somebody who is gone; the source line, where it is at hand, says what it waits for.
 */
export const blockedReceive: SnapshotRule = {
  code: "blocked-receive",
  doc: "Goroutines blocked in a channel receive or range; idle workers of a pool look alike and stay a note.",
  look(group, view) {
    if (group.kind !== "receive" || isTestRunner(group) || !userFrame(group, view)) return undefined;
    const { cause, fact } = receiveCause(userFrame(group, view)?.source);
    const { confidence, evidence } = weigh(group, view);
    return { cause, confidence: softened(confidence), evidence: [fact, ...evidence] };
  },
};

function receiveCause(source: string | undefined): { cause: Cause; fact: string } {
  if (source !== undefined && /\brange\b/.test(source)) {
    return { cause: "range-never-closed", fact: "it ranges over a channel that is neither sent to nor closed" };
  }
  if (source !== undefined && /\.Done\(\)/.test(source)) {
    return { cause: "missing-cancel", fact: "it waits for a context that nobody has cancelled" };
  }
  return { cause: "receive-without-sender", fact: "blocked receiving: nobody sends to the channel, and nobody has closed it" };
}

/** A select of which no case is ready. Servers' loops look like this for their whole life: age alone says nothing. */
export const blockedSelect: SnapshotRule = {
  code: "blocked-select",
  doc: "Goroutines of the user's blocked in a select, by number; loops that live as long as the program stay quiet.",
  look(group, view): Judgement | undefined {
    if (group.kind !== "select" || group.waitReason === "select (no cases)" || !userFrame(group, view)) return undefined;
    const { confidence, evidence } = weigh(group, view);
    if (group.count < view.many) return undefined;
    return { cause: "select-without-ready-case", confidence: softened(confidence), evidence: ["no case of the select is ready", ...evidence] };
  },
};

/** One step less sure: a pool of idle workers is many goroutines that have waited for long, too. */
const softened = (confidence: ReturnType<typeof weigh>["confidence"]): Judgement["confidence"] =>
  confidence === "high" ? "medium" : confidence === "medium" ? "low" : confidence;

/** `testing` waits for its tests. */
const isTestRunner = (group: GoroutineGroup): boolean => group.stack.some((f) => f.function.startsWith("testing.(*"));

