import assert from "node:assert/strict";
import { test } from "node:test";
import { buildFixture, fixtureFolder, loadFixture } from "../../test/guest-fixture.js";
import { replay } from "../explore/replay-schedule.js";

test("thirty parallel tests, of which eight run at once: each gets its place in order, and nobody chooses who is next", async () => {
  const folder = fixtureFolder("crowd");
  const module = loadFixture(await buildFixture(folder, "tests"), ["-test.timeout=0"], { environment: ["PWD=/src"], mounts: [{ at: "/src", from: folder }], cwd: "/src" });
  const { outcome, schedule } = await replay(module.program(0), [], { steps: 20_000, natural: true });
  assert.deepEqual(outcome, { kind: "quiescent", exitCode: 0, cutShort: 0 });
  assert.deepEqual(schedule.filter(({ kind }) => kind === "meet"), []); // natively each place is a value on one channel, for which twenty wait
});
