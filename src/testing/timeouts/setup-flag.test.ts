import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { processRole, takeFlagBack, type ProcessFlags } from "./setup-flag.js";

const US = "unpark/node/timeouts";

describe("where the one line of node:test does its work", () => {
  const rows: readonly [what: string, process: Partial<ProcessFlags>, main: boolean, role: string][] = [
    ["node --test", { execArgv: ["--import", US, "--test"] }, true, "starts"],
    ["node --test without isolation", { execArgv: ["--import", US, "--test", "--test-isolation=none"] }, true, "tests"],
    ["a file of node --test", { execArgv: ["--import", US], env: { NODE_TEST_CONTEXT: "child-v8" } }, true, "tests"],
    ["the same, watched", { execArgv: ["--import", US], env: { NODE_TEST_CONTEXT: "child-v8", WATCH_REPORT_DEPENDENCIES: "1" }, send: () => true }, true, "tests"],
    ["a file of tests alone", { execArgv: ["--import", US] }, true, "tests"],
    ["a worker thread of a test", { execArgv: ["--import", US], env: { NODE_TEST_CONTEXT: "child-v8" } }, false, "other"],
    ["a forked process of a test", { execArgv: ["--import", US], env: { NODE_TEST_CONTEXT: "child-v8" }, send: () => true }, true, "other"],
  ];
  for (const [what, { execArgv = [], env = {}, send }, main, role] of rows) it(`${what}: ${role}`, () => assert.equal(processRole({ execArgv, env, send }, main), role));
});

describe("what a test's processes inherit", () => {
  const rows: readonly [execArgv: string[], options: string | undefined, left: readonly string[], leftOptions: string | undefined][] = [
    [["--import", US], undefined, [], undefined],
    [[`--import=${US}`, "--test"], "", ["--test"], ""],
    [["--import", "tsx", "--import", US, "--enable-source-maps"], undefined, ["--import", "tsx", "--enable-source-maps"], undefined],
    [["--import", "./node_modules/unpark/dist/src/testing/timeouts/in-node-test.js"], "--import ./my/node-timeouts-of.js", [], "--import ./my/node-timeouts-of.js"],
    [["--import", "not-unpark/node/timeouts.js"], `--import ${US}`, ["--import", "not-unpark/node/timeouts.js"], undefined],
    [[], `--max-old-space-size=100 --import=${US} --no-warnings`, [], "--max-old-space-size=100 --no-warnings"],
    [[], `--import "file:///x/dist/src/testing/timeouts/in-node-test.js"`, [], undefined],
    [["--import", "tsx"], "--import  tsx", ["--import", "tsx"], "--import  tsx"],
  ];
  for (const [execArgv, options, left, leftOptions] of rows) {
    it(`of ${JSON.stringify(execArgv)} and NODE_OPTIONS=${options ?? ""}`, () => {
      const flags = { execArgv: [...execArgv], env: options === undefined ? {} : { NODE_OPTIONS: options } };
      takeFlagBack(flags);
      assert.deepEqual([flags.execArgv, flags.env], [left, leftOptions === undefined ? {} : { NODE_OPTIONS: leftOptions }]);
    });
  }
});
