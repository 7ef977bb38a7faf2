import assert from "node:assert/strict";
import { test } from "node:test";
import { causesAre, diagnosed, said } from "../../testing/diagnosed.js";

causesAre([
  {
    name: "no-timeout: http.Get is waiting outside, with the goroutines of the library that it started (row 23)",
    run: `1 starts 1.1 main.get at a.go:1
          1.1 starts 1.1.1 net/http.(*Transport).dialConnFor at transport.go:1
          1.1.1 starts 1.1.1.1 net/http.(*persistConn).readLoop at transport.go:2
          1.1 left select recv:a at transport.go:9 in net/http.(*persistConn).roundTrip < net/http.Get client.go:1 < main.get a.go:5 : unreachable
          1.1.1.1 left recv n at net.go:1 in net.(*conn).Read < net/http.(*persistConn).readLoop transport.go:2 : unreachable`,
    want: ["waiting-outside no-timeout x1"],
    evidence: ["net/http.Get, called at a.go:5, waits for the other side; no timer is set that would end the wait", "1 goroutine of net/http that it started waits with it"],
  },
  {
    name: "a net.Pipe is within the process: no wait for the outside",
    run: `1 starts 1.1 main.f at a.go:1
          1.1 left select recv:a recv:b at pipe.go:9 in net.(*pipe).read < net.(*pipe).Read pipe.go:1 < main.f a.go:5 : unreachable`,
    want: ["leaked resource-not-closed x1"],
    evidence: ["a net.Pipe's reader or writer goes on when the other end is used or closed", "it was started by main"],
  },
  {
    name: "a sql.DB's free connection is within the process, too; a driver that dials is not",
    run: `1 starts 1.1 main.f at a.go:1
          1 starts 1.2 main.g at a.go:2
          1.1 left select recv:a at sql.go:9 in database/sql.(*DB).conn < database/sql.(*DB).Query sql.go:1 < main.f a.go:5 : unreachable
          1.2 left select recv:b at dial.go:9 in net.(*Dialer).Dial < database/sql.(*DB).conn sql.go:1 < main.g a.go:6 : unreachable`,
    want: ["leaked resource-not-closed x1", "waiting-outside no-timeout x1"],
    evidence: ["it waits for a connection of the sql.DB, and all that it may open are in use: one is free again when its Rows, Tx or Conn is closed", "it was started by main"],
  },
  {
    name: "resource-not-closed: a connection's goroutines alone are one finding",
    run: `1.1.1 starts 1.1.1.1 net/http.(*persistConn).readLoop at transport.go:2
          1.1.1 starts 1.1.1.2 net/http.(*persistConn).writeLoop at transport.go:2
          1.1.1.1 left recv n at net.go:1 in net.(*conn).Read < net/http.(*persistConn).readLoop transport.go:2 : unreachable
          1.1.1.2 left select recv:w at transport.go:7 in net/http.(*persistConn).writeLoop : unreachable`,
    want: ["leaked resource-not-closed x1 so x1"],
  },
  {
    name: "resource-not-closed: the handshake of a QUIC connection waits for its owner, not for the network",
    run: `1.1 starts 1.1.1 crypto/tls.(*QUICConn).Start at quic.go:1
          1.1.1 left send c at quic.go:2 in crypto/tls.(*Conn).quicWaitForSignal < crypto/tls.(*Conn).HandshakeContext conn.go:3 : unreachable`,
    want: ["leaked resource-not-closed x1"],
  },
  {
    name: "resource-not-closed: a body that was neither read nor closed, by who got the answer, though a context would end it, too",
    run: `1 starts 1.1 main.get at a.go:1
          1.1 starts 1.1.1 net/http.(*Transport).dialConnFor at transport.go:1
          1.1.1 starts 1.1.1.1 net/http.(*persistConn).readLoop at transport.go:2
          1.1.1 starts 1.1.1.2 net/http.(*persistConn).writeLoop at transport.go:2
          1.1.1.1 > 1.1 answer at transport.go:3, a.go:5
          1.1.1.1 left select recv:body recv:done recv:closed at transport.go:4 in net/http.(*persistConn).readLoop : unreachable
          1.1.1.2 left select recv:w recv:closed at transport.go:7 in net/http.(*persistConn).writeLoop : unreachable
          1.1 ends`,
    want: ["leaked resource-not-closed x1 so x1"],
    evidence: ["it waits until the body of the answer that goroutine 1.1 (main.get) got at a.go:5 is read to its end or closed, and neither was done"],
  },
]);

test("the two ends of a connection within the process are one finding: who reads waits for who wrote there before", () => {
  const found = diagnosed(`1 starts 1.1 main.server at a.go:1
    1 starts 1.2 main.client at a.go:2
    1.2 netwrite up at a.go:5
    1.1 netread up at a.go:4
    1.1 left netread up at net.go:1 in net.(*conn).Read < main.server a.go:4 : reachable
    1.2 left netread down at net.go:1 in net.(*conn).Read < main.client a.go:6 : reachable`, undefined, { closedWorld: false, test: "TestX", package: "p" });
  assert.deepEqual(said(found), ["waiting-outside no-timeout x1 so x1"]);
  assert.equal(found[0]!.blocked.line, 6, "the client's end, which nobody closed, is the root");
  assert.equal(found[0]!.consequences![0]!.why, "waits for goroutine 1.2 (main.client) at the other end of the connection, which wrote there before (a.go:5)");
});
