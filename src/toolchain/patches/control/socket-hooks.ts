import { MULTICAST } from "../../../model/run/trace.js";
import type { Patch } from "../../overlay/patch.js";
import { enter } from "./hook.js";

/** go/net/net_fake.go takes the place of Go's own. */
export function socketHooks(): readonly Patch[] {
  const taken = "if fd.fakeNetFD != nil { return nil }";
  return [
    ...["setKeepAlive"].map((name) => enter("net/sockopt_fake.go", name, taken, "an option of a socket that has none of it, as Linux takes it")),
    ...["setNoDelay", "setKeepAliveIdle", "setKeepAliveInterval", "setKeepAliveCount"].map((name) =>
      enter("net/tcpsockopt_stub.go", name, taken, "an option of a socket that has none of it, as Linux takes it"),
    ),
    enter("net/interface_stub.go", "interfaceTable", "if true { return unparkInterfaces(ifindex), nil }", "the machine has a loopback interface"),
    enter("net/interface_stub.go", "interfaceAddrTable", "if true { return unparkInterfaceAddrs(ifi), nil }", "the machine has a loopback interface"),
    enter("net/udpsock_posix.go", "(*sysListener).listenMulticastUDP", `unparkStub("${MULTICAST}")`, "there are no groups: it fails below; who asks for one is told of, for the test may say only that nothing came"),
    enter(
      "net/dnsclient_unix.go",
      "(*Resolver).tryOneName",
      'if true { return dnsmessage.Parser{}, "", newDNSError(errNoSuchHost, name, "") }',
      "no server answers: names are those of /etc/hosts",
    ),
    enter("syscall/syscall_wasip1.go", "Errno.Error", 'if s := unparkErrorText(e); s != "" { return s }', "tests compare errors with the words of Linux"),
    enter(
      "runtime/runtime2.go",
      "waitReason.isSyncWait",
      "if w == waitReasonIOWait { return true }",
      "a goroutine that waits for a connection (unpark_net.go) waits for whoever holds it",
      { since: "1.26" },
    ),
    enter(
      "runtime/mgcmark.go",
      "(*g).internalBlocked",
      "if gp.waitreason == waitReasonIOWait && gp.waiting != nil { return false }",
      "nobody outside can wake it",
      { since: "1.26" },
    ),
    enter(
      "runtime/mgc.go",
      "(*g).isMaybeRunnable",
      "if readgstatus(gp) == _Gwaiting && gp.waitreason == waitReasonIOWait && gp.waiting != nil { return isMarkedOrNotInHeap(gp.waiting.elem.get()) }",
      "it can go on if anybody can get at the connection",
      { since: "1.26" },
    ),
  ];
}

/** go/syscall/unpark_socket.go, go/net/unpark_raw.go: sockets by number, as options and RawConn have them. */
export function rawSocketHooks(): readonly Patch[] {
  const file = "syscall/net_wasip1.go";
  const of = (name: string, text: string, path = file): Patch => enter(path, name, `if s := unparkSocket(fd); s != nil { ${text} }`, "a socket that has a number (RawConn)");
  const raw = (name: string, text: string): Patch => enter("net/rawconn.go", `(*rawConn).${name}`, `if c.ok() && c.fd.fakeNetFD != nil { return ${text} }`, "sockets are package net's own, and have no descriptor");
  return [
    of("GetsockoptInt", "return unparkGetInt(s, level, opt)"),
    of("SetsockoptInt", "return unparkError(s.UnparkSetOption(level, opt, unparkBytes(value)))"),
    of("Recvfrom", "n, _, _, from, err := unparkRecvmsg(s, p, nil, flags); return n, from, err"),
    of("Recvmsg", "return unparkRecvmsg(s, p, oob, flags)"),
    of("Sendto", "_, err := unparkSendmsg(s, p, nil, to); return err"),
    of("SendmsgN", "return unparkSendmsg(s, p, oob, to)"),
    of("Read", "n, _, _, _, err := unparkRecvmsg(s, b, nil, 0); return n, err", "syscall/fs_wasip1.go"),
    of("Write", "n, err := unparkSendmsg(s, b, nil, nil); if err != nil { n = -1 }; return n, err", "syscall/fs_wasip1.go"),
    raw("Control", "c.unparkControl(f)"),
    raw("Read", "c.unparkRead(f)"),
    raw("Write", "c.unparkWrite(f)"),
    { file: "syscall/net_fake.go", edit: { kind: "replace", old: "\tAF_INET6\n", new: "\tAF_INET6 = 10\n" }, why: "numbers of linux, which stand in addresses" },
    { file: "syscall/net_fake.go", edit: { kind: "replace", old: "IPV6_V6ONLY\n\tSO_ERROR\n", new: "_\n)\n\nconst (\n\tIPV6_V6ONLY = 26\n\tSO_ERROR    = 4\n" }, why: "numbers of linux, which options are asked for by" },
  ];
}
