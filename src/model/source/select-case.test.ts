import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { BIN } from "../../cli/testing/bin.js";
import { selectCase } from "./select-case.js";

const SOURCE = `package main

func pump(in <-chan int, out chan<- int, done chan struct{}, m map[int]int) {
	for {
		select {
		case v := <-in: // "{"
			if v > 0 {
				select {
				case <-done:
				}
			}
		case out <- func() int { return 1 }():
		default:
		case <-done:
		case done <- struct{}{}:
		case m[1] = <-in:
			println('{', "case x:")
		}
	}
}
`;
/** Each case is the only one that is ready, in turn. */
const TAKES_EACH = `package main

import "fmt"

func main() {
	for ready := range 4 {
		a, b, c, d := make(chan int, 1), make(chan int, 1), make(chan int, 1), make(chan int, 1)
		for i, ch := range []chan int{a, b, c, d} {
			if (i == ready) == (i == 0 || i == 2) {
				ch <- 0
			}
		}
		select {
		case <-a:
			fmt.Println("took <-a")
		case b <- 1:
			fmt.Println("took b <- 1")
		case <-c:
			fmt.Println("took <-c")
		case d <- 1:
			fmt.Println("took d <- 1")
		}
	}
}
`;
const lines = SOURCE.split("\n");

test("the runtime's number of a case is that case of the source: sends from the front, receives from the back", () => {
  const all = [0, 1, 2, 3, 4, 5].map((index) => selectCase(lines, 5, index)?.text);
  assert.deepEqual(all, ["case out <- func() int { return 1 }():", "case done <- struct{}{}:", "case m[1] = <-in:", "case <-done:", "case v := <-in:", undefined]);
  assert.deepEqual(selectCase(lines, 8, 0), { line: 9, text: "case <-done:" });
});

test("nothing is said where the select is not found, or does not end", () => {
  assert.equal(selectCase(lines, 4, 0), undefined);
  assert.equal(selectCase(lines.slice(0, 12), 5, 0), undefined);
  assert.equal(selectCase([], 1, 0), undefined);
});

test("the numbering is the compiler's: a program of real Go prints what it takes", () => {
  const folder = mkdtempSync(join(tmpdir(), "unpark-select-"));
  try {
    writeFileSync(join(folder, "go.mod"), "module m\ngo 1.24\n");
    writeFileSync(join(folder, "main.go"), TAKES_EACH);
    const { stdout } = spawnSync(process.execPath, [BIN, "replay", "u1", "."], { cwd: folder, encoding: "utf8" });
    const printed = stdout.split("\n").filter((line) => line.startsWith("took ")).map((line) => line.slice(5));
    const told = [...stdout.matchAll(/selects: .*main\.go:\d+ +case (.*):$/gm)].map(([, text]) => text);
    assert.deepEqual(printed, ["<-a", "b <- 1", "<-c", "d <- 1"]);
    assert.deepEqual(told, printed);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
