// `unpark test`, `unpark run` and `unpark replay` on a user's TypeScript project, with the real runners.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { BIN } from "../../src/cli/testing/bin.js";
import { tool, userProject } from "./project.js";

const { folder, remove } = userProject("cli", { vitest: "*", jest: "*" });
cpSync(tool("../test/runners/more"), folder, { recursive: true });
after(remove);

function unpark(args: readonly string[], cwd = folder): { readonly status: number | null; readonly stdout: string; readonly stderr: string } {
  const env = { ...process.env, NO_COLOR: "1", FORCE_COLOR: "0", NODE_TEST_CONTEXT: undefined, NODE_OPTIONS: "", CI: "1", GITHUB_ACTIONS: undefined };
  return spawnSync(process.execPath, [BIN, ...args], { cwd, env, encoding: "utf8", timeout: 120_000 });
}

interface Program {
  readonly name: string;
  readonly package: string;
  readonly findings: readonly { readonly verdict: string; readonly blocked: { readonly file: string; readonly line: number } }[];
}

describe("unpark test: one report of what the project's own runner found", () => {
  for (const [runner, spec, more] of [
    ["vitest", "vitest.spec.ts", 4],
    ["jest", "jest.spec.ts", 4],
    ["node", "node.spec.ts", 0],
  ] as const) {
    it(`${runner}: JSON, and the exit code`, () => {
      const { status, stdout, stderr } = unpark(["test", "--json", `--runner=${runner}`, spec]);
      assert.equal(status, 1, stderr);
      const { programs, failures, origin } = JSON.parse(stdout) as { programs: Program[]; failures: unknown[]; origin: { runner: string } };
      assert.deepEqual(failures, []);
      assert.equal(origin.runner, runner);
      assert.equal(programs.length, 4 + more);
      assert.ok(programs.every((one) => one.package === spec));
      const leaks = programs.flatMap(({ findings }) => findings.map(({ verdict, blocked }) => `${verdict} ${blocked.file.slice(folder.length + 1)}`)).sort();
      assert.deepEqual(leaks, [`abandoned ${spec}`, ...Array.from({ length: more > 0 ? 2 : 1 }, () => "leaked first-answer.ts")]);
      assert.match(stderr, /with room/); // what the runner prints is talk
    });
  }

  it("text, JUnit and SARIF; a test by name; the schedule replayed from the report", () => {
    const { status, stdout } = unpark(["test", "-run", "without room", "--json=r.json", "--junit=r.xml", "--sarif=r.sarif", "vitest.spec.ts"]);
    assert.equal(status, 1);
    // Two tests show the same: one of them in full.
    assert.match(stdout, /--- FAIL: first answer > matcher without room .*\n {4}leaked: .*\[early-return\]\n.*first-answer\.ts:8 {3}chan send/);
    assert.match(stdout, /more unpark replay 'u1 @\*2 1\/1 1\.1' --runner=vitest --test='first answer > matcher without room' vitest\.spec\.ts/);
    assert.match(stdout, /--- FAIL: first answer > without room .*\n {4}leaked: .*\[early-return\] {2}as in first answer > matcher without room above, at first-answer\.ts:8\n/);
    const again = unpark(["replay", "r.json"]);
    assert.equal(again.status, 1, again.stderr);
    assert.match(again.stdout, /1 test, replayed|  replayed /);
    const typed = unpark(["replay", "u1 @*2 1/1 1.1", "--runner=vitest", "--test=first answer > without room", "vitest.spec.ts"]);
    assert.equal(typed.status, 1, typed.stderr);
    const other = unpark(["replay", "u1 1.7", "--test=first answer > without room", "vitest.spec.ts"]);
    assert.equal(other.status, 2);
    assert.match(other.stdout, /diverges/);
  });

  it("clean tests: exit code 0", () => {
    const { status, stdout } = unpark(["test", "-run", "with room", "vitest.spec.ts"]);
    assert.equal(status, 0, stdout);
    assert.match(stdout, /No leak\..*\n2 tests in \d packages?: 2 explored completely \(20 schedules/);
  });

  for (const [name, args, status, expected] of [
    ["the flags win over what a test says", ["test", "--schedules=1", "-run", "with room", "vitest.spec.ts"], 0, /2 not: the limit of schedules was reached \(--schedules\)/],
    ["a test that fails by itself", ["test", "broken.spec.ts"], 1, /--- FAIL: vitest {2}\(broken\.spec\.ts\)[^]*vitest ended with exit code 1: a test that is not explored fails/],
    ["nothing is explored", ["test", "plain.spec.ts"], 2, /CANNOT plain\.spec\.ts: vitest ran no test that calls explore or leak\.verifyNone .*\(every test passed\)/],
    ["a foreign await", ["test", "foreign.spec.ts"], 2, /CANNOT foreign\.spec\.ts awaits what nobody controls: (?:goroutine 1 .* awaits a promise at|an answer from outside \(FSREQCALLBACK\), asked for at) .*foreign\.spec\.ts:7/],
    ["a folder without tests", ["test", "--runner=node", "./node_modules/unpark/bin"], 2, /there is no test file in/],
  ] as const) {
    it(name, () => {
      const done = unpark(args);
      assert.equal(done.status, status, done.stdout + done.stderr);
      assert.match(done.stdout, expected);
    });
  }

  it("words that do not fit: said before anything runs", () => {
    assert.match(unpark(["test", "--runner=mocha", "."]).stderr, /--runner takes vitest, jest or node, but got 'mocha'/);
    assert.match(unpark(["test", "-tags=x", "vitest.spec.ts"]).stderr, /-tags is of Go tests, but vitest\.spec\.ts is TypeScript/);
  });
});

describe("unpark run program.ts", () => {
  it("explores what it hands to runtime.main, with its arguments", () => {
    const { status, stdout, stderr } = unpark(["run", "program.ts", "--", "-c", "2"]);
    assert.equal(status, 1, stderr);
    assert.match(stdout, /^main exit -c 2\nFAIL .*\n\n--- FAIL: .*\n {4}leaked: .*\[send-without-receiver\]\n {8}main\.lost {3}program\.ts:6 {3}chan send/);
    assert.doesNotMatch(stdout, /not reached/);
    const again = unpark(["replay", "u1", "program.ts"]);
    assert.equal(again.status, 1, again.stderr);
    assert.match(again.stdout, /leaked: .*\n.* {3}program\.ts:6 {3}chan send/);
  });

  it("or its exported main, without arguments", () => {
    const { status, stdout } = unpark(["run", "exported.mjs"]);
    assert.equal(status, 0, stdout);
    assert.match(stdout, /^1\nok {6}exported\.mjs /);
  });

  it("what it prints is no work of the outside's", () => {
    const { status, stdout } = unpark(["run", "printing.mjs"]);
    assert.equal(status, 1, stdout);
    assert.match(stdout, /^printed\nFAIL .*\n\n--- FAIL: .*\n {4}leaked: .*\[send-without-receiver\]/);
  });

  it("a script without a main, a file that is not there", () => {
    assert.match(unpark(["run", "nothing.mjs"]).stdout, /CANNOT nothing\.mjs: it neither calls runtime\.main/);
    const none = unpark(["run", "none.ts"]);
    assert.equal(none.status, 2);
    assert.match(none.stdout, /CANNOT none\.ts: there is no such file/);
  });

  it("a program that imports another copy of Unpark: which, and what to do", () => {
    cpSync(join(folder, "node_modules/unpark"), join(folder, "vendored"), { recursive: true });
    writeFileSync(join(folder, "second.mjs"), 'import { Chan, go } from "./vendored/dist/src/index.js";\nexport async function main() {\n  const ch = new Chan();\n  go(() => ch.recv());\n}\n');
    const { status, stdout } = unpark(["run", "second.mjs"]);
    assert.equal(status, 2, stdout);
    assert.match(stdout, /CANNOT second\.mjs: a second copy of Unpark is loaded, \S+\/vendored\/dist\/src beside \S+\/node_modules\/unpark\/dist\/src, .*import one of them everywhere/);
  });

  it("where nothing runs TypeScript, or Unpark is not installed: what to do", () => {
    const bare = mkdtempSync(join(tmpdir(), "unpark-bare-"));
    try {
      cpSync(join(folder, "exported.mjs"), join(bare, "exported.mjs"));
      cpSync(join(folder, "program.ts"), join(bare, "program.ts"));
      assert.match(unpark(["run", "exported.mjs"], bare).stdout, /CANNOT exported\.mjs: unpark is not installed where it is: npm install unpark/);
      const expected = (process.features as { readonly typescript?: unknown }).typescript ? /npm install unpark/ : /does not run TypeScript by itself: install tsx/;
      const { stdout, stderr } = unpark(["run", "program.ts"], bare);
      assert.match(stdout, expected, stdout + stderr);
    } finally {
      rmSync(bare, { recursive: true });
    }
  });
});
