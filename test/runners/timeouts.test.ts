// What one line of set-up makes each runner say of the same seven tests, under the real runners: of a test that timed out, which
// of its awaits can never go on, proved, and which merely have not; of tests that pass, what they leave behind; nothing else.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { after, describe, it } from "node:test";
import { tool, userProject } from "./project.js";

interface Runner {
  readonly name: string;
  readonly args: readonly string[];
  readonly spec: string;
  /** Lines more in this runner's spec than in vitest's. */
  readonly shift: number;
  /** How the runner marks a test that passed, and one that did not. */
  readonly marks: readonly [passed: string, failed: string];
  /** Said of a test that only this runner ends so. */
  readonly ended: number;
}

const vitest: Runner = { name: "vitest", args: [tool("vitest/vitest.mjs"), "run", "--reporter=verbose"], spec: "vitest.spec.ts", shift: 0, marks: ["✓", "×"], ended: 0 };
const jest = (version: string): readonly Runner[] => {
  const one = { spec: "jest.spec.ts", shift: 0, marks: ["✓", "✕"], ended: 0 } as const;
  return [
    { ...one, name: `${version}, CommonJS`, args: [tool(`${version}/bin/jest.js`), "-c", "jest.cjs.config.mjs"] },
    { ...one, name: `${version}, ES modules`, args: ["--experimental-vm-modules", "--no-warnings", tool(`${version}/bin/jest.js`), "-c", "jest.esm.config.mjs"] },
  ];
};
const nodeTest: Runner = {
  name: "node:test",
  args: ["--import", tool("tsx/dist/esm/index.mjs"), "--import", "unpark/node/timeouts", "--test-reporter=spec", "--test", "node.spec.ts"],
  spec: "node.spec.ts",
  shift: 5,
  marks: ["✔", "✖"],
  ended: Number(process.versions.node.split(".")[0]) < 24 ? 1 : 0, // later ones end no file in which a test waits for nothing
};

const NEVER = "the await at pool.ts:7 can never go on: proved";
const WHY = "nothing that could settle the promise that it awaits is reachable any more; it was made at pool.ts:7";
const notYet = (place: string): string => `the await at ${place} has not gone on; something that is still reachable may settle it`;
const PASS = ["begins what can never go on", "begins what may go on", "passes"];
const FAIL = ["a pool of the module is empty", "fails", "is slow", "its own pool is empty"];

for (const runner of [vitest, ...jest("jest"), ...jest("jest-30"), nodeTest]) {
  describe(runner.name, () => {
    const project = userProject(`timeouts-${runner.name.replace(/\W+/g, "-")}`, {}, "test/runners/timeouts");
    after(() => project.remove());
    const env = { ...process.env, NO_COLOR: "1", FORCE_COLOR: "0", NODE_OPTIONS: "", NODE_TEST_CONTEXT: undefined, CI: "1" };
    const { status, stdout, stderr } = spawnSync(process.execPath, runner.args, { cwd: project.folder, env, encoding: "utf8", timeout: 120_000 });
    const text = `${stdout}\n${stderr}`;
    const at = (line: number): string => `${runner.spec}:${line + runner.shift}`;
    // Each failure is printed again at the end of the run: what is said at all, in its order.
    const said = text.split("\n").flatMap((line) => /^\W*(unpark: .*|nothing that could .*|waited for .*)/.exec(line)?.[1]?.replace(/["\]]$/, "") ?? []);
    const lines = [...new Set(said)].sort();

    it("passes and fails as without it", () => {
      const [passed, failed] = runner.marks;
      const marked = (mark: string, names: readonly string[]): readonly string[] => names.filter((name) => text.includes(mark) && text.split("\n").some((line) => line.includes(mark) && line.includes(name)));
      assert.deepEqual([status, marked(passed, PASS), marked(failed, PASS), marked(passed, FAIL), marked(failed, FAIL)], [1, PASS, [], [], FAIL], text);
    });

    it("explains the time-outs, and tells what the others leave behind", () => {
      const ended = runner.ended === 0 ? [] : ['unpark: in "a suite > waits for nobody":', `waited for in turn by func (${at(51)})`];
      const expected = [
        WHY,
        'unpark: "begins what can never go on" leaves behind: ' + NEVER,
        'unpark: "begins what may go on" leaves behind: ' + notYet("pool.ts:7"),
        `unpark: ${NEVER}`,
        `unpark: ${notYet("pool.ts:7")}`,
        `unpark: ${notYet(at(16))}`,
        `waited for in turn by func (${at(7)})`,
        `waited for in turn by query (${at(31)})`,
        ...ended,
      ];
      assert.deepEqual(lines, expected.sort(), text);
    });
  });
}

describe("node:test, what a test sees of its process, and of its workers and children", () => {
  const project = userProject("timeouts-seen", {}, "test/runners/timeouts");
  after(() => project.remove());
  const run = (args: readonly string[], options: string): readonly [number | null, string, string] => {
    const env = { ...process.env, NO_COLOR: "1", FORCE_COLOR: "0", NODE_OPTIONS: options, NODE_TEST_CONTEXT: undefined };
    const { status, stdout } = spawnSync(process.execPath, [...args, "--test-reporter=tap", "--test", "seen.test.mjs"], { cwd: project.folder, env, encoding: "utf8", timeout: 60_000 });
    return [status, /^# seen (.*)$/m.exec(stdout)?.[1] ?? stdout, stdout.split("\n").filter((line) => /^(not )?ok |^# (tests|pass|fail) /.test(line)).join("\n")];
  };
  const without = run([], "--no-warnings");
  it("prints what it should", () => assert.match(without[1], /"worker":"thrown by the program","forked":\[0,"a program's own output/));
  it("is as without the flag", () => assert.deepEqual(run(["--import", "unpark/node/timeouts"], "--no-warnings"), without));
  it("is as without the flag in NODE_OPTIONS", () => assert.deepEqual(run([], "--no-warnings --import=unpark/node/timeouts"), without));
});
