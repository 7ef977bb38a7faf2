import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { LastReport } from "../model/results/last-report.js";
import type { Finding } from "../model/finding/finding.js";
import { actionsFor } from "./actions.js";
import { diagnosticsOf } from "./diagnostics.js";
import { lensesOf } from "./lenses.js";
import { findLine } from "./line-finder.js";
import { pathOf, Workspace } from "./workspace.js";

const URI = "file:///p/a_test.go";
const SOURCE = ["func TestA(t *testing.T) {", "\tgo f() // starts", "\tch <- 1", "}", "func testing(t *testing.T) {}", "func ExampleB() {", "func FuzzC(f *testing.F) {", "func Test(t *testing.T) {", "func Testify(t *testing.T) {", "func TestΩ(t *testing.T) {", "func helper() {"];
const finding = (more: Partial<Finding> = {}): Finding => ({
  verdict: "leaked", cause: "send-without-receiver", evidence: ["f left at a_test.go:2"], goroutines: 1, schedule: "u1 1", test: "TestA", package: "example.com/p",
  blocked: { reason: "chan send", function: "p.f", file: "/p/a_test.go", line: 3 }, stack: [], createdBy: { function: "p.TestA", file: "/p/a_test.go", line: 2 }, ...more,
});
const report = (findings: readonly Finding[], more: Partial<LastReport> = {}): LastReport => ({
  id: "test /p", root: "/p", accepted: [], lines: { "/p/a_test.go": { 2: "go f() // starts", 3: "ch <- 1" } },
  report: { examinations: [{ name: "TestA", package: "example.com/p", outcome: "passed", limits: [], findings, coverage: { schedules: 1, complete: true, bounds: [], depth: 1, milliseconds: 1 } }], failures: [] }, ...more,
});
function workspace(reports: readonly LastReport[], lines: readonly string[] = SOURCE): Workspace {
  const made = new Workspace();
  made.opened(URI, lines.join("\n"));
  made.reports = reports;
  return made;
}

describe("a line of a report in a text that was edited", () => {
  const line = fc.constantFrom("a", "b", "c", "d", "\te", "");
  it("is found where its text still is, and never at another text", () => {
    fc.assert(fc.property(fc.array(line, { minLength: 1, maxLength: 12 }), fc.array(line, { maxLength: 12 }), fc.nat(11), (then, now, at) => {
      const wanted = (at % then.length) + 1;
      const text = then[wanted - 1]!.trim();
      const found = findLine(now, wanted, { lines: text === "" ? {} : { f: { [wanted]: text } } }, "f");
      const same = now.flatMap((one, i) => (text !== "" && one.trim() === text ? [i + 1] : []));
      return found === (same.includes(wanted) ? wanted : same.length === 1 ? same[0] : undefined);
    }));
  });
  it("an insertion above moves it; a change of it takes the diagnostic away; a second line like it, too", () => {
    const at = (lines: readonly string[]): readonly number[] => [...(diagnosticsOf(workspace([report([finding()])], lines)).get(URI) ?? [])].map(({ range }) => range.start.line);
    assert.deepEqual(at(SOURCE), [2]);
    assert.deepEqual(at(["//", ...SOURCE]), [3]);
    assert.deepEqual(at(SOURCE.map((one) => one.replace("ch <- 1", "ch <- 2"))), []);
    assert.deepEqual(at(["ch <- 1", "", "", ...SOURCE]), []);
  });
});

describe("diagnostics", () => {
  const one = (more: Partial<Finding>, of: Partial<LastReport> = {}) => diagnosticsOf(workspace([report([finding(more)], of)])).get(URI)?.[0];
  const ROWS: readonly (readonly [Partial<Finding>, severity: number])[] = [[{}, 1], [{ verdict: "deadlock" }, 1], [{ verdict: "stuck" }, 2], [{ verdict: "abandoned" }, 2], [{ verdict: "lingering" }, 3], [{ verdict: "flaky", needsStall: true }, 3]];
  for (const [more, severity] of ROWS) it(`${more.verdict ?? "leaked"}: severity ${severity}`, () => assert.equal(one(more)?.severity, severity));
  it("name the places of their evidence", () => {
    assert.deepEqual(one({})?.relatedInformation?.map(({ location, message }) => [location.range.start.line, message]), [[1, "started here, by p.TestA"], [1, "f left at a_test.go:2"]]);
  });
  it("what the project accepts is none", () => assert.equal(one({}, { accepted: ["/p/a_test.go:2"] }), undefined));
  it("a stranger's control characters are spelled out", () => assert.match(one({ evidence: ["\u001b[2J"] })!.message, /\\x1b\[2J/));
});

describe("quick fixes", () => {
  const fix = (more: Partial<Finding>, lines: readonly string[] = SOURCE) => {
    const made = workspace([report([finding(more)], { lines: { "/p/a_test.go": { 2: lines[1]!.trim(), 3: "ch <- 1" } } })], lines);
    return actionsFor(made, diagnosticsOf(made).get(URI)!).map(({ edit }) => edit!.changes![URI]![0]);
  };
  const comment = "//unpark:ignore TODO: say why this goroutine may stay";
  it("beside the go statement; above it where the line has a comment", () => {
    assert.deepEqual(fix({}), [{ range: { start: { line: 1, character: 0 }, end: { line: 1, character: 0 } }, newText: `\t${comment}\n` }]);
    assert.deepEqual(fix({}, SOURCE.with(1, "\tgo f()")), [{ range: { start: { line: 1, character: 7 }, end: { line: 1, character: 7 } }, newText: ` ${comment}` }]);
  });
  it("none for a panic or a failed assertion, where there is one already, for others' diagnostics, or for nonsense", () => {
    assert.deepEqual([fix({ verdict: "panics" }), fix({ verdict: "flaky" }), fix({}, SOURCE.with(1, "\tgo f() //unpark:ignore known"))], [[], [], []]);
    const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
    for (const data of [undefined, null, 1, {}, { goStatement: {} }, { goStatement: { uri: URI, line: 999 } }, { goStatement: { uri: "untitled:x", line: 1 } }]) assert.deepEqual(actionsFor(workspace([]), [{ range, message: "", source: "unpark", data }]), []);
    assert.deepEqual(actionsFor(workspace([]), [{ range, message: "", source: "gopls", data: { goStatement: { uri: URI, line: 2 } } }]), []);
  });
});

it("lenses stand above what go test runs, and on findings", () => {
  const lenses = lensesOf(workspace([report([finding()])]), URI).map(({ range, command }) => `${range.start.line} ${command!.title}`);
  assert.deepEqual(lenses, ["0 explore this test", "5 explore this test", "6 explore this test", "7 explore this test", "9 explore this test", "2 replay: leaked in TestA"]);
  assert.deepEqual(lensesOf(workspace([]), "file:///p/a.go"), []);
});

it("a document without a file does no harm", () => {
  assert.equal(pathOf("untitled:Untitled-1"), "untitled:Untitled-1");
  assert.deepEqual(lensesOf(workspace([]), "untitled:Untitled-1"), []);
});
