// What a test's own goleak check is told to ignore, under real Go: a note, natively and under control; the same goroutine in a test that
// is not checked is a finding.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, it } from "node:test";
import { dispatch } from "../../src/cli/dispatch.js";
import { fakeIo } from "../../src/cli/testing/run-cli.js";
import type { Finding } from "../../src/model/finding/finding.js";

const root = mkdtempSync(join(tmpdir(), "unpark-goleak-"));
after(() => rmSync(root, { recursive: true, force: true }));

/** goleak's names, and nothing behind them: what is tested is what its options say. */
const GOLEAK = "package goleak\n\ntype Option any\n\nfunc VerifyNone(any, ...Option) {}\nfunc IgnoreTopFunction(string) Option { return nil }\nfunc IgnoreCreatedBy(string) Option { return nil }\nfunc IgnoreCurrent() Option { return nil }\n";

const A = `package a

import (
	"testing"

	"go.uber.org/goleak"
)

const here = "example.com/m/a."

var known = []goleak.Option{goleak.IgnoreTopFunction(here + "waits")}

func waits() { <-make(chan int) }

func start() { go waits() }

func verify(t *testing.T) { goleak.VerifyNone(t, known...) }

func TestVariable(t *testing.T) { defer goleak.VerifyNone(t, known...); start() }

func TestHelper(t *testing.T) { defer verify(t); start() }

func TestCreatedBy(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCreatedBy(here + "start"))
	start()
}

func TestUnchecked(t *testing.T) { start() }

func TestOther(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreTopFunction(here + "start"), goleak.IgnoreCurrent())
	go func() { <-make(chan int) }()
}
`;

const WAITS = 'IgnoreTopFunction("example.com/m/a.waits") at a_test.go:11';
const TOLD = {
  TestVariable: ["note", WAITS],
  TestHelper: ["note", WAITS],
  TestCreatedBy: ["note", 'IgnoreCreatedBy("example.com/m/a.start") at a_test.go:24'],
  TestUnchecked: [],
  TestOther: [],
};

it("what goleak is told to ignore is a note that names the option's line", async () => {
  for (const [file, text] of Object.entries({ "go.mod": "module example.com/m\n\ngo 1.24\n\nrequire go.uber.org/goleak v1.3.0\n\nreplace go.uber.org/goleak => ./goleak\n", "goleak/go.mod": "module go.uber.org/goleak\n\ngo 1.24\n", "goleak/goleak.go": GOLEAK, "a/a_test.go": A })) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  const io = fakeIo({ cwd: root, env: process.env });
  const code = await dispatch(["test", "--no-native", "--no-cache", "--json", "./a"], io);
  assert.equal(code, 1, io.err() + io.out());
  const { programs } = JSON.parse(io.out()) as { readonly programs: readonly { readonly name: string; readonly findings: readonly Finding[] }[] };
  const told = programs.map(({ name, findings }) => [name, findings.flatMap(({ severity, evidence }) => (severity === undefined ? [] : [severity, evidence.at(-1)!.replace(/^the test's own goleak check ignores it: /, "")]))]);
  assert.deepEqual(Object.fromEntries(told), TOLD);
  assert.ok(programs.every(({ findings }) => findings.length === 1 && findings[0]!.verdict === "leaked"));
});
