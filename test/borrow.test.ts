import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { test } from "node:test";
import { BIN } from "../src/cli/testing/bin.js";

/** What one platform has: a route by a file of its own, a lock by a call that wasip1 lacks, assembly. */
const FILES = {
  "go.mod": "module example.com/p\n\ngo 1.24\n\nrequire golang.org/x/sys v0.0.0\n\nreplace golang.org/x/sys => ./sys\n",
  "p.go": "package p\n\nfunc Route() int { return route() }\n",
  "route_linux.go": "package p\n\nfunc route() int { return 7 }\n",
  "lock/lock.go": "package lock\n\nimport \"syscall\"\n\nfunc Lock() error { _, err := syscall.Setsid(); return err }\n",
  // As golang.org/x/sys/unix: a call by number, in assembler, that package syscall answers.
  "sys/go.mod": "module golang.org/x/sys\n\ngo 1.24\n",
  "sys/unix/zsyscall_linux.go": `package unix

import (
	"syscall"
	"unsafe"
)

func Syscall6(trap, a1, a2, a3, a4, a5, a6 uintptr) (r1, r2 uintptr, err syscall.Errno)

func call(trap, a1, a2 uintptr) error {
	if _, _, errno := Syscall6(trap, a1, a2, 0, 0, 0, 0); errno != 0 {
		return errno
	}
	return nil
}

// Anonymous maps, remaps and unmaps; Getpriority is one that nobody answers.
func Anonymous(length, more int) (int, error) {
	at, _, errno := Syscall6(9, 0, uintptr(length), 3, 0x22, ^uintptr(0), 0)
	if errno != 0 {
		return 0, errno
	}
	*(*byte)(unsafe.Pointer(at)) = 7
	var third uintptr // Linux leaves the third argument where it was
	if at, third, errno = Syscall6(25, at, uintptr(length), uintptr(more), 1, 0, 0); errno != 0 || third != uintptr(more) {
		return 0, errno
	}
	return int(*(*byte)(unsafe.Pointer(at))), call(11, at, uintptr(more))
}

func Getpriority() error { return call(140, 0, 0) }
`,
  "sys/unix/asm_linux.s": '#include "textflag.h"\n\nTEXT ·Syscall6(SB),NOSPLIT,$0-80\n\tJMP\tsyscall·Syscall6(SB)\n',
  "p_test.go": `package p

import (
	"errors"
	"syscall"
	"testing"

	"example.com/p/lock"
	"golang.org/x/sys/unix"
)

func TestMapped(t *testing.T) {
	if first, err := unix.Anonymous(4096, 8192); first != 7 || err != nil {
		t.Fatal(first, err)
	}
}

func TestUnanswered(t *testing.T) {
	if err := unix.Getpriority(); !errors.Is(err, syscall.ENOSYS) {
		t.Fatal(err)
	}
	ch := make(chan int)
	go func() { ch <- 1 }()
}

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

interface ReportedFinding {
  readonly evidence: readonly string[];
  readonly blocked: { readonly file: string; readonly line: number };
  readonly steps: readonly { readonly source?: string }[];
}

interface Report {
  readonly failures: readonly { readonly test: string; readonly message: string }[];
  readonly programs: readonly { readonly name: string; readonly outcome: string; readonly limits: readonly string[]; readonly findings: readonly ReportedFinding[] }[];
}

function reportOf(files: Readonly<Record<string, string>>): Report & { readonly status: number | null } {
  const folder = mkdtempSync(join(tmpdir(), "unpark-borrow-"));
  try {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, "test", "--json", "--no-native", "--no-cache", "."], { cwd: folder, encoding: "utf8" });
    assert.notEqual(stdout, "", stderr);
    return { status, ...(JSON.parse(stdout) as Report) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test("what does not build for wasip1 borrows or is stubbed: said, and said of the findings of runs that called a stub", () => {
  const { status, programs, failures } = reportOf(FILES);
  assert.equal(status, 2);
  assert.deepEqual(
    programs.map(({ name, outcome, findings }) => [name, outcome, findings.map(({ evidence }) => evidence.filter((words) => words.includes("ENOSYS")))]),
    [
      ["TestMapped", "passed", []],
      ["TestUnanswered", "passed", [["this run called golang.org/x/sys/unix.Syscall, which is a stub here: it answers ENOSYS, and may do something else natively"]]],
      ["TestRoute", "passed", []],
      ["TestLock", "passed", [["this run called example.com/p/lock.Lock, which is a stub here: it answers ENOSYS, and may do something else natively"]]],
      ["TestQuiet", "passed", [[]]],
    ],
  );
  // A test that cannot be built must not pass.
  assert.deepEqual(failures.map(({ test: name, message }) => [name, message.slice(message.indexOf("It "))]), [["TestOwn", "It does not build for wasip1 (example.com/p.TestOwn)"]]);
  assert.deepEqual(programs[0]!.limits, [
    "example.com/p is built with route_linux.go for linux, which its build constraints leave out for wasip1",
    "stubbed, answers ENOSYS: example.com/p: TestOwn",
    "stubbed, answers ENOSYS: example.com/p/lock: Lock",
    "golang.org/x/sys/unix is built with zsyscall_linux.go for linux, which its build constraints leave out for wasip1",
  ]);
});

/** Packages with an answer of their own for other systems (stand-ins.ts); one has tests, and its files for linux import the other. */
const STAND_INS = {
  "go.mod": "module github.com/quic-go/quic-go\n\ngo 1.24\n\nrequire github.com/gofrs/flock v0.0.0\n\nreplace github.com/gofrs/flock => ./flock\n",
  "q.go": "package quic\n\nfunc Which() string { return which() }\n",
  "q_linux.go": 'package quic\n\nimport "github.com/gofrs/flock"\n\nfunc which() string { return "linux, " + flock.Which() }\n',
  "q_other.go": '//go:build !linux\n\npackage quic\n\nfunc which() string { return "other" }\n',
  "q_linux_test.go": `package quic

import (

	"syscall"
	"testing"
)

func TestLinux(t *testing.T) {
	if Which() != "linux, locks" {
		t.Fatal(Which())
	}
	var name syscall.Utsname
	if err := syscall.Uname(&name); err != nil || name.Sysname[0] != 'L' {
		t.Fatal(name, err)
	}
}
`,
  "q_other_test.go": '//go:build !linux\n\npackage quic\n\nimport "testing"\n\nfunc TestOther(t *testing.T) {}\n',
  "x_linux_test.go": 'package quic_test\n\nimport "testing"\n\nfunc TestOutside(t *testing.T) {}\n',
  "flock/go.mod": "module github.com/gofrs/flock\n\ngo 1.24\n",
  "flock/f_linux.go": 'package flock\n\n//go:noinline\nfunc Which() string { return "locks" }\n',
  "flock/f_other.go": '//go:build !linux\n\npackage flock\n\n//go:noinline\nfunc Which() string { return "none" }\n',
};

test("a package that stands in for others takes linux' files, its tests with them, and what these import does so, too", () => {
  const { status, programs, failures } = reportOf(STAND_INS);
  assert.deepEqual([status, programs.map(({ name, outcome }) => [name, outcome]), failures], [0, [["TestLinux", "passed"], ["TestOutside", "passed"]], []]);
  assert.deepEqual(programs[0]!.limits, [
    "github.com/gofrs/flock is built with f_linux.go for linux, which its build constraints leave out for wasip1",
    "github.com/quic-go/quic-go is built with q_linux.go, q_linux_test.go for linux, which its build constraints leave out for wasip1",
    "github.com/quic-go/quic-go_test is built with x_linux_test.go for linux, which its build constraints leave out for wasip1",
  ]);
});

test("what is left in a borrowed file is told where its reader finds it, with its line; a panic there, too", () => {
  const { programs } = reportOf({
    "go.mod": "module example.com/p\n\ngo 1.24\n",
    "p.go": "package p\n\nfunc Run() { run() }\n\nfunc Fail() { fail() }\n",
    "p_linux.go": "package p\n\nfunc run() {\n\tch := make(chan int)\n\tgo func() { ch <- 1 }()\n}\n\nfunc fail() { panic(\"no\") }\n",
    "p_test.go": "package p\n\nimport \"testing\"\n\nfunc TestRun(t *testing.T) { Run() }\n\nfunc TestFail(t *testing.T) { Fail() }\n",
  });
  assert.deepEqual(
    programs.flatMap(({ name, findings }) => findings.map(({ blocked: { file, line }, steps }) => [name, basename(file), line, steps[0]?.source])),
    [
      ["TestRun", "p_linux.go", 5, "go func() { ch <- 1 }()"],
      ["TestFail", "p_linux.go", 8, undefined],
    ],
  );
});
