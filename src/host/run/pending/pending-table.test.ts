import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { buildFixture, fixtureFolder, loadFixture } from "../../../../test/guest-fixture.js";
import { walk } from "../../../../test/pending-walk.js";
import type { GoModule } from "../../go-module.js";

describe("the table says what looking at everybody says (T1), after every step", () => {
  let main: Uint8Array;
  let tests: GoModule;
  before(async () => {
    main = await buildFixture(fixtureFolder("host"), "main");
    const testing = fixtureFolder("testing");
    const wasm = await buildFixture(testing, "tests");
    tests = loadFixture(wasm, ["-test.timeout=0"], { environment: ["PWD=/src"], mounts: [{ at: "/src", from: testing }], cwd: "/src" });
  });
  for (const name of ["query", "locks", "readers", "abba", "default", "timeout", "sleepers", "stop", "once", "cond", "atomics", "map", "writer", "selects", "context", "spinlock", "ticker"]) {
    it(name, () => assert.ok(walk(loadFixture(main, [name]).program(), 12) > 0));
  }
  // The list is mended in place (pending-list.ts) only where few of many have moved.
  for (const args of [["grow", "60", "3"], ["copies", "40", "4"], ["copies", "100", "3"]]) {
    it(args.join(" "), () => assert.ok(walk(loadFixture(main, args).program(), 4) > 200));
  }
  it("meets: what each of many can do is kept as those on the other side come and go (crowded-channel.ts)", () => {
    assert.ok(walk(loadFixture(main, ["meets", "30"]).program(), 4) >= 200);
  });
  // A select's cases are read from the stack again and again by the one, and once by the other.
  it("depths: the cases of a select are where the host was told, however deep the stack is", () => {
    assert.ok(walk(loadFixture(main, ["depths"]).program(), 1) > 300);
  });
  it("tests, with subtests, parallel ones and synctest's bubbles", () => {
    let steps = 0;
    tests.tests.forEach((_, i) => (steps += walk(tests.program(i), 4)));
    assert.ok(steps > 400, `${steps} steps`);
  });
});
