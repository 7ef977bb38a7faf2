// The set of outcomes over all schedules is the same in Go (explored in its host) and in TypeScript (in its own).
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, describe, it } from "node:test";
import { explore } from "../../src/explore/explorer.js";
import { DporSearch } from "../../src/explore/dpor/dpor-search.js";
import type { GoModule } from "../../src/host/go-module.js";
import { loadGo } from "../../src/host/go-program.js";
import type { Program, Run, RunOptions } from "../../src/model/run/program.js";
import { ControlledProgram } from "../../src/runtime/control/controlled-program.js";
import { everySchedule, type ScheduleEnding } from "../../src/runtime/testing/depth-first.js";
import { buildTests } from "../../src/toolchain/go/build.js";
import { cacheFolder } from "../../src/base/user-folders.js";
import { machineGo, temporaryFolder, writeFiles } from "../../src/toolchain/testing/go-fixture.js";
import { controlPatches } from "../../src/toolchain/patches/control-patches.js";
import { makeOverlay } from "../../src/toolchain/overlay/overlay.js";
import { listPackages } from "../../src/toolchain/go/packages.js";
import { PROGRAMS } from "./programs.js";
import { told } from "./told.js";
import { goModule } from "./to-go.js";
import { typescript } from "./to-typescript.js";

/** Go's library locks mutexes of its own (context, testing): with more schedules than this, the reduced search takes over. */
const PLAIN = 500;
const REDUCED = 20_000;
/** Timers may win over whatever else could run, as often as they like. */
const CLOCK = { kind: "any", early: 1_000 } as const;

/** Programs whose outcomes differ, with the reason: none silent. */
const DIFFERENT: Readonly<Record<string, string>> = {};

let go: GoModule;

async function buildAll(): Promise<GoModule> {
  const folder = writeFiles(temporaryFolder(), goModule(PROGRAMS));
  const cacheDir = cacheFolder(process.env);
  const toolchain = await machineGo(folder, cacheDir);
  const overlay = makeOverlay(toolchain, [controlPatches()], { cacheDir });
  assert.ok(overlay.ok, overlay.ok ? "" : overlay.error.message);
  const listing = await listPackages(toolchain, { cwd: folder, patterns: ["."], purpose: "tests" });
  assert.ok(listing.ok, listing.ok ? "" : listing.error.message);
  const built = await buildTests(toolchain, listing.value.packages[0]!, overlay.value, { cwd: folder });
  assert.ok(built.ok, built.ok ? "" : built.error.message);
  const module = loadGo({
    name: "conformance", wasm: readFileSync(built.value.wasm), args: ["conformance.test", "-test.run=.", "-test.timeout=0"],
    environment: ["PWD=/"], mounts: [], cwd: "/",
  });
  assert.ok(module.ok, module.ok ? "" : module.error);
  return module.value;
}

type Told = Pick<ScheduleEnding, "outcome" | "printed">;

/** Every schedule, or, where those are many, one of each kind (the reduction is proved against plain search elsewhere). */
async function endings(program: Program): Promise<readonly Told[]> {
  const plain = await everySchedule(program, PLAIN, { blocked: false });
  return plain.length < PLAIN ? plain : reduced(program);
}

async function reduced(program: Program): Promise<readonly Told[]> {
  const found: Told[] = [];
  let printed = "";
  const decoder = new TextDecoder();
  const options: RunOptions = { output: (_stream, bytes) => (printed += decoder.decode(bytes)) };
  // Without forks, so that each run prints all of its lines.
  const whole: Program = {
    name: program.name,
    start: async () => {
      printed = "";
      const run = await program.start(options);
      return new Proxy(run, { get: (of, key) => (key === "fork" ? undefined : bound(of, key as keyof Run)) });
    },
  };
  const search = new DporSearch(CLOCK);
  const { coverage } = await explore(whole, { strategy: search, clock: CLOCK, schedules: REDUCED, budget: 120_000 }, ({ outcome }) => {
    if (outcome !== undefined) found.push({ outcome, printed });
    return [];
  });
  assert.ok(coverage.complete, `not all schedules: ${coverage.stoppedBy}`);
  return found;
}

function bound(run: Run, key: keyof Run): unknown {
  const value = (run as unknown as Readonly<Record<string, unknown>>)[key];
  return typeof value === "function" ? (value.bind(run) as unknown) : value;
}

describe("conformance with Go: the same outcomes over all schedules", () => {
  before(async () => {
    go = await buildAll();
  });

  it("there are at least 150 programs, each with a name of its own", () => {
    assert.ok(PROGRAMS.length >= 150, String(PROGRAMS.length));
    assert.equal(new Set(PROGRAMS.map(({ name }) => name)).size, PROGRAMS.length);
    for (const name of Object.keys(DIFFERENT)) assert.ok(PROGRAMS.some((p) => p.name === name), name);
  });

  PROGRAMS.forEach((description, i) => {
    it(description.name, async () => {
      const here = await endings(new ControlledProgram(typescript(description)));
      const there = await endings(go.program(go.tests.indexOf(`TestP${i}`)));
      const ours = [...new Set(here.map(told))].sort();
      const gos = [...new Set(there.map(told))].sort();
      if (description.name in DIFFERENT) assert.notDeepEqual(ours, gos, `no longer different: ${DIFFERENT[description.name]}`);
      else assert.deepEqual(ours, gos);
    });
  });
});
