import assert from "node:assert/strict";
import { test } from "node:test";
import { groupGoroutines } from "../model/goroutine/goroutine-group.js";
import type { Snapshot } from "../model/goroutine/snapshot.js";
import { Prng } from "../base/prng.js";
import { AnyParser, parseBytes } from "./parse.js";
import { FORMS, TWO, WRAPPED } from "./testing/carried-forms.js";
import { parseText } from "./testing/dump-fixtures.js";

/** All that a reader can see: ages, whole stacks, creators. */
const seen = (snapshot: Snapshot): string[] =>
  groupGoroutines(snapshot).map((g) => {
    const { waitMinutes, createdBy } = g.goroutines[0]!;
    return `${g.count} ${g.kind} ${waitMinutes ?? 0} ${g.stack.map((f) => `${f.function} ${f.file}:${f.line}`).join(" < ")} by ${createdBy?.function} ${createdBy?.file}:${createdBy?.line} in ${createdBy?.id}`;
  }).sort();
const WANTED = seen(parseText(TWO).snapshots[0]!);

test("wrapped lines: the same goroutines, and no loss is said", () => {
  const [plain, forms] = WRAPPED;
  for (const [name, text] of Object.entries(forms)) {
    const [snapshot, more] = parseText(text).snapshots;
    assert.deepEqual(seen(snapshot!), seen(parseText(plain).snapshots[0]!), name);
    assert.deepEqual([snapshot!.losses, more], [[], undefined], name);
  }
});

for (const [name, text] of Object.entries(FORMS)) {
  test(`the same dump, ${name}: the same goroutines, and no loss is said`, () => {
    const { snapshots } = parseText(text);
    assert.deepEqual(snapshots.map(seen), [WANTED]);
    assert.deepEqual(snapshots[0]!.losses, []);
  });
}

test("the same forms in random pieces", () => {
  for (const [index, [name, text]] of Object.entries(FORMS).entries()) {
    const random = new Prng(index + 1);
    const parser = new AnyParser({ source: "x" });
    const bytes = Buffer.from(text as string);
    for (let at = 0; at < bytes.length; ) {
      const size = 1 + random.below(60);
      parser.push(bytes.subarray(at, at + size));
      at += size;
    }
    const parsed = parser.end();
    assert.ok(parsed.ok, name);
    assert.deepEqual(parsed.value.snapshots.map(seen), [WANTED], name);
  }
});

test("two forms in one text are two snapshots, in either order", () => {
  const counts = "goroutine profile: total 3\n3 @ 0x1 0x2\n#\t0x1\tmain.x+0x1\t\t/src/main.go:4\n\n";
  for (const [text, order] of [[TWO + counts, [2, 3]], [counts + TWO, [3, 2]], [counts + counts, [3, 3]]] as const) {
    const { snapshots } = parseText(text);
    assert.deepEqual(snapshots.map((s) => s.goroutines.reduce((n, g) => n + g.count, 0)), order);
    assert.deepEqual(snapshots.flatMap((s) => s.losses), []);
  }
});

const COUNTS = `goroutine profile: total 205
200 @ 0x43bd76 0x44c01e 0xb260b3 0x470001
# labels: {"tenant":"a b"}
#\t0x441886\tsync.runtime_SemacquireMutex+0x46\t\t\t/usr/local/go/src/runtime/sema.go:71
#\t0xb260b2\texample.org/shop/cart.Map[go.shape.struct { A int }].Put+0x72\t\t/src/shop/my cart/store.go:115

5 @ 0x43bd76 0x44c01e
#\t0xaaebf4\tmain.main+0x114\t/src/shop/hub.go:17

`;
test("counts: tabs as blanks, without '#', behind a prefix, double spaced, in JSON: the same", () => {
  const wanted = seen(parseText(COUNTS).snapshots[0]!);
  const lines = COUNTS.trimEnd().split("\n");
  const forms: Readonly<Record<string, string>> = {
    blanks: COUNTS.replaceAll("\t", "        "),
    "one blank": COUNTS.replace(/\t+/g, " "),
    "no #": COUNTS.replaceAll("#\t", "\t"),
    "no #, blanks": COUNTS.replaceAll("#\t", "      ").replaceAll("\t", "   "),
    prefix: `${lines.map((line) => `app_1  | ${line}`.trimEnd()).join("\n")}\n`,
    mail: `${lines.map((line) => `> ${line}`.trimEnd()).join("\n")}\n`,
    "double spaced": COUNTS.replaceAll("\n", "\n\n"),
    docker: `${lines.map((line) => JSON.stringify({ log: `${line}\n`, stream: "stdout" })).join("\n")}\n`,
    CRLF: COUNTS.replaceAll("\n", "\r\n"),
    "text before": `curl: (56) nothing\n\n${COUNTS}bye\n`,
    "trailing blanks": COUNTS.replaceAll("\n", "    \n"),
  };
  for (const [name, text] of Object.entries(forms)) {
    const { snapshots } = parseText(text);
    assert.deepEqual(snapshots.map(seen), [wanted], name);
    assert.deepEqual(snapshots[0]!.losses, [], name);
    assert.deepEqual(snapshots[0]!.goroutines[0]!.labels, { tenant: "a b" }, name);
  }
  const bare = parseText(COUNTS.slice(COUNTS.indexOf("200 @"))).snapshots[0]!;
  assert.deepEqual(seen(bare), wanted);
  assert.match(bare.losses.join(), /first line \('goroutine profile: total N'\) is missing/);
});

