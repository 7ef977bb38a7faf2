import assert from "node:assert/strict";
import { test } from "node:test";
import type { Outcome } from "../../model/run/outcome.js";
import { diagnosed, goSource } from "../testing/diagnosed.js";

const HORIZON: Outcome = { kind: "horizon", scopeOver: true, cutShort: 0 };

for (const [what, head, body, expected] of [
  ["a case that returns", "for {", "return", "its loop ends by a.go:6 (case <-done:), which it never took"],
  ["a break of the select alone is none", "for {", "break", undefined],
  ["a break to the loop's label", "loop: for {", "break loop", "its loop ends by a.go:6 (case <-done:), which it never took"],
  ["a condition", "for !stopped() {", "break", "its loop goes on while what stands at a.go:4 (for !stopped() {) is true"],
  ["a return under an if", "for {", "if stopped() { return }", "its loop has a way out at a.go:7 (if stopped() { return }), which it never took"],
] as const) {
  test(`why a loop goes on: ${what}`, () => {
    const source = `package p\n\nfunc serve(done chan struct{}, tick chan int) {\n\t${head}\n\t\tselect {\n\t\tcase <-done:\n\t\t\t${body}\n\t\tcase <-tick:\n\t\t}\n\t}\n}\n`;
    const found = diagnosed("1.1 left sleep at a.go:5 in p.serve : sleeping", HORIZON, goSource(source))[0];
    assert.deepEqual([found?.cause, found?.evidence[1]], [expected === undefined ? "loop-without-exit" : "never-stopped", expected]);
  });
}

for (const [over, expected] of [
  ["ticker.C", "its loop has a way out at a.go:6 (return), which it never took"],
  ["time.Tick(1)", "its loop has a way out at a.go:6 (return), which it never took"],
  ["items", undefined],
] as const) {
  test(`why a loop over ${over} goes on`, () => {
    const source = `package p\n\nfunc serve() {\n\tfor range ${over} {\n\t\tif stopped() {\n\t\t\treturn\n\t\t}\n\t}\n}\n`;
    const found = diagnosed("1.1 left sleep at a.go:4 in p.serve : sleeping", HORIZON, goSource(source))[0];
    assert.deepEqual([found?.cause, found?.evidence[1]], [expected === undefined ? "loop-without-exit" : "never-stopped", expected]);
  });
}
