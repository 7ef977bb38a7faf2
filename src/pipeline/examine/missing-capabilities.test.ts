import assert from "node:assert/strict";
import { test } from "node:test";
import { missingIn, missingOf } from "./missing-capabilities.js";

const ended = (outcome: string, output: string) => ({
  name: "TestX", package: "p", outcome, output, findings: [], limits: [],
  coverage: { schedules: 1, complete: true, bounds: [], depth: 1, milliseconds: 1 },
});

test("a failure for want of what wasip1 lacks is told from a failure of the program's own", () => {
  const table: readonly (readonly [string, string, RegExp | undefined])[] = [
    ["failed", "    x_test.go:9: fork/exec /bin/true: not supported by wasip1/wasm", /starts another process/],
    ["failed", "    x_test.go:9: dial tcp: lookup example.com: protocol not available", /real network/],
    ["failed", "    x_test.go:9: pipe: Not implemented on wasip1", /starts another process/],
    ["failed", "    x_test.go:9: dial tcp 93.184.216.34:80: address 93.184.216.34:80: connect: Connection refused", /real network/],
    ["failed", "    x_test.go:9: dial tcp 127.0.0.1:80: connect: Connection refused", undefined],
    ["failed", `    x_test.go:9: Get "http://example.com/": dial tcp: lookup example.com: no such host`, /real network/],
    ["failed", "    x_test.go:9: lookup example.com on 10.0.0.2:53: no such host", /real network/],
    ["failed", "    x_test.go:9: dial tcp 93.184.216.34:80: connect: connection timed out", /real network/],
    ["failed", "    x_test.go:9: dial tcp [2606:2800::1]:443: i/o timeout", /real network/],
    ["failed", `    x_test.go:9: Get "https://example.com/": context deadline exceeded (Client.Timeout exceeded while awaiting headers)`, /real network/],
    ["failed", `    x_test.go:9: Get "http://127.0.0.1:8080/": context deadline exceeded (Client.Timeout exceeded while awaiting headers)`, undefined],
    ["failed", "    x_test.go:9: dial tcp 127.0.0.1:80: i/o timeout", undefined],
    ["failed", "    x_test.go:9: dial tcp [::1]:80: connect: connection timed out", undefined],
    ["failed", `    x_test.go:9: exec: "git": executable file not found in $PATH`, /starts another process/],
    ["failed", "    x_test.go:9: lookup nobody.invalid: no such host", undefined],
    ["failed", "    x_test.go:9: fsnotify not supported on the current platform", /needs what wasip1 does not have/],
    ["failed", "    x_test.go:9: watching is not implemented on this OS", /needs what wasip1 does not have/],
    ["failed", "    x_test.go:9: HTTP/2 is not supported on this connection", undefined],
    ["failed", "    x_test.go:9: got 3, want 4", undefined],
    ["passed", "    x_test.go:9: fork/exec /bin/true: not supported by wasip1/wasm", undefined],
  ];
  for (const [outcome, output, said] of table) {
    const got = missingOf(ended(outcome, output));
    if (said) assert.match(got ?? "", said);
    else assert.equal(got, undefined);
  }
});

test("a failure of a test that called what does not do here what it does natively", () => {
  const table: readonly (readonly [string, readonly string[], RegExp | undefined])[] = [
    ["failed", ["runtime.GC"], /^asks the runtime to collect \(runtime\.GC\)/],
    ...["panic", "runaway"].map((outcome) => [outcome, ["runtime.GC"], /^asks the runtime to collect/] as const),
    ["deadlock", ["runtime.GC"], undefined],
    ["never ends", ["runtime.GC"], undefined],
    ["passed", ["runtime.GC", "os/exec.(*Cmd).Start"], undefined],
    ["failed", [], undefined],
    ["skipped", [], undefined],
    ["skipped", ["runtime.GC"], undefined],
    ["skipped", ["example.com/shop.TestLock"], /^does not build for wasip1 \(example\.com\/shop\.TestLock\)/],
    ["skipped", ["golang.org/x/sys/unix.Openat2"], /^calls golang\.org\/x\/sys\/unix\.Openat2, which is a stub here/],
    ["failed", ["os/exec.(*Cmd).Start"], /^starts another process/],
    ["failed", ["net.ListenMulticastUDP"], /^joins a multicast group/],
    ["failed", ["internal/synctest.Run"], /^runs in a bubble of Go 1\.24's synctest experiment/],
    ["deadlock", ["runtime.GC", "golang.org/x/sys/unix.InotifyInit1"], /^calls golang\.org\/x\/sys\/unix\.InotifyInit1, which is a stub here/],
  ];
  for (const [outcome, stubs, said] of table) {
    const got = missingOf({ ...ended(outcome, "    x_test.go:9: got 0, want 5"), stubs });
    if (said) assert.match(got ?? "", said);
    else assert.equal(got, undefined, outcome);
  }
});

test("what a file's permissions refused is missing where root runs the tests natively, and nowhere else", () => {
  const said = (outcome: string, isRoot: boolean): string | undefined => missingIn(outcome, "", ["permission denied"], isRoot);
  assert.match(said("failed", true) ?? "", /^was refused by a file's permissions what root/);
  assert.deepEqual([said("failed", false), said("deadlock", true), said("passed", true)], [undefined, undefined, undefined]);
});
