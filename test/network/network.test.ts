import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import { DporSearch } from "../../src/explore/dpor/dpor-search.js";
import { driveRun } from "../../src/explore/engine.js";
import { explore } from "../../src/explore/explorer.js";
import { LAZY_CLOCK } from "../../src/explore/fairness.js";
import { NonPreemptive } from "../../src/explore/strategies/natural.js";
import { Random } from "../../src/explore/strategies/random.js";
import type { Strategy } from "../../src/explore/strategy.js";
import { swapTest } from "../../src/explore/testing/swap.js";
import type { Program, Run } from "../../src/model/run/program.js";
import type { Schedule } from "../../src/model/run/schedule.js";
import { goSourcesFolder } from "../../src/toolchain/overlay/overlay.js";
import { machineGo } from "../../src/toolchain/testing/go-fixture.js";
import { buildFixture, cacheDir, fixtureFolder, loadFixture } from "../guest-fixture.js";
import { walk } from "../pending-walk.js";
import { everySchedule, straight } from "../plain-search.js";

/** fixtures/net: small programs on sockets, which say on stdout what they saw. */
const FOLDER = fixtureFolder("net");
/** Random schedules tried of each, besides the natural one. */
const RANDOM = 3;
/** Those that say different things in different schedules, or leave something behind: looked at below. */
const APART = /^(leak|choice)\//;

const run = promisify(execFile);
const scratch = mkdtempSync(join(tmpdir(), "unpark-net-"));
const binary = join(scratch, "net");
let wasm: Uint8Array;
let names: readonly string[];

before(async () => {
  const go = await machineGo(FOLDER, cacheDir);
  await run("go", ["build", "-o", binary, "."], { cwd: FOLDER, env: { ...process.env, GOROOT: go.goroot } });
  names = (await run(binary, [])).stdout.trim().split("\n");
  wasm = await buildFixture(FOLDER, "main");
});
after(() => rmSync(scratch, { recursive: true, force: true }));

/** What each says, in a process of its own, started by one small shell: to start a process from here copies all that this one has mapped. */
async function runNatively(programs: readonly string[]): Promise<readonly string[]> {
  const { stdout } = await run("sh", ["-c", 'binary=$1; shift; for name; do "$binary" "$name" || exit; printf "\\0"; done', "sh", binary, ...programs], { timeout: 300_000 });
  return stdout.split("\0").slice(0, -1);
}

const load = (name: string): Program => loadFixture(wasm, [name], { mounts: [{ at: "/etc", from: join(goSourcesFolder(), "guest", "etc") }] }).program();

interface Told {
  readonly outcome: string;
  readonly text: string;
  readonly schedule: Schedule;
}

async function once(program: Program, search: Strategy): Promise<Told> {
  let text = "";
  const decoder = new TextDecoder();
  const output = (stream: "stdout" | "stderr", bytes: Uint8Array): void => void (text += stream === "stdout" ? decoder.decode(bytes) : "");
  const end = await driveRun(program, search, search.begin()!, { clock: LAZY_CLOCK, steps: 20_000, run: { output } });
  return { outcome: end.outcome?.kind ?? "given up", text, schedule: end.schedule };
}

describe("sockets say what Linux says", () => {
  it("there are a hundred programs", () => assert.ok(names.filter((name) => !APART.test(name)).length >= 100));

  it("each says the same natively, in its natural schedule and in random ones", { timeout: 600_000 }, async () => {
    const alike = names.filter((one) => !APART.test(one));
    const natively = await runNatively(alike);
    for (const [i, name] of alike.entries()) {
      const native = natively[i];
      const program = load(name);
      const random = new Random(1);
      for (let n = 0; n <= RANDOM; n++) {
        const { outcome, text } = await once(program, n === 0 ? new NonPreemptive() : random);
        assert.deepEqual([name, outcome, text], [name, "quiescent", native]);
      }
    }
  });
});

