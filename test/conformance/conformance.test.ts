// The set of outcomes over all schedules is the same in Go (explored in its host) and in TypeScript (in its own).
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, describe, it } from "node:test";
import { loadGo, type GoModule } from "../../src/host/go-program.js";
import { ControlledProgram } from "../../src/runtime/control/controlled-program.js";
import { everySchedule, type Ending } from "../../src/runtime/testing/depth-first.js";
import { buildTests } from "../../src/toolchain/build.js";
import { defaultCacheDir } from "../../src/toolchain/cache.js";
import { machineGo, temporaryFolder, writeFiles } from "../../src/toolchain/fixture.js";
import { controlPatches } from "../../src/toolchain/hooks.js";
import { makeOverlay } from "../../src/toolchain/overlay.js";
import { listPackages } from "../../src/toolchain/packages.js";
import { PROGRAMS } from "./programs.js";
import { goModule } from "./to-go.js";
import { typescript } from "./to-typescript.js";

/** More schedules than this and plain search is the wrong tool: the program must be made smaller. */
const LIMIT = 4_000;

/** Programs whose outcomes differ, with the reason: none silent. */
const DIFFERENT: Readonly<Record<string, string>> = {};

let go: GoModule;

async function buildAll(): Promise<GoModule> {
  const folder = writeFiles(temporaryFolder(), goModule(PROGRAMS));
  const cacheDir = defaultCacheDir(process.env, process.platform);
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

/** What a schedule decided: each goroutine's own log, and how the run ended. */
function told({ outcome, printed }: Ending): string {
  const logs = new Map<string, string[]>();
  for (const line of printed.split("\n")) {
    const found = /^(1(?:\.t?\d+)*) (.*)$/.exec(line);
    if (found === null) continue; // the testing package's own lines
    logs.set(found[1]!, [...(logs.get(found[1]!) ?? []), found[2]!]);
  }
  const end = outcome.kind === "panic" ? outcome.message.split("\n")[0]!.replace(/ \[recovered.*$/, "") : outcome.kind;
  return [end, ...[...logs].sort(([a], [b]) => (a < b ? -1 : 1)).map(([label, log]) => `${label}: ${log.join(", ")}`)].join(" | ");
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
      const here = await everySchedule(new ControlledProgram(typescript(description)), LIMIT);
      const there = await everySchedule(go.program(go.tests.indexOf(`TestP${i}`)), LIMIT, { blocked: false });
      assert.ok(here.length < LIMIT && there.length < LIMIT, `more than ${LIMIT} schedules: ${here.length}, ${there.length}`);
      const ours = [...new Set(here.map(told))].sort();
      const gos = [...new Set(there.map(told))].sort();
      if (description.name in DIFFERENT) assert.notDeepEqual(ours, gos, `no longer different: ${DIFFERENT[description.name]}`);
      else assert.deepEqual(ours, gos);
    });
  });
});
