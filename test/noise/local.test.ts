// Nothing is lost by leaving out the standard library's steps that nobody else notices (host/ignored/local-sites.ts): programs end
// in the same ways with these steps and without them, or the exploration says that it is not complete, and every step is tried.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import { DEFAULT_CLOCK, LAZY_CLOCK, type ClockPolicy } from "../../src/explore/fairness.js";
import type { GoModule } from "../../src/host/go-module.js";
import { hasEveryStep, parseSchedule } from "../../src/model/run/schedule.js";
import { examineModule } from "../../src/pipeline/examine/examine-module.js";
import { loadModule } from "../../src/pipeline/go/load-module.js";
import { programOf, type ModuleSpec } from "../../src/pipeline/go/module-spec.js";
import { replay } from "../../src/explore/replay-schedule.js";
import { temporaryFolder } from "../../src/toolchain/testing/go-fixture.js";
import { buildFixture, fixtureFolder, loadFixture } from "../guest-fixture.js";
import { explored } from "./compare.js";

const SEEDS = 200 * Number(process.env["UNPARK_EFFORT"] ?? 1);
/** Of 200 seeds some whose goroutines hand over in a way that the first runs do not show. */
const REFUTED = 3;

/** Does it end in the same ways? `refuted`: it says itself that it does not try all. */
async function compare(module: GoModule, test: number, name: string, clock: ClockPolicy = LAZY_CLOCK): Promise<"same" | "refuted"> {
  const program = module.program(test);
  const few = await explored(program, clock);
  const all = await explored(module.program(test, "whole", "every"), clock);
  assert.equal(all.complete, true, name);
  assert.deepEqual(few.endings.filter((ending) => !all.endings.includes(ending)), [], name);
  assert.equal(few.complete, !program.isRefuted!(), name);
  if (!few.complete) return "refuted";
  assert.deepEqual(few.endings, all.endings, name);
  assert.equal(few.schedules, all.schedules, name); // steps that commute with all others make no trace of their own
  return "same";
}

const SMALL_NET = ["leak/both-read", "leak/dropped", "leak/held", "leak/deadline", "leak/writer", "leak/acceptor", "choice/accept", "choice/stream", "choice/full", "choice/directions", "choice/close", "udp/echo", "tcp/echo", "tcp/read-deadline", "pipe/echo", "pipe/deadline"];

describe("without the steps of the library's that nobody else notices: the same ends", () => {
  let random: Uint8Array;
  const refuted: number[] = [];
  before(async () => {
    random = await buildFixture(fixtureFolder("local"), "main");
  });

  it("random programs that hand over what they had for themselves", async () => {
    for (let seed = 1; seed <= SEEDS; seed++) if ((await compare(loadFixture(random, [String(seed)]), -1, `local ${seed}`)) === "refuted") refuted.push(seed);
    assert.ok(refuted.length >= REFUTED && refuted.length < SEEDS / 10, `${refuted.length} of ${SEEDS} were refuted`);
  });

  it("where a run refutes what the first runs have shown, every step is tried, and the schedules say so", async () => {
    const wasm = join(temporaryFolder(), "local.wasm");
    writeFileSync(wasm, random);
    let leaks = 0;
    for (const seed of refuted) {
      const spec: ModuleSpec = {
        name: "local", package: "local", kind: "main", wasm, args: ["local", String(seed)], environment: ["PWD=/"], mounts: [], cwd: "/",
        goVersion: "", reachability: false, limits: [],
      };
      const done = await examineModule(spec, { index: -1 }, { budget: 300_000, workers: 1, seed: 1, clock: LAZY_CLOCK }, {});
      assert.ok(done.ok);
      const { coverage, findings } = done.value;
      assert.equal(coverage.complete, true, `${seed}: ${coverage.stoppedBy}`);
      for (const { schedule } of findings) {
        assert.ok(schedule !== undefined && hasEveryStep(schedule));
        const parsed = parseSchedule(schedule);
        const module = loadModule(spec);
        assert.ok(parsed.ok && module.ok);
        const end = await replay(programOf(module.value, { index: -1, everyStep: true }), parsed.value, {});
        assert.equal(typeof end.stopped, "undefined");
        leaks++;
      }
    }
    assert.ok(leaks > 0, "none of them leaks");
  });

  it("programs on sockets", async () => {
    const wasm = await buildFixture(fixtureFolder("net"), "main");
    for (const name of SMALL_NET) for (const clock of [LAZY_CLOCK, DEFAULT_CLOCK]) assert.equal(await compare(loadFixture(wasm, [name]), -1, name, clock), "same");
  });

});
