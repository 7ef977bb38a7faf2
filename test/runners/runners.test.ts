// The real vitest, jest and node:test on a user's project (test/runners/project): who passes, who fails, and what the
// failure says. Each row is one run of one runner.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { tool, userProject, type Project } from "./project.js";

interface Runner {
  readonly name: string;
  readonly args: readonly string[];
  readonly spec: string;
  /** What the runner prints around the name of a test that passed, and of one that failed. jest prints no duration for a test of 0 ms. */
  readonly passed: RegExp;
  readonly failed: RegExp;
  /** The runner shows the guilty line's source by itself. */
  readonly frame?: RegExp;
  readonly matchers: boolean;
}

/** Each pool is a realm, or a process, of its own kind; the lines must be the source's in all of them. */
const vitest = (pool: string): Runner => ({
  name: `vitest, ${pool}`,
  args: [tool("vitest/vitest.mjs"), "run", "--reporter=verbose", `--pool=${pool}`],
  spec: "vitest.spec.ts",
  passed: /✓ .*> (.*?)(?: +\d+m?s)?$/gm,
  failed: /× .*> (.*?)(?: +\d+m?s)?$/gm,
  frame: /first-answer\.ts:8:1\n[\s\S]*await answer\.send\("late"\)/,
  matchers: true,
});

const jest = (version: string, kind: "ES modules" | "CommonJS"): Runner => ({
  name: `${version}, ${kind}`,
  args: [...(kind === "CommonJS" ? [tool(`${version}/bin/jest.js`), "-c", "jest.cjs.config.mjs"] : ["--experimental-vm-modules", "--no-warnings", tool(`${version}/bin/jest.js`), "-c", "jest.config.mjs"])],
  spec: "jest.spec.ts",
  passed: /✓ (.*?)(?: \(\d+ m?s\))?$/gm,
  failed: /✕ (.*?)(?: \(\d+ m?s\))?$/gm,
  frame: /> +8 \| +await answer\.send\("late"\)[\s\S]*at ask \(first-answer\.ts:8:1\)/,
  matchers: true,
});

const RUNNERS: readonly Runner[] = [
  ...["forks", "threads", "vmForks", "vmThreads"].map(vitest),
  ...["jest", "jest-30"].flatMap((version) => [jest(version, "ES modules"), jest(version, "CommonJS")]),
  {
    name: "node",
    args: ["--import", tool("tsx/dist/esm/index.mjs"), "--test-reporter=spec", "--test", "node.spec.ts"],
    spec: "node.spec.ts",
    passed: /✔ (.*?) \(\d/g,
    failed: /✖ (.*?) \(\d/g,
    matchers: false,
  },
];

const names = (text: string, pattern: RegExp): readonly string[] => [...new Set([...text.matchAll(pattern)].map((match) => match[1]!))].sort();

for (const runner of RUNNERS) {
  describe(runner.name, () => {
    const project: Project = userProject(runner.name.replace(/\W+/g, "-"), {});
    after(() => project.remove());
    const env = { ...process.env, NO_COLOR: "1", FORCE_COLOR: "0", NODE_OPTIONS: "", NODE_TEST_CONTEXT: undefined, CI: "1" };
    const { status, stdout, stderr } = spawnSync(process.execPath, runner.args, { cwd: project.folder, env, encoding: "utf8", timeout: 120_000 });
    const text = `${stdout}\n${stderr}`;

    it("fails, for some of its tests leak", () => assert.equal(status, 1, text));

    it("passes what is clean, and fails what leaks", () => {
      const matchers = runner.matchers ? ["matcher of an await, and a mock", "matcher that expects the leak", "matcher with room"] : [];
      const without = runner.matchers ? ["matcher without room"] : [];
      // node:test names the suites among the others.
      const suites = (list: readonly string[]): readonly string[] => list.filter((name) => !/^(first answer|not explored)$/.test(name));
      assert.deepEqual(suites(names(text, runner.passed)), ["leaves nothing", ...matchers, "with room"].sort(), text);
      assert.deepEqual(suites(names(text, runner.failed)), ["leaves one", ...without, "without room"].sort(), text);
    });

    it("says the verdict, the source's own line, the proof, and how it comes to that", () => {
      assert.match(text, /--- FAIL: .*without room.*\n {4,}leaked: 1 goroutine, .*\[early-return\]/);
      assert.match(text, /main\.ask {3}\S*first-answer\.ts:8 {3}chan send\n +await answer\.send\("late"\);/);
      assert.match(text, /leaked: .*, proved/);
      assert.match(text, /2 +clock +\+100ms \(now 1s\)/);
      assert.match(text, /1\.1 +is blocked for ever \(chan send on channel A\) +first-answer\.ts:8 {2}await answer/);
      assert.match(text, /FAIL {4}\S*\.spec\.ts +1 test, explored completely \(6 schedules\)/);
      if (runner.frame !== undefined) assert.match(text, runner.frame);
    });

    it("says who is left where a test is not explored", () => {
      const lines = readFileSync(join(project.folder, runner.spec), "utf8").split("\n");
      const line = lines.findIndex((one) => one.includes("new Chan<number>().recv()")) + 1;
      assert.match(text, new RegExp(`\\[chan receive\\]:\\s+main\\.forgotten\\(\\.\\.\\.\\)\\s+\\S*/${runner.spec}:${line} `));
    });
  });
}
