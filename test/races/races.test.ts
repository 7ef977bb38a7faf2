// Data races of compiled Go: fixtures/races has programs with and without one, as each says; an exploration with one is not
// complete, and says between whom. `go test -race` in that folder says the same of those with a race.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { before, describe, it, test } from "node:test";
import { fileURLToPath } from "node:url";
import { BIN } from "../../src/cli/testing/bin.js";
import { replay } from "../../src/explore/replay-schedule.js";
import type { GoModule } from "../../src/host/go-module.js";
import { buildFixture, fixtureFolder, loadFixture } from "../guest-fixture.js";

const folder = fixtureFolder("races");
const files = ["races_test.go", "bubbles_test.go"].map((file) => readFileSync(`${folder}/${file}`, "utf8"));
const rows = [...files.join("\n").matchAll(/^func (Test\w+)\(.* \/\/ (race|none)$/gm)].map(([, name, word]) => ({ name: name!, races: word === "race" }));

describe("a program's natural schedule, watched", () => {
  let module: GoModule;
  before(async () => {
    module = loadFixture(await buildFixture(folder, "tests"), ["-test.timeout=0"], { watched: true });
  });

  for (const { name, races } of rows) {
    it(`${name}: ${races ? "a race" : "none"}`, async () => {
      const end = await replay(module.program(module.tests.indexOf(name)), []);
      assert.equal(end.outcome?.kind, "quiescent");
      const found = module.races();
      assert.equal(found.length > 0, races, JSON.stringify(found));
    });
  }
});

interface Reported {
  readonly programs: readonly { readonly name: string; readonly complete: boolean; readonly stoppedBy?: string; readonly limits: readonly string[] }[];
}

test("an exploration with a data race is not complete, and names the two functions; without one it is, as before", () => {
  const argv = [BIN, "test", "--no-native", "--budget=60s", "--json", "-run", "^(TestReadWhileWritten|TestMutex|TestPool)$", "."];
  const { stdout, stderr, status } = spawnSync(process.execPath, argv, { cwd: folder, encoding: "utf8" });
  assert.equal(status, 0, stderr);
  const { programs } = JSON.parse(stdout) as Reported;
  assert.deepEqual(programs.map(({ name, complete, stoppedBy }) => [name, complete, stoppedBy]), [
    ["TestReadWhileWritten", false, "orders of a data race were not tried"],
    ["TestMutex", true, undefined],
    ["TestPool", true, undefined],
  ]);
  assert.match(programs[0]!.limits.join(), /races\.TestReadWhileWritten\.func1 writes a variable that example\.test\/races\.TestReadWhileWritten uses, and no operation/);
});

test("a goroutine without a function of its own is named by the line that starts it", () => {
  const cwd = fileURLToPath(new URL("../../../examples/go", import.meta.url));
  const { stdout } = spawnSync(process.execPath, [BIN, "run", "--json", "--schedules=20", "./24-lock-no-unlock"], { cwd, encoding: "utf8" });
  const { programs } = JSON.parse(stdout) as Reported;
  assert.match(programs[0]!.limits.join(), /^the goroutine that main\.main starts at main\.go:22 writes a variable that main\.main uses, and no operation/);
});
