import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { compareOutput, readExpectations, type Expectation } from "./expectations.js";
import { examplePackages } from "./packages.js";

const read = (text: string, path = "main.go"): readonly Expectation[] => {
  const result = readExpectations([{ path, text }]);
  assert.ok(result.ok, result.ok ? "" : result.error);
  return result.value;
};

describe("expectations in comments", () => {
  it("reads the one run of a main", () => {
    const [run, ...more] = read(
      "// Row 99.\n//\n// prints: a  b\n// matches: \\d+\n// prints: …\n// note: cut-short x2\npackage main\n\n" +
        "func main() {\n\tch <- 1 // want: leaked nil-channel x3\n}\n",
    );
    assert.equal(more.length, 0);
    assert.deepEqual(run, {
      kind: "main", label: "main", args: [], neverEnds: false, outcome: undefined,
      printed: [{ kind: "line", text: "a  b" }, { kind: "pattern", pattern: /^(?:\d+)$/ }, { kind: "rest" }],
      wants: [{ verdict: "leaked", cause: "nil-channel", goroutines: 3, file: "main.go", line: 10 }],
      notes: [{ verdict: "cut-short", goroutines: 2 }],
    });
  });

  it("gives each run of a main its own output, and the wanted line to those that are not clean", () => {
    const runs = read(
      "// unpark: args -c 2\n// prints: x\n//\n// unpark: args\n// verdict: clean\n//\n// unpark: args -d\n// unpark: never-ends\n" +
        "package main\n\nfunc main() {\n\tf() // want: leaked unknown x1\n\tg() // want(-d): runaway loop-without-exit x1\n}\n",
    );
    assert.deepEqual(
      runs.map((r) => [r.label, r.args, r.printed.length, r.neverEnds, r.wants.map((w) => w.verdict)]),
      [
        ["-c 2", ["-c", "2"], 1, false, ["leaked"]],
        ["main", [], 0, false, []],
        ["-d", ["-d"], 0, true, ["leaked", "runaway"]],
      ],
    );
  });

  it("gives a test what stands in its body and what names it", () => {
    const tests = read(
      "package x\n\n// outcome: failed\nfunc TestA(t *testing.T) {\n\tf() // want: panics x1\n}\n\n" +
        "// verdict: clean\nfunc TestB(t *testing.T) {}\n\nfunc TestC(t *testing.T) {\n}\n\n" +
        "func f() {\n\tg() // want(TestA, TestC): leaked unknown x1; want(TestC): leaked lock-order x2\n}\n",
      "x_test.go",
    );
    assert.deepEqual(
      tests.map((t) => [t.label, t.outcome, t.wants.map((w) => `${w.line} ${w.cause} ${w.goroutines}`)]),
      [
        ["TestA", "failed", ["5 undefined 1", "15 unknown 1"]],
        ["TestB", undefined, []],
        ["TestC", undefined, ["15 unknown 1", "15 lock-order 2"]],
      ],
    );
  });

  it("knows no run of a service, and takes a test file's own verdict for all its tests", () => {
    assert.deepEqual(read("// unpark: live\npackage main\n\nfunc main() {\n}\n"), []);
    const text = "// verdict: clean\npackage x\n\nfunc TestA(t *testing.T) {\n}\n\nfunc TestB(t *testing.T) {\n}\n";
    assert.equal(read(text, "x_test.go").length, 2);
  });

  const misfits: readonly (readonly [string, string, RegExp])[] = [
    ["nothing expected", "package main\n\nfunc main() {\n}\n", /main\.go:1: 'main' wants nothing/],
    ["unknown cause", "package main\n\nfunc main() {\n\tf() // want: leaked bad-luck x1\n}\n", /:4: 'bad-luck' is no cause/],
    ["unknown verdict", "package main\n\nfunc main() {\n\tf() // want: lost x1\n}\n", /:4: 'lost' is no verdict/],
    ["no count", "package main\n\nfunc main() {\n\tf() // want: leaked unknown\n}\n", /:4: .* does not read/],
    ["unknown label", "package main\n\nfunc main() {\n\tf() // want(TestX): leaked unknown x1\n}\n", /called 'TestX'/],
    ["stray directive", "package main\n\n// verdict: clean\nfunc f() {}\n", /:3: a directive stands before/],
    ["other verdict", "// verdict: fine\npackage main\n\nfunc main() {\n}\n", /:1: the only verdict/],
    ["nobody wants it", "package x\n\nfunc f() {\n\tg() // want: leaked unknown x1\n}\n", /:4: say which test/],
    [
      "clean and wanted",
      "package x\n\n// verdict: clean\nfunc TestA(t *testing.T) {\n\tg() // want: leaked unknown x1\n}\n",
      /:5: 'TestA' is said to be clean at main.go:4/,
    ],
  ];
  for (const [name, text, message] of misfits) {
    it(`refuses: ${name}`, () => {
      const result = readExpectations([{ path: "main.go", text }]);
      assert.ok(!result.ok);
      assert.match(result.error, message);
    });
  }
});

describe("compareOutput", () => {
  const line = (text: string) => ({ kind: "line", text }) as const;
  const rest = { kind: "rest" } as const;
  it("wants exactly the lines", () => {
    assert.equal(compareOutput([line("a"), line("b")], "a\nb\n"), undefined);
    assert.equal(compareOutput([], ""), undefined);
    assert.notEqual(compareOutput([], "a\n"), undefined);
    assert.notEqual(compareOutput([line("a")], "a\nb\n"), undefined);
    assert.notEqual(compareOutput([line("a"), line("b")], "a\n"), undefined);
    assert.notEqual(compareOutput([line("a")], " a\n"), undefined);
  });
  it("lets … stand for any number of lines, none included", () => {
    for (const output of ["a\nz\n", "a\nb\nz\n", "a\nz\nz\n"]) {
      assert.equal(compareOutput([line("a"), rest, line("z")], output), undefined, output);
    }
    assert.notEqual(compareOutput([line("a"), rest, line("z")], "a\nb\n"), undefined);
  });
});

describe("examples/go", () => {
  const packages = examplePackages();
  it("holds every row of the programs that must work", () => {
    const rows = new Set(packages.map(({ folder }) => /^(\d\d)-/.exec(folder)?.[1]).filter((row) => row !== undefined));
    assert.deepEqual([...rows].sort(), Array.from({ length: 42 }, (_, i) => String(i + 1).padStart(2, "0")));
  });
  for (const { folder, files } of packages) {
    it(`says what it expects: ${folder}`, () => {
      const result = readExpectations(files);
      assert.ok(result.ok, result.ok ? "" : result.error);
      assert.ok(result.value.length > 0, "no test and no run of main");
    });
  }
});