test("records of other profiles are no goroutines", () => {
  for (const text of ["threadcreate profile: total 7\n6 @\n#\t0x0\n\n1 @ 0x1 0x2\n#\t0x1\tmain.x+0x1\t/a.go:1\n", "--- contention:\ncycles/second=2000\n1200 4 @ 0x1 0x2\n#\t0x1\tmain.x+0x1\t/a.go:1\n"]) {
    const parsed = parseBytes(Buffer.from(text), { source: "x" });
    assert.equal(!parsed.ok && parsed.error.kind, "not-mine", text);
  }
});

test("goleak 1.3 and 1.1, leaktest: each goroutine once, with the test's name", () => {
  const stack = (id: number, header: boolean): string => `Goroutine ${id} in state chan send, 2 minutes, with hub.TestA.func1 on top of the stack:\n${header ? `goroutine ${id} [chan send, 2 minutes]:\n` : ""}hub.TestA.func1()\n\t/src/hub_test.go:${id} +0x1e\ncreated by hub.TestA in goroutine 2\n\t/src/hub_test.go:3 +0x99\n`;
  for (const header of [false, true]) {
    const list = `found unexpected goroutines:\n[${stack(3, header)} ${stack(4, header)}]\n`;
    const text = `--- FAIL: TestA (0.45s)\n    hub_test.go:12: ${list.trimEnd().replaceAll("\n", "\n        ")}\nFAIL\n`;
    const { snapshots } = parseText(text);
    assert.equal(snapshots.length, 1);
    const [snapshot] = snapshots;
    assert.deepEqual(snapshot!.goroutines.map((g) => [g.id, g.waitReason, g.waitMinutes, g.stack.map((f) => `${f.function}:${f.line}`).join(), g.createdBy?.function]), [
      [3, "chan send", 2, "hub.TestA.func1:3", "hub.TestA"], [4, "chan send", 2, "hub.TestA.func1:4", "hub.TestA"],
    ]);
    assert.deepEqual(snapshot!.ending, { kind: "leak-check", tool: "goleak", test: "TestA" });
    assert.deepEqual(snapshot!.losses, []);
  }
  const leaktest = `--- FAIL: TestB (5.00s)\n    leaktest.go:132: leaktest: timed out checking goroutines\n    leaktest.go:150: leaktest: leaked goroutine: ${TWO.split("\n\n")[0]!.replaceAll("\n", "\n        ")}\n`;
  const [snapshot] = parseText(leaktest).snapshots;
  assert.equal(snapshot!.goroutines[0]!.stack[0]!.line, 12);
  assert.deepEqual(snapshot!.ending, { kind: "leak-check", tool: "leaktest", test: "TestB" });
});

