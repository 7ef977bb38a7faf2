import { type SnapshotRule, userFrame, weigh } from "../suspect-rule.js";

/** A send or a receive on a nil channel, a select without cases: the language itself says that it never goes on. */
export const neverReady: SnapshotRule = {
  code: "never-ready",
  doc: "An operation that can never go on: a nil channel, an empty select outside main.",
  look(group, view) {
    if (group.waitReason === "chan receive (nil chan)" && waitsForBackground(userFrame(group, view)?.source, userFrame(group, view) === undefined)) {
      // The channel of a context that nothing can cancel is nil (context.Background().Done()).
      const { confidence, evidence } = weigh(group, view);
      return { cause: "nil-channel", confidence: group.count >= 5 * view.many && confidence !== "low" ? "medium" : "low", evidence: ["the channel is nil, as a context's is that cannot be cancelled: it waits for as long as the program runs", ...evidence] };
    }
    if (group.waitReason.endsWith("(nil chan)")) {
      return { cause: "nil-channel", confidence: "proved", evidence: ["the channel is nil: an operation on it blocks for ever", ...weigh(group, view).evidence] };
    }
    if (group.waitReason !== "select (no cases)" || group.stack.some((f) => f.function === "main.main")) return undefined;
    const { confidence, evidence } = weigh(group, view);
    return { cause: "select-without-cases", confidence, evidence: ["`select {}` blocks for ever", ...evidence] };
  },
};

/** In a library, a receive on a nil channel is hardly a mistake that nobody has seen. */
const waitsForBackground = (source: string | undefined, libraryOnly: boolean): boolean => libraryOnly || (source !== undefined && /\.Done\(\)/.test(source));
