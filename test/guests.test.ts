// Programs under control that end their process, never end, or use up what there is: exits, words and limits (SECURITY.md, rows 6, 13, 19, 29).
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { BIN } from "../src/cli/testing/bin.js";
const folder = mkdtempSync(join(tmpdir(), "unpark-guests-"));
after(() => rmSync(folder, { recursive: true, force: true }));
writeFileSync(join(folder, "go.mod"), "module guests\n\ngo 1.24\n");
writeFileSync(join(folder, "guests_test.go"), `package guests

import (

	"fmt"
	"log"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestExitLog(t *testing.T)  { log.Fatal("x") }
func TestExitOne(t *testing.T)  { os.Exit(1) }
func TestExitZero(t *testing.T) { os.Exit(0) }
func TestExitKill(t *testing.T) { syscall.Kill(syscall.Getpid(), syscall.SIGKILL) }

func TestMuchGo(t *testing.T) {
	c := make(chan int)
	for range 100_000_000 {
		go func() { <-c }()
	}
}

func TestMuchFiles(t *testing.T) {
	for i := range 100_000_000 {
		f, err := os.Create(fmt.Sprintf("/tmp/f%d", i))
		if err != nil {
			t.Fatal(err)
		}
		f.Close()
	}
}

func TestMuchRoom(t *testing.T) {
	for range 200 {
		f, _ := os.Create("/tmp/t")
		f.Truncate(400 << 20)
		f.Close()
	}
}

func TestMuchSaid(t *testing.T) {
	s := strings.Repeat("0123456789abcdef", 1<<16)
	for range 600 {
		os.Stdout.WriteString(s)
	}
}

func TestMuchPanic(t *testing.T) { panic(strings.Repeat("x", 64<<20)) }

func TestPolls(t *testing.T) {
	for range time.Tick(1) {
	}
}
`);

function unpark(tests: string, ...more: readonly string[]): { readonly status: number | null; readonly out: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, "test", "--no-native", "--budget", "2s", "-run", tests, ...more, "."], { cwd: folder, encoding: "utf8", timeout: 400_000, maxBuffer: 1 << 28 });
  return { status, out: stdout + stderr };
}

describe("guests that are no good", { timeout: 1_200_000 }, () => {
  it("a test that ends its process has failed, as natively: by log.Fatal, os.Exit of any code, a signal", () => {
    const { status, out } = unpark("^TestExit", "--junit=exits.xml");
    assert.equal(status, 1, out);
    for (const [name, words] of [["Log", "exit status 1"], ["One", "exit status 1"], ["Zero", "unexpected call to os.Exit(0) during test"], ["Kill", "exit status 137"]] as const) {
      assert.ok(new RegExp(`^--- FAIL: TestExit${name} .*\\n(?: {4}.*\\n)*? {4}it ended its process: ${words.replace(/[().]/g, "\\$&")}$`, "m").test(out), `${name}: ${out}`);
    }
    assert.equal(readFileSync(join(folder, "exits.xml"), "utf8").match(/<failure/g)?.length, 4);
  });

  it("the budget ends a run in the middle, whatever it is at; nothing is said of it but that", () => {
    for (const name of ["TestMuchGo", "TestMuchFiles"]) {
      const { status, out } = unpark(`^${name}$`);
      assert.equal(status, 2, out); // no verdict at all: a green build would say nothing for ever
      assert.match(out, /its natural schedule does not end within the budget \(2s\)|guest's memory|out of memory/);
      assert.match(out, /^No verdict: 1 test\.$/m);
      assert.doesNotMatch(out, /^No leak\.$/m);
    }
  });

  it("a file that grows by 400 MB costs nothing where nothing is written: 200 times, within the time of the run", () => {
    const { status, out } = unpark("^TestMuchRoom$");
    assert.equal(status, 0, out);
  });

  it("600 MB of output and a message of 64 MB: their beginning and end are shown", () => {
    const said = unpark("^TestMuchSaid$");
    assert.equal(said.status, 0, said.out.slice(-2000));
    const { status, out } = unpark("^TestMuchPanic$", "--json=panic.json");
    assert.equal(status, 1, out.slice(-2000));
    assert.match(out, /panics/);
    assert.ok(said.out.length < 300_000 && out.length < 300_000 && statSync(join(folder, "panic.json")).size < 600_000);
  });

  it("a test that polls for ever is no failure and no proof: exit 0, in words", () => {
    const { status, out } = unpark("^TestPolls$", "--budget=60s"); // 20,000 ticks of a nanosecond, however busy the machine is
    assert.equal(status, 0, out);
    assert.match(out, /^limit: it does not end by itself/m);
    assert.doesNotMatch(out, /^No leak\.$|explored completely \(/m);
  });
});
