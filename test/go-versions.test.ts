import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { driveRun } from "../src/explore/engine.js";
import { LAZY_CLOCK } from "../src/explore/fairness.js";
import type { RunEnd, Strategy } from "../src/explore/strategy.js";
import { NonPreemptive } from "../src/explore/strategies/natural.js";
import type { Program } from "../src/model/run/program.js";
import { findToolchain } from "../src/toolchain/go/go-command.js";
import { buildFixture, cacheDir, fixtureFolder, loadFixture } from "./guest-fixture.js";
import { everySchedule, straight } from "./plain-search.js";

/** Compiled and run, not only patched: the same hooks must give the same schedules on every supported version. */
const VERSIONS = ["go1.24.10", "go1.25.4", "go1.26.8", "go1.27.0"];
/** Counted by hand in src/host/go-program.test.ts. */
const COUNTS: readonly [name: string, schedules: number][] = [
  ["query", 3], ["locks", 2], ["readers", 6], ["buffered", 6], ["abba", 6], ["default", 2], ["dice", 3], ["once", 2],
  ["cond", 2], ["atomics", 6], ["map", 2], ["writer", 5], ["afterfunc", 1], ["stop", 1], ["clock", 1], ["hello", 1],
];

/** Natural schedules of fixtures/net: the network's overlay fits each version. */
const NETWORK = ["tcp/echo", "udp/echo", "unix/echo", "tcp/reset-by-unread", "http/get", "http/2"];

/** Who is left, with finalizers taken into account: a worker that its owner's finalizer stops is not, once nobody holds that owner. */
const LEFT: readonly [name: string, left: readonly string[]][] = [
  ["janitor", []],
  ["janitor-kept", ["1.1"]],
  ["cleanup", []],
  ["finalizer-goes", ["1.1"]],
  ["finalizer-loops", ["1.1"]],
];

const once = async (program: Program, search: Strategy): Promise<RunEnd> => driveRun(program, search, search.begin()!, { clock: LAZY_CLOCK, steps: 20_000 });

describe("Go versions", () => {
  for (const version of VERSIONS) {
    it(`${version}: the same schedules, and leaks proved from 1.26 on`, async (t) => {
      const folder = fixtureFolder("host");
      const go = await findToolchain({ cwd: folder, goVersion: version, env: process.env, cacheDir });
      if (!go.ok) return t.skip(`${version} is not to be had here (needs the Go module proxy): ${go.error.message}`);
      const wasm = await buildFixture(folder, "main", go.value);
      const counts = COUNTS.map(([name]) => [name, [...everySchedule(loadFixture(wasm, [name]).program(), "lazy")].length]);
      assert.deepEqual(counts, COUNTS);
      const left = (await straight(loadFixture(wasm, ["query"]).program()).run.goroutines()).goroutines;
      const proved = version >= "go1.26" ? true : undefined;
      assert.deepEqual(left.map((one) => [one.name, one.waitReason, one.unreachable]), [
        ["1.2", "chan send", proved],
        ["1.3", "chan send", proved],
      ]);
      const net = await buildFixture(fixtureFolder("net"), "main", go.value);
      for (const name of NETWORK) assert.equal((await once(loadFixture(net, [name]).program(), new NonPreemptive())).outcome?.kind, "quiescent", name);
      for (const [name, names] of LEFT) {
        const { goroutines } = await straight(loadFixture(wasm, [name], { fuel: 10_000_000 }).program()).run.goroutines();
        assert.deepEqual(goroutines.map((one) => one.name), names, name);
      }
    });
  }
});
