// After the runner's closing lines `npm test` says which tests failed: by file, by name, with the error's first lines.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const { failedTests, parseOutcomes, slowestFiles } = (await import(join(root, "scripts/tests/summary.mjs"))) as {
  readonly failedTests: (outcomes: unknown, root: string) => string;
  readonly parseOutcomes: (written: string) => unknown;
  readonly slowestFiles: (outcomes: unknown, cpuTimes: unknown, root: string) => string;
};

const folder = mkdtempSync(join(tmpdir(), "unpark-failed-"));
after(() => rmSync(folder, { recursive: true, force: true }));

/** What the runner printed, and what is said after it, of files by name. */
function tested(files: Readonly<Record<string, string>>): { readonly printed: string; readonly said: string } {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const { NODE_TEST_CONTEXT: _ours, ...env } = process.env;
  const argv = ["--test", "--test-reporter=tap", "--test-reporter-destination=stdout", `--test-reporter=${join(root, "scripts/tests/outcomes.mjs")}`, `--test-reporter-destination=${join(folder, "outcomes")}`, ...Object.keys(files)];
  const { stdout } = spawnSync(process.execPath, argv, { cwd: folder, env, encoding: "utf8" });
  return { printed: stdout, said: failedTests(parseOutcomes(readFileSync(join(folder, "outcomes"), "utf8")), folder) };
}

test("a test that failed is named with its suites, its file and line, and its error without control characters", () => {
  const { printed, said } = tested({
    "nested.test.mjs": `import { describe, it, test } from "node:test";
describe("outer", () => {
  describe("inner", () => { it("passes", () => {}); it("is wrong", () => { throw new Error("first\\u001b[31m red\\r\\nsecond"); }); });
  it("is wrong too", () => { throw new Error("third"); });
});
test("not yet", { todo: true }, () => { throw new Error("fourth"); });
`,
    "ends.test.mjs": `process.exit(3);\n`,
    "passes.test.mjs": `import { test } from "node:test";\ntest("passes", () => {});\n`,
  });
  assert.match(printed, /^# fail 3$/m);
  for (const words of ["failed: 3 tests", "  nested.test.mjs:3\n    outer > inner > is wrong\n      first red\n      second\n", "  nested.test.mjs:4\n    outer > is wrong too\n      third\n", "  ends.test.mjs\n    the file itself\n      test failed\n"]) {
    assert.ok(said.includes(words), `${words}\nin\n${said}`);
  }
});

test("nothing is said where all passed", () => {
  assert.equal(tested({ "passes.test.mjs": `import { test } from "node:test";\ntest("passes", () => {});\n` }).said, "");
});

test("--times: each file's seconds, of the wall and of processors, the costliest first; where /proc says nothing, by the wall", () => {
  const outcomes = [["a", 1000], ["b", 3000], ["c", 2000]].map(([name, milliseconds]) => ({ file: join(root, `${name}.test.js`), milliseconds }));
  const rows = (cpu: unknown): readonly string[] => slowestFiles(outcomes, cpu, root).trim().split("\n").map((line) => line.trim().replace(/ +/g, " "));
  assert.deepEqual(rows([{ file: join(root, "a.test.js"), own: 1.5, children: 2 }]), ["wall cpu children", "6.0 1.5 2.0 3 files", "1.0 1.5 2.0 a.test.js", "3.0 0.0 0.0 b.test.js", "2.0 0.0 0.0 c.test.js"]);
});
