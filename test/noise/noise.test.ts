// Nothing is lost by noise: each program ends in the same ways with the standard library's inner locks let through and
// with each of them a choice (host/ignored/ignored-operations.ts). `node scripts/noise.mjs` writes the table of docs/noise.md.
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { readFileSync } from "node:fs";
import { fixtureFolder } from "../guest-fixture.js";
import { compared, loadBoth, LOST } from "./compare.js";

const source = readFileSync(`${fixtureFolder("noise")}/noise_test.go`, "utf8");
const names = [...source.matchAll(/^func (Test\w+)\(/gm)].map(([, name]) => name!);

describe("with noise and without: the same ends", () => {
  let modules: Awaited<ReturnType<typeof loadBoth>>;
  before(async () => {
    modules = await loadBoth();
  });

  for (const name of names) {
    it(name, async () => {
      const { quiet, loud } = await compared(modules, modules.quiet.tests.indexOf(name));
      assert.equal(quiet.complete, true);
      assert.ok(quiet.schedules <= loud.schedules || !loud.complete, `${quiet.schedules} schedules, ${loud.schedules} where all is a choice`);
      const lost = loud.endings.filter((ending) => !quiet.endings.includes(ending));
      if (name in LOST) return assert.ok(lost.length > 0, `no longer lost: ${LOST[name]}`);
      assert.deepEqual(lost, []);
      if (loud.complete) assert.deepEqual(quiet.endings, loud.endings);
    });
  }

  it("a log that writes into a channel is no noise: its lock is a choice, and both lines may be the one left behind", async () => {
    const { quiet } = await compared(modules, modules.quiet.tests.indexOf("TestLogThatWaits"));
    assert.equal(quiet.schedules, 2);
    assert.deepEqual(quiet.endings, ["quiescent | 1.1.1:send |  | first b", "quiescent | 1.1.2:send |  | first a"]);
  });
});
