import type { GoroutineGroup } from "../../../model/goroutine/goroutine-group.js";
import { type SnapshotRule, has, userFrame, type View, weigh } from "../suspect-rule.js";

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
    const quiet = (file || waitsForPeer(group, view)) && !view.tests.told(group);
    return { cause: "no-timeout", confidence: quiet ? "low" : confidence, evidence: [fact, ...evidence] };
  },
};

/**
 * A read from a connection that stands lasts until the other side says something: streams, sockets and sessions are open
 * for hours, and there is one such goroutine for each. It stands out where those that started them are gone, and nobody
 * else serves the same connection (a reader mostly has a writer, started by the same call).
 */
function waitsForPeer(group: GoroutineGroup, view: View): boolean {
  if (!group.stack.some((f) => READS.test(f.function)) || group.stack.some((f) => OPENS.test(f.function))) return false;
  if (view.profile) return group.count < 10 * view.many;
  if (!view.timed) return false;
  const parents = new Set(group.goroutines.map(({ createdBy }) => createdBy?.id));
  if (parents.size === 1) return true; // an accept loop, or the set-up
  const partners = view.groups.find((other) => other !== group && other.count * 2 >= group.count && other.count <= group.count * 2 && other.kind !== "running" && userFrame(other, view) !== undefined && startedBeside(other, parents));
  return partners !== undefined;
}
const READS = /^net\.\(\*(?:conn|netFD)\)\.Read$|^net\/http\.\(\*(?:body|bodyEOFSignal)\)\.Read$|^crypto\/tls\.\(\*Conn\)\.Read$/;
const OPENS = /^crypto\/tls\.\(\*Conn\)\.(?:Handshake|handshakeContext|HandshakeContext)|\.(?:Dial|DialContext|dial)$/;

const startedBeside = ({ goroutines, count }: GoroutineGroup, parents: ReadonlySet<number | undefined>): boolean =>
  goroutines.filter(({ createdBy }) => createdBy?.id !== undefined && parents.has(createdBy.id)).length * 2 >= count;
