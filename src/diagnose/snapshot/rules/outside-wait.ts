import { type SnapshotRule, has, userFrame, weigh } from "../suspect-rule.js";

const ACCEPTS = ["net.(*TCPListener).Accept", "net.(*UnixListener).Accept", "net.(*netFD).accept", "net.(*UDPConn).ReadFrom", "net.(*UDPConn).ReadFromUDP", "net.(*UDPConn).ReadMsgUDP"];

/** Waiting for the network. Servers wait for connections and for idle ones' next request: that is their work. */
export const outsideWait: SnapshotRule = {
  code: "outside-wait",
  doc: "Goroutines of the user's that wait for the network or a pipe, by number and age.",
  look(group, view) {
    if (group.kind !== "io" || has(group, ...ACCEPTS) || !userFrame(group, view)) return undefined;
    const { confidence, evidence } = weigh(group, view);
    // A pipe's other side is a process, a terminal's a person: either may take its time (os/exec's copiers do).
    const file = group.stack.some((f) => f.function.startsWith("os.(*File).")) && !group.stack.some((f) => f.function.startsWith("net."));
    const fact = file ? "waits for a pipe, a terminal or a device" : "waits for the other side of a connection, without a deadline that has passed";
    return { cause: "no-timeout", confidence: file && !view.tests.told(group) ? "low" : confidence, evidence: [fact, ...evidence] };
  },
};
