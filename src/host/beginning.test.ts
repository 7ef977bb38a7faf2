// Runs that begin at the kept world behind a program's first step are those that begin at the start (host/go-program.ts, Beginning).
import assert from "node:assert/strict";
import { before, it } from "node:test";
import { buildFixture, fixtureFolder, loadFixture } from "../../test/guest-fixture.js";
import { Prng } from "../base/prng.js";
import type { Program, Run } from "../model/run/program.js";
import type { GoModule } from "./go-module.js";

/** The first begins at the start, the second keeps what it comes to, the others begin there. */
const RUNS = 4;

interface Seen {
  readonly steps: readonly string[];
  readonly outcome: string;
  readonly output: string;
}

function aRun(program: Program): Seen {
  const random = new Prng(3);
  let output = "";
  const run = program.start({ output: (_, bytes) => (output += Buffer.from(bytes).toString()) }) as Run;
  const steps: string[] = [];
  while (run.outcome() === undefined) {
    const pending = run.pending();
    steps.push(JSON.stringify(pending, (_, value: unknown) => (typeof value === "bigint" ? `${value}` : value)));
    const choices = pending.flatMap(({ alternatives }) => alternatives);
    void run.take(choices[random.below(choices.length)]!);
  }
  return { steps, outcome: JSON.stringify(run.outcome(), (_, value: unknown) => (typeof value === "bigint" ? `${value}` : value)), output };
}

let tests: Uint8Array;
const folder = fixtureFolder("testing");
const load = (more: readonly string[]): GoModule =>
  loadFixture(tests, ["-test.timeout=0", ...more], { environment: ["PWD=/src", "TMPDIR=/tmp"], mounts: [{ at: "/src", from: folder }], cwd: "/src" });
before(async () => {
  tests = await buildFixture(folder, "tests");
});

for (const [what, more] of [["tests", []], ["tests that write in their first step", ["-test.v"]]] as const) {
  it(`${what}: each run has the same steps, output, subtests and files`, () => {
    const module = load(more);
    module.tests.forEach((name, index) => {
      const program = module.program(index);
      const seen = (): unknown => ({ ...aRun(program), subtests: module.subtests, inputs: module.inputs.all.map(([path]) => path).sort() });
      module.inputs.begin();
      const [first, ...later] = Array.from({ length: RUNS }, seen);
      module.inputs.begin(); // the same program is examined once more
      for (const one of [...later, ...Array.from({ length: RUNS }, seen)]) assert.deepEqual(one, first, name);
      if (name === "TestFiles") assert.match(JSON.stringify(first), /greeting\.txt/);
      if (name === "TestParallelSubtests") assert.deepEqual(module.subtests, ["TestParallelSubtests/leaks", "TestParallelSubtests/sleeps"]);
    });
  });
}

it("programs of one module in turns, and one that is a subtest alone", () => {
  const module = load([]);
  const index = module.tests.indexOf("TestParallelSubtests");
  const programs = [module.program(0), module.program(index), module.program(index, { subtest: "TestParallelSubtests/sleeps" }), module.program(index, "whole", "every")];
  const first = programs.map(aRun);
  assert.equal(new Set(first.map((one) => JSON.stringify(one))).size, programs.length - 1); // nothing is left out in it
  for (const times of [1, 2, 3]) programs.forEach((program, at) => Array.from({ length: times }, () => assert.deepEqual(aRun(program), first[at])));
});

it("sockets: a server and its client", async () => {
  const program = loadFixture(await buildFixture(fixtureFolder("net"), "main"), ["http/three"]).program();
  const first = aRun(program);
  for (let n = 1; n < RUNS; n++) assert.deepEqual(aRun(program), first);
});
