import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { BUILD_FLAGS, EXPLORE_FLAGS, readSettings, settingsHere } from "./explore-flags.js";
import { parseFlags } from "./flags.js";

const FLAGS = { ...EXPLORE_FLAGS, ...BUILD_FLAGS };

function settings(words: readonly string[]): unknown {
  const parsed = parseFlags(FLAGS, words);
  assert.ok(parsed.ok);
  const read = readSettings(parsed.value.flags);
  if (!read.ok) return read.error;
  const { memory, usualMemory, ...rest } = settingsHere(read.value, 3_000, 2); // its default is the machine's (memory.test.ts)
  assert.ok(memory! > 0);
  assert.equal(usualMemory, words.join().includes("--memory") ? undefined : true);
  return rest;
}

describe("what the flags of an exploration mean", () => {
  const DEFAULTS = { budget: 3_000, workers: 2, seed: 1, clock: { kind: "any", early: 3 } };
  const cases: readonly (readonly [words: readonly string[], means: unknown])[] = [
    [[], DEFAULTS],
    [["--strategy", "pct", "--seed=7"], { ...DEFAULTS, seed: 7, strategy: "pct" }],
    [["--strategy=portfolio"], DEFAULTS], // the default one, which several threads share
    [["--strategy=luck"], "--strategy: there is no strategy 'luck'; there are portfolio, natural, random, pct, pos, surw, preemptions, depth-first, reduced"],
    [["--strategy="], "--strategy: there is no strategy ''; there are portfolio, natural, random, pct, pos, surw, preemptions, depth-first, reduced"],
    [["--clock", "lazy", "--budget", "1.5s"], { ...DEFAULTS, clock: { kind: "lazy" }, budget: 1_500 }],
    [["--clock=late"], "--clock takes 'lazy' or 'any', but got 'late'"],
    [["--schedules=0"], "--schedules takes a whole number from 1, but got '0'"],
    [["--workers", "two"], "--workers takes a whole number from 1, but got 'two'"],
    [["--preemptions=0"], { ...DEFAULTS, preemptions: 0 }],
    [["--memory=1GiB"], DEFAULTS],
    [["--horizon=1h"], { ...DEFAULTS, horizon: 3_600e9 }],
    [["--horizon=soon"], "--horizon: 'soon' is not a duration: expected for instance 30s, 1m30s or 500ms"],
  ];
  for (const [words, means] of cases) it(words.join(" ") || "none", () => assert.deepEqual(settings(words), means));
});
