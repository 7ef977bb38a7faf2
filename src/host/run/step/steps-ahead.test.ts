import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { buildFixture, fixtureFolder, loadFixture } from "../../../../test/guest-fixture.js";
import { replay } from "../../../explore/replay-schedule.js";
import type { Program, RunOptions } from "../../../model/run/program.js";
import { formatSchedule } from "../../../model/run/schedule.js";
import type { GoModule } from "../../go-module.js";

/** A natural run, and how often the host was asked for a step. */
async function natural(program: Program, options: RunOptions): Promise<{ readonly told: unknown; readonly steps: number; readonly takes: number }> {
  let output = "";
  let takes = 0;
  const counted: Program = {
    name: program.name,
    start: (given) => {
      const run = program.start(given);
      assert.ok(!(run instanceof Promise));
      const take = run.take.bind(run);
      run.take = (choice, goesOn) => (takes++, take(choice, goesOn));
      return run;
    },
  };
  const end = await replay(counted, [], { steps: 20_000, natural: true, ...options, output: (stream, bytes) => (output += `${stream} ${new TextDecoder().decode(bytes)}`) });
  assert.equal(typeof end.stopped === "object" ? end.stopped.diverged.message : "", "");
  const left = (await end.run.goroutines()).goroutines.map(({ name, state, waitReason, unreachable }) => ({ name, state, waitReason, unreachable }));
  return { told: { schedule: formatSchedule(end.schedule), outcome: end.outcome, now: end.run.now(), stalls: end.stalls, left, output }, steps: end.schedule.length, takes };
}

describe("a run with steps that are taken at once is the run that stops before each (A1)", () => {
  let main: Uint8Array;
  let tests: GoModule;
  before(async () => {
    main = await buildFixture(fixtureFolder("host"), "main");
    const testing = fixtureFolder("testing");
    tests = loadFixture(await buildFixture(testing, "tests"), ["-test.timeout=0"], { environment: ["PWD=/src"], mounts: [{ at: "/src", from: testing }], cwd: "/src" });
  });

  async function same(program: Program): Promise<number> {
    const stopping = await natural(program, { trace: true }); // a traced run stops before each step
    const ahead = await natural(program, {});
    assert.deepEqual(ahead.told, stopping.told);
    assert.equal(stopping.takes, stopping.steps);
    return stopping.takes - ahead.takes;
  }

  for (const name of ["query", "locks", "readers", "abba", "default", "timeout", "sleepers", "stop", "once", "cond", "atomics", "ahead", "map", "writer", "selects", "context", "spinlock", "ticker"]) {
    it(name, async () => void (await same(loadFixture(main, [name]).program())));
  }

  it("work of a hundred steps stops a few times", async () => assert.ok((await same(loadFixture(main, ["ahead"]).program())) > 300));

  it("tests, with subtests, parallel ones and synctest's bubbles", async () => {
    for (const i of tests.tests.keys()) await same(tests.program(i));
  });
});
