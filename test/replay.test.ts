// `unpark run --json`, then `unpark replay` of that report, in processes of their own: the same finding again.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { BIN } from "../src/cli/testing/bin.js";
const examples = fileURLToPath(new URL("../../examples/go", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "unpark-replayed-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const unpark = (...argv: string[]) => spawnSync(process.execPath, [BIN, ...argv], { cwd: examples, encoding: "utf8" });

interface Value {
  readonly programs: readonly { readonly findings: readonly { readonly verdict: string; readonly cause: string; readonly blocked: object; readonly schedule: string }[] }[];
}
const findingOf = (text: string) => {
  const { verdict, cause, blocked, schedule } = (JSON.parse(text) as Value).programs[0]!.findings[0]!;
  return { verdict, cause, blocked, schedule };
};

test("a report is replayed in another process: same verdict, cause, place and schedule; arguments are kept", () => {
  const report = join(folder, "report.json");
  const run = unpark("run", "--budget", "500ms", `--json=${report}`, "./06-full-buffer", "--", "-c", "2");
  assert.equal(run.status, 1, run.stderr);
  assert.match(run.stdout, /^received 0\n/, "the natural schedule's output is the program's own");
  assert.match(run.stdout, /leaked: .*\[send-without-receiver\]/);
  const again = unpark("replay", "--json", report);
  assert.equal(again.status, 1, again.stderr);
  const recorded = findingOf(readFileSync(report, "utf8"));
  assert.deepEqual(findingOf(again.stdout), recorded);
  const other = unpark("replay", recorded.schedule, "./06-full-buffer", "--", "-c", "11");
  assert.notEqual(other.status, 1, "with room for all values the same choices lead to no leak");
});

test("what cannot be built is the compiler's word and exit code 2", () => {
  const { status, stdout } = unpark("run", "./no-such-folder");
  assert.equal(status, 2);
  assert.match(stdout, /CANNOT \.\/no-such-folder: .*no-such-folder/);
});

const VALUES = `package main

import "time"

type status int

type pool struct{ size int }

func (p *pool) wait(name string, limit time.Duration, left int, code status, on bool, rate float64, list []string, err error, out chan<- int) {
	if left > 0 {
		p.wait(name, limit, left-1, code, !on, rate, list[1:], err, out)
		return
	}
	out <- left
}

func first[T any](v T, c <-chan T) T { return <-c }

func main() {
	c := make(chan int)
	go (&pool{2}).wait("a\tb", 1500*time.Millisecond, 2, -3, true, 0.5, []string{"x", "y", "z"}, nil, c)
	go first(7, nil)
	time.Sleep(time.Second)
	_ = cap(c)
}
`;

test("--interactive: what functions were called with, by the compiler's own record, in recursion too; nothing of what cannot be known", () => {
  const module = join(folder, "values");
  mkdirSync(module, { recursive: true });
  writeFileSync(join(module, "go.mod"), "module example.test/values\n\ngo 1.24\n");
  writeFileSync(join(module, "main.go"), VALUES);
  const report = join(module, "report.json");
  spawnSync(process.execPath, [BIN, "run", "--schedules=20", `--json=${report}`, "."], { cwd: module, encoding: "utf8" });
  const { stdout, stderr } = spawnSync(process.execPath, [BIN, "replay", "--interactive", "--finding=1", report], { cwd: module, encoding: "utf8", input: "variables 1.1\nvariables 1.2\nquit\n" });
  const rows = [...stdout.matchAll(/^ +\S*wait +(.*?) +main\.go:(\d+)$/gm)].map(([, values, line]) => `${values} :${line}`);
  const call = (left: number, on: boolean, list: number, line: number): string =>
    `name = "a\\tb", limit = 1.5s, left = ${left}, code = -3, on = ${on}, rate = 0.5, list = ${list} of []string :${line}`;
  // Go tells ten words of a call: the receiver, the string's two, five simple ones, and two of the slice's three.
  assert.deepEqual(rows, [call(0, true, 1, 14), call(1, false, 2, 11), call(2, true, 3, 11)], stdout + stderr);
  assert.match(stdout, /1\.2 at the end: no function of yours/);
});

test("--interactive: lines of stdin are answered, and the exit code is the replay's", () => {
  const report = join(folder, "locks.json");
  unpark("run", "--schedules=20", `--json=${report}`, "./24-lock-no-unlock");
  const input = "start\nnext mutex A\ngoroutines\nend\nlocks\nvariables\nquit\nlocks\n";
  const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, "replay", "--interactive", report], { cwd: examples, encoding: "utf8", input });
  assert.equal(status, 1, stderr);
  assert.match(stdout, /1\.1\.?\S* locks mutex A {2}main\.go:30/);
  assert.match(stdout, /^ {2}> 30 +a\.mu\.Lock\(\)/m);
  const said = /mutex A {2}held by 1\.\d+ since step \d+; (.*) wait for it/.exec(stdout);
  assert.equal(said?.[1]?.split(", ").length, 9, stdout.slice(-1500));
  assert.match(stdout, /no function of yours on its stack was called with a simple value\nOther variables are not known: Go writes no debug information/);
  assert.equal(stdout.match(/held by/g)?.length, 1, "what stands after quit is not read");

  const both = spawnSync(process.execPath, [BIN, "replay", "--interactive", "--json", report], { cwd: examples, encoding: "utf8", input });
  assert.equal(both.status, 2);
  assert.match(both.stderr, /--interactive talks on stdout/);
});