/** What the runs of a program end with, each once; and how many schedules reduction needs. */
async function ends(name: string): Promise<{ readonly schedules: number; readonly complete: boolean; readonly texts: readonly string[] }> {
  const texts = new Set<string>();
  let text = "";
  const program = load(name);
  // Without saved states, so that each run prints all that it says.
  const whole: Program = {
    name,
    start(options): Run {
      text = "";
      const started = program.start({ ...options, output: (_stream, bytes) => void (text += new TextDecoder().decode(bytes)) }) as Run;
      return new Proxy(started, { get: (of, key) => (key === "fork" ? undefined : bound(of, key as keyof Run)) });
    },
  };
  const { coverage } = await explore(whole, { strategy: new DporSearch(LAZY_CLOCK), clock: LAZY_CLOCK, schedules: 5_000, budget: 60_000 }, () => {
    texts.add(text);
    return [];
  });
  return { schedules: coverage.schedules, complete: coverage.complete, texts: [...texts].sort() };
}

function bound<K extends keyof Run>(of: Run, key: K): unknown {
  const value = of[key];
  return typeof value === "function" ? (value as (...args: never[]) => unknown).bind(of) : value;
}

describe("what the network leaves to choose", () => {
  const table: readonly [name: string, schedules: number, texts: readonly string[], why: string][] = [
    ["choice/accept", 2, ["a ok\n", "b ok\n"], "who dials first"],
    ["choice/stream", 2, ["ab ok\n", "abcd ok\n"], "the read comes between the writes, or after them"],
    ["choice/full", 1, ["ab ok\n"], "what is written later is not seen"],
    ["choice/directions", 2, [""], "only the channel's two sends are ordered"],
  ];
  for (const [name, schedules, texts, why] of table) {
    it(`${name}: ${why}`, async () => {
      const found = await ends(name);
      assert.deepEqual(found.texts, texts);
      assert.ok(found.complete);
      assert.equal(found.schedules, schedules);
      const plain = new Set([...everySchedule(load(name), "lazy")].map(({ output }) => output));
      assert.deepEqual([...plain].sort(), texts);
    });
  }

  it("a connection that is closed under its reader", async () => {
    assert.deepEqual((await ends("choice/close")).texts, ["false\n", "true\n"]);
  });
});

describe("who is left in the network", () => {
  const table: readonly [name: string, left: readonly (readonly [op: string, reason: string, unreachable: boolean])[], why: string][] = [
    ["leak/both-read", [["netread", "IO wait", true], ["netread", "IO wait", true]], "each waits for the other, and nobody else has an end"],
    ["leak/dropped", [], "nobody holds the other end: the garbage collector closes it"],
    ["leak/held", [["netread", "IO wait", false]], "a global variable holds the other end"],
    ["leak/deadline", [], "the deadline wakes one, who wakes the other"],
    ["leak/writer", [["netwrite", "IO wait", true], ["recv", "chan receive", true]], "who holds the reading end waits for ever"],
    ["leak/acceptor", [["netaccept", "IO wait", false]], "whoever knows the port can dial"],
  ];
  for (const [name, left, why] of table) {
    it(`${name}: ${why}`, async () => {
      const { goroutines } = await straight(load(name)).run.goroutines();
      assert.deepEqual(goroutines.map((one) => [one.blockedOn?.op ?? "", one.waitReason, one.unreachable]), left);
    });
  }
});

describe("the network keeps the rules of the seam", () => {
  const some = ["tcp/echo", "tcp/half-close", "tcp/close-wakes-reader", "tcp/two-writes-one-read", "tcp/queue", "tcp/big", "udp/echo", "udp/connected-pair", "unixgram/echo", "choice/accept", "choice/stream", "choice/close", "tcp/read-deadline", "http/get", "http/cancel"];
  it("the table of who can go on says what a look at everybody says (T1)", () => {
    assert.ok(some.reduce((sum, name) => sum + walk(load(name), 3), 0) > 500);
  });
  it("independent steps commute (P3)", { timeout: 300_000 }, async () => {
    let swaps = 0;
    for (const name of some) {
      const random = new Random(2);
      for (let n = 0; n < 2; n++) {
        const { schedule } = await once(load(name), random);
        const report = await swapTest(load(name), schedule, 4, 1);
        assert.deepEqual([name, report.failures], [name, []]);
        swaps += report.swaps;
      }
    }
    assert.ok(swaps > 20, `${swaps} swaps`);
  });
});
