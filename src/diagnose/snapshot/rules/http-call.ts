import { has, type SnapshotRule, userFrame, weigh } from "../suspect-rule.js";

export const ROUND_TRIP = ["net/http.(*persistConn).roundTrip", "net/http.(*http2ClientConn).roundTrip", "net/http.(*http2clientStream).doRequest"];

/** A call to another service that has no answer. Whether the client has a timeout cannot be seen; its number and age can. */
export const httpCall: SnapshotRule = {
  code: "http-call",
  doc: "HTTP calls that wait for an answer, by number and age.",
  look(group, view) {
    if (!has(group, ...ROUND_TRIP) && !(has(group, "net/http.(*Transport).roundTrip", "net/http.(*Transport).RoundTrip") && group.kind !== "running")) return undefined;
    const { confidence, evidence } = weigh(group, view);
    const caller = userFrame(group, view);
    return {
      cause: "no-timeout",
      confidence: view.profile && group.count < 10 * view.many && confidence === "medium" ? "low" : confidence, // a busy client has some dozens under way
      evidence: ["waits for another service's answer; a client without a timeout waits for ever", ...evidence],
      ...(caller ? { blamed: caller } : {}),
    };
  },
};
