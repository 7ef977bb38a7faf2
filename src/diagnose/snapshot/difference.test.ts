import assert from "node:assert/strict";
import { test } from "node:test";
import type { Snapshot } from "../../model/goroutine/snapshot.js";
import { parseBytes } from "../../parse/parse.js";
import { difference } from "./difference.js";

const ACCEPT = "internal/poll.(*FD).Accept(0x1)\n\t/usr/local/go/src/internal/poll/fd_unix.go:613 +0x1\nnet.(*TCPListener).Accept(0x1)\n\t/usr/local/go/src/net/tcpsock.go:380 +0x1\n";
const MAIN = "example.net/shop.Serve(0x1)\n\t/src/shop/serve.go:26 +0x1\n";
const waits = `goroutine 7 [IO wait]:\ninternal/poll.runtime_pollWait(0x1, 0x72)\n\t/usr/local/go/src/runtime/netpoll.go:351 +0x1\n${ACCEPT}${MAIN}`;
const calls = `goroutine 7 [syscall]:\nsyscall.Syscall6(0x1)\n\t/usr/local/go/src/syscall/syscall_linux.go:91 +0x1\nsyscall.accept4(0x1)\n\t/usr/local/go/src/syscall/zsyscall_linux_amd64.go:1 +0x1\n${ACCEPT}${MAIN}`;
const sends = `goroutine 8 [chan send]:\n${MAIN}`;

function snapshot(...dumps: readonly string[]): Snapshot {
  const parsed = parseBytes(Buffer.from(`${dumps.join("\n")}\n`), { source: "dump.txt" });
  assert.ok(parsed.ok);
  return parsed.value.snapshots[0]!;
}

const told = (before: readonly string[], after: readonly string[]): readonly string[] =>
  difference(snapshot(...before), snapshot(...after)).changes.map(({ kind, before: from, after: to, group }) => `${kind} ${from}→${to} ${group.kind}`);

const ROWS: readonly (readonly [string, readonly string[], readonly string[], readonly string[]])[] = [
  ["an accept that is caught in its system call is no new goroutine", [waits], [calls], ["same 1→1 syscall"]],
  ["nor is one that waits again", [calls], [waits], ["same 1→1 io"]],
  ["one that is stuck at another operation is", [waits], [sends], ["new 0→1 send", "gone 1→0 io"]],
  ["two where one was are new and gone, for who knows which is which", [waits], [calls, calls.replace("goroutine 7", "goroutine 9")], ["new 0→2 syscall", "gone 1→0 io"]],
];

for (const [what, before, after, expected] of ROWS) test(what, () => assert.deepEqual(told(before, after), expected));
