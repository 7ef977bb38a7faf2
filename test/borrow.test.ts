import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const bin = fileURLToPath(new URL("../../bin/unpark.js", import.meta.url));

/** What one platform has: a route by a file of its own, a lock by a call that wasip1 lacks, assembly. */
const FILES = {
  "go.mod": "module example.com/p\n\ngo 1.24\n",
  "p.go": "package p\n\nfunc Route() int { return route() }\n",
  "route_linux.go": "package p\n\nfunc route() int { return 7 }\n",
  "lock/lock.go": "package lock\n\nimport \"syscall\"\n\nfunc Lock() error { return syscall.Flock(0, syscall.LOCK_EX) }\n",
  "p_test.go": `package p

import (
	"errors"
	"syscall"
	"testing"

	"example.com/p/lock"
)

func TestRoute(t *testing.T) {
	if Route() != 7 {
		t.Fatal(Route())
	}
}

func TestLock(t *testing.T) {
	if err := lock.Lock(); !errors.Is(err, syscall.ENOSYS) {
		t.Fatal(err)
	}
	ch := make(chan int)
	go func() { ch <- 1 }()
}

func TestQuiet(t *testing.T) {
	ch := make(chan int)
	go func() { ch <- 1 }()
}

func TestOwn(t *testing.T) {
	t.Log(syscall.Setpriority(0, 0, 0))
}
`,
};

test("what does not build for wasip1 borrows or is stubbed: said, and said of the findings of runs that called a stub", () => {
  const folder = mkdtempSync(join(tmpdir(), "unpark-borrow-"));
  try {
    for (const [name, text] of Object.entries(FILES)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    const { status, stdout, stderr } = spawnSync(process.execPath, [bin, "test", "--json", "--no-native", "--no-cache", "."], { cwd: folder, encoding: "utf8" });
    assert.equal(status, 1, stderr);
    const { programs } = JSON.parse(stdout) as { programs: { name: string; outcome: string; limits: string[]; findings: { evidence: string[] }[] }[] };
    assert.deepEqual(
      programs.map(({ name, outcome, findings }) => [name, outcome, findings.map(({ evidence }) => evidence.filter((words) => words.includes("ENOSYS")))]),
      [
        ["TestRoute", "passed", []],
        ["TestLock", "passed", [["this run called example.com/p/lock.Lock, which is a stub here: it answers ENOSYS, and may do something else natively"]]],
        ["TestQuiet", "passed", [[]]],
        ["TestOwn", "skipped", []], // a test that cannot be built must not pass
      ],
    );
    assert.deepEqual(programs[0]!.limits, [
      "example.com/p is built with route_linux.go for linux, which its build constraints leave out for wasip1",
      "stubbed, answers ENOSYS: example.com/p: TestOwn",
      "stubbed, answers ENOSYS: example.com/p/lock: Lock",
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