test("why a text was printed, behind any prefix and in any version's words", () => {
  const table: readonly (readonly [string, unknown])[] = [
    ["panic: test timed out after 2m0s\n\trunning tests:\n\t\tTestPut (2m0s)\n\t\tTestPut/case_1 (1.5s)\n\n", { kind: "test-timeout", after: "2m0s", tests: [{ name: "TestPut", elapsed: "2m0s" }, { name: "TestPut/case_1", elapsed: "1.5s" }] }],
    ["panic: test timed out after 1s\n\n", { kind: "test-timeout", after: "1s", tests: [] }],
    ["=== RUN   TestX\npanic: test timed out after 500ms\nrunning tests:\n\tTestX (500ms)\n\n", { kind: "test-timeout", after: "500ms", tests: [{ name: "TestX", elapsed: "500ms" }] }],
    ["fatal error: all goroutines are asleep - deadlock!\n\n", { kind: "all-asleep" }],
    ["fatal error: all goroutines are asleep - deadlock!\n[signal SIGSEGV]\n\n", { kind: "all-asleep" }],
    ["fatal error: no goroutines (main called runtime.Goexit) - deadlock!\n\n", { kind: "all-asleep" }],
    ["panic: deadlock: all goroutines in bubble are blocked [recovered, repanicked]\n\n", { kind: "bubble", mainEnded: false }],
    ["fatal error: all goroutines in bubble are blocked\n\n", { kind: "bubble", mainEnded: false }],
    ["--- FAIL: TestQ (0.00s)\npanic: deadlock: main bubble goroutine has exited but blocked goroutines remain [recovered]\n\n", { kind: "bubble", mainEnded: true }],
    ["panic: boom\n\n", undefined],
    ["SIGQUIT: quit\nPC=0x46 m=0 sigcode=0\n\n", undefined],
  ];
  const prefixes = ["", "app_1  | ", "2024-03-05T10:00:00.1234567Z ", "Mar 05 10:00:00 host app[1]: ", "    ", "> "];
  for (const [words, ending] of table) {
    for (const prefix of prefixes) {
      const text = (words + TWO).split("\n").map((line) => prefix + line).join("\n");
      const { snapshots } = parseText(text);
      assert.equal(snapshots.length, 1);
      assert.deepEqual(snapshots[0]!.ending, ending, JSON.stringify(prefix + words));
      assert.ok(snapshots[0]!.message !== undefined, prefix + words);
      assert.equal(seen(snapshots[0]!).length, 2);
    }
  }
  const killed = parseText(`SIGQUIT: quit\nPC=0x1\n\n${TWO}*** Test killed with quit: ran too long (11m0s).\nFAIL\tx\t660s\n`).snapshots[0]!;
  assert.deepEqual(killed.ending, { kind: "test-timeout", after: "11m0s", tests: [] });
  const several = parseText(`panic: test timed out after 1s\nrunning tests:\n\tTestA (1s)\n\n${TWO}FAIL\ta\t1.0s\npanic: test timed out after 1s\nrunning tests:\n\tTestB (1s)\n\n${TWO.replace("goroutine 7", "goroutine 8")}`).snapshots;
  assert.deepEqual(several.map((s) => s.ending?.kind === "test-timeout" && s.ending.tests[0]?.name), ["TestA", "TestB"]);
});

test("delve's goroutines -t, and panicparse's output, are told as such and read", () => {
  const delve = parseText(`* Goroutine 1 - User: ./main.go:20 main.main (0x4a1234) (thread 123) [chan receive]
\t0  0x000000000043a8f6 in runtime.gopark
\t    at /usr/local/go/src/runtime/proc.go:398
\t1  0x000000000040a8f6 in runtime.chanrecv1
\t    at /usr/local/go/src/runtime/chan.go:442
\t2  0x00000000004a1234 in main.main
\t    at ./main.go:20
  Goroutine 18 - User: ./load.go:42 main.(*Pool).work (0x4a1300) [chan send 184467440]
\t0  0x000000000043a8f6 in runtime.gopark
\t    at /usr/local/go/src/runtime/proc.go:398
\t1  0x00000000004a1300 in main.(*Pool).work
\t    at ./load.go:42
[2 goroutines]
`).snapshots[0]!;
  assert.equal(delve.provenance.how, "delve's goroutines");
  assert.deepEqual(delve.goroutines.map((g) => [g.id, g.waitReason, g.stack[g.stack.length - 1]!.function, g.stack[g.stack.length - 1]!.line]), [[1, "chan receive", "main.main", 20], [18, "chan send", "main.(*Pool).work", 42]]);
  const panicparse = parseText(`panic: x

1: running [Created by main.main @ main.go:12]
    main main.go:12   f(0x1)
100: chan receive [2~5 minutes] [Created by load.Run @ load.go:30]
    load load.go:42         (*Pool).work(#1)
    load load.go:17         Run.func1()
`).snapshots[0]!;
  assert.equal(panicparse.provenance.how, "panicparse's output");
  assert.deepEqual(panicparse.goroutines.map((g) => [g.count, g.waitReason, g.waitMinutes, g.stack[0]?.function, g.stack[0]?.line]), [[1, "", undefined, "main.f", 12], [100, "chan receive", 5, "load.(*Pool).work", 42]]);
});
