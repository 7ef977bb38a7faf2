import type { FixCandidate, Way } from "../../model/fix.js";

/** What a patch of each way does, and what is another way afterwards: sentences. */
export const WAY_WORDS: Readonly<Record<Way, { readonly does: (facts: FixCandidate["facts"]) => string; readonly changes: string }>> = {
  buffer: {
    does: ({ channel = "the channel", room = "" }) => `${channel} gets room for ${room === "1" ? "1 value" : `${room} values`}, as many as are sent: no send waits`,
    changes: "a send is over before its value is received; a value that nobody receives stays in the channel and goes with it",
  },
};
