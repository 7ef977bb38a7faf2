import { countOf, has, type SnapshotRule, weigh } from "../suspect-rule.js";

/**
 * After the answer's head, readLoop waits in a select until the body was read or closed (transport.go, "bodyEOF").
 * Idle connections wait in IO instead, and calls under way have a roundTrip each: what is left over is unclosed bodies.
 */
export const unclosedBody: SnapshotRule = {
  code: "unclosed-body",
  doc: "Connections of an HTTP client whose answer's body was neither read to its end nor closed.",
  look(group, view) {
    if (group.kind !== "select" || group.stack[0]?.function !== "net/http.(*persistConn).readLoop") return undefined;
    const loops = countOf(view.groups, (g) => g.kind === "select" && g.stack[0]?.function === "net/http.(*persistConn).readLoop");
    const reading = countOf(view.groups, (g) => has(g, "net/http.(*bodyEOFSignal).Read"));
    const left = loops - reading;
    if (left <= 0) return undefined;
    const { confidence, evidence } = weigh(group, view);
    return {
      cause: "resource-not-closed",
      confidence,
      evidence: [`${left} answers were received whose body nobody reads or has closed (resp.Body.Close)`, ...evidence],
    };
  },
};
