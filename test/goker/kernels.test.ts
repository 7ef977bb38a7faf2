import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { documentedLeaks } from "./documented.js";
import { copiesOf, registeredName, rewrite, type Kernel } from "./kernels.js";

/** Of the kernels' shape, in our own words. */
const source = `package main

import (
	"os"
	"runtime/pprof"
	"time"
)

func init() {
	register("Some1", Some1)
}

func Some1() {
	prof := pprof.Lookup("goroutineleak")
	defer func() {
		time.Sleep(100 * time.Millisecond)
		prof.WriteTo(os.Stdout, 2)
	}()

	for i := 0; i <= 1000; i++ {
		go func() {
			for i := 0; i < 2; i++ {
			}
		}()
	}
}
`;
const kernel: Kernel = { name: "Some1", file: "some1.go", source };
const squeezed = (text: string): string => text.replace(/\s+/g, " ");

describe("a kernel's file", () => {
  it("is named by what it registers", () => {
    assert.equal(registeredName(source), "Some1");
    assert.equal(registeredName("package main\n"), undefined);
  });

  it("tells how many copies it runs", () => {
    assert.equal(copiesOf(kernel), 1001);
    assert.equal(copiesOf({ ...kernel, source: source.replace("i <= 1000", "i < 20") }), 20);
    assert.equal(copiesOf({ ...kernel, source: "package main\n\nfunc Some1() {\n}\n" }), 1);
  });

  it("as one copy without an ending: the outer loop turns once, the inner as before, no import is left over", () => {
    const text = squeezed(rewrite(kernel, { oneCopy: true, ending: "nothing" }));
    assert.match(text, /import \( \) .* func Some1\(\) { defer func\(\) {}\(\) for i := 0; i < 1; i\+\+ { go func\(\) { for i := 0; i < 2;/);
  });

  it("as shipped, waiting: only the profile is not written", () => {
    const text = squeezed(rewrite(kernel, { oneCopy: false, ending: "wait" }));
    assert.match(text, /import \( "time" \) .* defer func\(\) { time\.Sleep\(100 \* time\.Millisecond\) }\(\) for i := 0; i <= 1000; i\+\+ {/);
  });

  it("as one copy with its profile: only the loop is cut", () => {
    assert.equal(rewrite(kernel, { oneCopy: true, ending: "profile" }), source.replace("i <= 1000", "i < 1"));
  });

  it("of another shape is an error that names it", () => {
    const other = source.replace("prof.WriteTo(os.Stdout, 2)", "prof.WriteTo(os.Stderr, 2)");
    assert.throws(() => rewrite({ ...kernel, source: other }, { oneCopy: true, ending: "nothing" }), /some1\.go: expected .*WriteTo.* found it 0 times/);
  });
});

it("documented leaks are read from calls of makeTest and makeFlakyTest, also over comments", () => {
  const text = [
    "gokerTestCases := []testCase{",
    'makeFlakyTest("A1",',
    "\t// why",
    "\t`A1\\.func2\\(.* \\[chan send\\]`,",
    "\t`A1\\.func3\\(.* \\[select\\]`,",
    "),",
    '// makeTest(testCase{name: "B2"},',
    "// \t`B2\\(.* \\[sync\\.Mutex\\.Lock\\]`),",
    "// Combine all test cases",
  ].join("\n");
  const leaks = documentedLeaks(text);
  assert.deepEqual([...leaks].map(([name, patterns]) => [name, patterns.length]), [["A1", 2], ["B2", 1]]);
  assert.ok(leaks.get("A1")![0]!.test("A1.func2(...) [chan send]"));
});
