// --fail-fast with real Go: one worker, so that what is begun is known.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, describe, it } from "node:test";
import { dispatch } from "../../src/cli/dispatch.js";
import { fakeIo } from "../../src/cli/testing/run-cli.js";

describe("--fail-fast", () => {
  const folder = mkdtempSync(join(tmpdir(), "unpark-fail-fast-"));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const write = (file: string, text: string): void => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  };
  write("go.mod", "module example.com/f\n\ngo 1.24\n");
  for (const name of ["a", "b"]) write(`${name}/x_test.go`, `package ${name}\n\nimport "testing"\n\nfunc TestFirst(t *testing.T) {}\n\nfunc TestLeak(t *testing.T) {\n\tgo func() { <-make(chan int) }()\n}\n\nfunc TestLast(t *testing.T) {}\n\nfunc TestVeryLast(t *testing.T) {}\n`);
  const unpark = async (...argv: string[]) => {
    const io = fakeIo({ cwd: folder, env: process.env });
    const code = await dispatch(["test", "--no-native", "--no-cache", "--workers=1", "--json", ...argv, "./..."], io);
    const { programs, leftOut, failures } = JSON.parse(io.out()) as { readonly programs: readonly { readonly package: string; readonly name: string; readonly findings: readonly object[] }[]; readonly leftOut?: number; readonly failures: readonly object[] };
    return { code, leftOut, failures: failures.length, names: programs.map((one) => `${one.package.slice(-1)} ${one.name}`), found: programs.filter(({ findings }) => findings.length > 0).length };
  };

  it("begins nothing more after the first finding, and counts what is left out", async () => {
    const all = await unpark();
    assert.deepEqual([all.code, all.names.length, all.found, all.leftOut], [1, 8, 2, undefined]);
    const fast = await unpark("-failfast");
    assert.deepEqual([fast.code, fast.failures, fast.found], [1, 0, 1], "the exit code says findings, not that something could not be done");
    assert.deepEqual(fast.names.slice(0, 2), ["a TestFirst", "a TestLeak"]);
    assert.equal(fast.leftOut, 8 - fast.names.length);
    assert.ok(fast.leftOut >= 4, String(fast.leftOut));
  });

  it("does not end at what is accepted, nor where a baseline is made", async () => {
    write(".unpark.yaml", "ignore:\n  - { function: example.com/f/a.*, reason: known, expires: 9999-12-31 }\n");
    const ignored = await unpark("--fail-fast");
    assert.deepEqual([ignored.code, ignored.names.includes("a TestVeryLast"), ignored.found], [1, true, 1]);
    rmSync(join(folder, ".unpark.yaml"));
    const made = await unpark("--fail-fast", "--baseline");
    assert.deepEqual([made.code, made.names.length, made.leftOut], [0, 8, undefined]);
    const known = await unpark("--fail-fast", "--baseline");
    assert.deepEqual([known.code, known.names.length], [0, 8]);
  });
});
