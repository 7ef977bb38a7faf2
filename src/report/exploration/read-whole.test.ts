import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Examination, Report } from "../../model/results/examination.js";
import type { Finding } from "../../model/finding/finding.js";
import type { GoroutineName } from "../../model/ids.js";
import { reportJson } from "./json.js";
import { mergeReports, readWholeReport } from "./read-whole.js";
import { reportText } from "./text.js";

const frame = { function: "shop.f", file: "/shop/shop.go", line: 7 };
const finding: Finding = {
  verdict: "leaked", cause: "send-without-receiver", evidence: ["nobody received"], goroutines: 1, package: "example.com/shop", test: "TestA", stack: [frame], createdBy: frame,
  blocked: { reason: "chan send", ...frame }, schedule: "u1 1", steps: [{ number: 1, goroutine: "1.1" as unknown as GoroutineName, text: "sends", ...frame, key: true }, { text: "is blocked for ever" }], seen: 2,
  consequences: [{ verdict: "lingering", blocked: { reason: "select", ...frame }, stack: [], goroutines: 2, why: "waits for it" }],
};
const program = (name: string, findings: readonly Finding[] = []): Examination => ({
  name, package: "example.com/shop", outcome: "passed", findings, limits: ["a limit"], coverage: { schedules: 3, complete: false, bounds: ["b"], stoppedBy: "time", depth: 9, milliseconds: 120, cached: true },
});
const origin = { command: "test" as const, unpark: "0.1.0", goVersion: "1.26.8", packages: ["a"], args: [] };
const report = (...examinations: readonly Examination[]): Report => ({ origin, examinations, failures: [] });

describe("a whole report", () => {
  it("is read back as it was written", () => {
    const whole: Report = { ...report(program("TestA", [finding]), program("TestB")), failures: [{ package: "p", message: "does not build" }] };
    const read = readWholeReport(reportJson(whole));
    assert.ok(read.ok);
    assert.deepEqual(read.value, whole);
    assert.equal(reportText(read.value), reportText(whole));
  });

  it("is refused, and never throws, where any one value of it is another kind of thing", () => {
    const text = reportJson(report(program("TestA", [finding])));
    let refused = 0;
    const damage = (value: unknown, path: readonly (string | number)[]): void => {
      if (typeof value === "object" && value !== null) for (const [key, inner] of Object.entries(value)) damage(inner, [...path, key]);
      const copy = JSON.parse(text) as Record<string, unknown>;
      const last = path.at(-1);
      if (last === undefined) return;
      let at: Record<string | number, unknown> = copy;
      for (const key of path.slice(0, -1)) at = at[key] as Record<string, unknown>;
      at[last] = null;
      const read = readWholeReport(JSON.stringify(copy));
      if (!read.ok) refused++;
      else reportText(read.value);
    };
    damage(JSON.parse(text), []);
    assert.ok(refused > 40, `${refused}`);
  });

  it("is refused where a cause is none of this Unpark's: no form of it has words for that", () => {
    const read = readWholeReport(reportJson(report(program("TestA", [{ ...finding, cause: "of-a-later-version" as Finding["cause"] }]))));
    assert.deepEqual(read, { ok: false, error: "'findings' of its program 1 is not as docs/report.schema.json has it" });
  });

  for (const text of ["", "{}", "[]", "null", '{"schema":"unpark-report/1"}', '{"schema":"unpark-report/1","programs":[1],"failures":[]}', '{"schema":"unpark-report/0","programs":[],"failures":[]}']) {
    it(`is not ${text === "" ? "nothing" : text}`, () => assert.equal(readWholeReport(text).ok, false));
  }
});

describe("reports of several machines", () => {
  const part = (name: string, one: Report): { readonly name: string; readonly report: Report } => ({ name, report: one });
  it("are one, with the packages of all, each failure once", () => {
    const failure = { package: "broken", message: "does not build" };
    const merged = mergeReports([
      part("1", { ...report(program("TestA", [finding])), failures: [failure] }),
      part("2", { ...report(program("TestB")), origin: { ...origin, packages: ["b"] }, failures: [failure] }),
      part("3", { examinations: [], failures: [] }),
    ]);
    assert.ok(merged.ok);
    assert.deepEqual(merged.value, { origin: { ...origin, packages: ["a", "b"] }, examinations: [program("TestA", [finding]), program("TestB")], failures: [failure] });
  });

  it("are none where one is given twice, or is of another Go", () => {
    assert.deepEqual(mergeReports([part("1", report(program("TestA"))), part("2", report(program("TestA")))]), { ok: false, error: "TestA of example.com/shop is in 1 and in 2: they are no parts of one run" });
    assert.deepEqual(mergeReports([part("1", report()), part("2", { ...report(), origin: { ...origin, goVersion: "1.25.4" } })]), { ok: false, error: "2 is not of the same run as 1: command, versions and flags must be the same" });
  });

  it("may all be empty", () => assert.deepEqual(mergeReports([part("1", { examinations: [], failures: [] })]), { ok: true, value: { examinations: [], failures: [] } }));
});
