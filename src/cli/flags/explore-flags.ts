import { availableParallelism } from "node:os";
import { optional } from "../../base/optional.js";
import { parseDuration } from "../../base/duration.js";
import { err, ok, type Result } from "../../base/result.js";
import { defaultMemory, machineMemory, readMemory } from "./memory.js";
import { exploreSettings, type ExploreSettings, type SaidSettings } from "../../pipeline/config/settings.js";
import { STRATEGY_NAMES, strategySetting } from "../../pipeline/config/strategy-names.js";
import type { FlagSpec, FlagSpecs, Flags } from "./flags.js";

/** Why a file of settings may not give a flag that is about one call. */
export const ONCE = "it is about one call; give it on the command line";

/** The flags that `run`, `test` and `replay` share, and what they mean to the pipeline. */
export const BUILD_FLAGS = {
  tags: { type: "string", goStyle: true, shared: true, value: "LIST", help: "build tags, as go build takes them" },
  memory: { type: "string", shared: true, kind: "size", usual: "by what the machine has", value: "SIZE", help: "memory that a Go program may use under control: 2GiB (default: by what the machine has)" },
  horizon: { type: "string", shared: true, kind: "time", usual: "as far as timers go", value: "TIME", help: "virtual time after which a run is ended (default: as far as its timers go)" },
} as const satisfies FlagSpecs;

export const EXPLORE_FLAGS = {
  budget: { type: "string", shared: true, kind: "time", usual: "3s", value: "TIME", help: "real time for each program (default 10s for run, 3s for each test)" },
  schedules: { type: "string", shared: true, kind: "positive", usual: "no limit", value: "N", help: "at most so many schedules of each program" },
  workers: { type: "string", shared: true, kind: "positive", usual: "one for each core", value: "N", help: "threads that explore: programs side by side, or parts of one (default: one for each core)" },
  seed: { type: "string", shared: true, kind: "count", usual: "1", value: "N", help: "seed of the random searches (default 1)" },
  preemptions: { type: "string", shared: true, kind: "count", usual: "no limit", value: "N", help: "at most so many preemptions in the systematic search" },
  strategy: { type: "string", shared: true, kind: STRATEGY_NAMES, usual: "portfolio", value: "NAME", help: `how schedules are chosen: ${STRATEGY_NAMES.join(", ")} (default portfolio; docs/exploring.md)` },
  faults: { type: "string", shared: true, kind: "count", usual: "0", value: "N", help: "at most so many things go wrong in a run: a connection refused, reset, cut short (Go; default 0; docs/faults.md)" },
  clock: { type: "string", shared: true, kind: ["any", "lazy"], usual: "any", value: "lazy|any", help: "may a timer win over work that could still run? (default any)" },
  strict: { type: "boolean", shared: true, help: "notes are findings, too: lingering goroutines, tests that fail only on a machine that stalls" },
} as const satisfies FlagSpecs;

/** Of tests, in whichever command. */
export const SHORT = { type: "boolean", goStyle: true, shared: true, help: "testing.Short() is true" } as const satisfies FlagSpec;

export const BASELINE_FLAGS = {
  baseline: { type: "optional", shared: true, kind: "output", value: "FILE", help: "what this file holds does not count; made where there is none (docs/config.md)" },
  "update-baseline": { type: "boolean", never: ONCE, help: "write the baseline again" },
} as const satisfies FlagSpecs;

export const OUTPUT_FLAGS = {
  v: { type: "boolean", goStyle: true, help: "in full: notes, limits, every test, and every step of a schedule" },
  json: { type: "optional", kind: "output", value: "FILE", help: "the report as JSON, to stdout or a file (docs/report-schema.md)" },
  sarif: { type: "optional", kind: "output", value: "FILE", help: "as SARIF 2.1.0" },
  gitlab: { type: "optional", kind: "output", value: "FILE", help: "as GitLab's code quality report" },
  junit: { type: "optional", kind: "output", value: "FILE", help: "as JUnit XML" },
  html: { type: "optional", kind: "output", value: "FILE", help: "as one page with the schedules as pictures, without network (unpark-report.html)" },
  markdown: { type: "optional", kind: "output", value: "FILE", help: "as a summary for a pull request's comment" },
  github: { type: "boolean", help: "as GitHub annotations (default where GITHUB_ACTIONS is set)" },
} as const satisfies FlagSpecs;

export type ExploreFlags = Flags<typeof EXPLORE_FLAGS>["flags"];

/** Reads the numbers and times; an error is one sentence that names the flag. */
export function readSettings(flags: Partial<ExploreFlags> & { readonly horizon?: string | undefined; readonly memory?: string | undefined }): Result<SaidSettings, string> {
  const numbers = { schedules: flags.schedules, workers: flags.workers, seed: flags.seed, preemptions: flags.preemptions, faults: flags.faults };
  const read: { -readonly [K in keyof SaidSettings]: SaidSettings[K] } = {};
  for (const [name, text] of Object.entries(numbers) as [keyof typeof numbers, string | undefined][]) {
    if (text === undefined) continue;
    const least = name === "schedules" || name === "workers" ? 1 : 0;
    if (!/^\d{1,9}$/.test(text) || Number(text) < least) return err(`--${name} takes a whole number from ${least}, but got '${text}'`);
    read[name] = Number(text);
  }
  for (const [name, text] of [["budget", flags.budget], ["horizon", flags.horizon]] as const) {
    if (text === undefined) continue;
    const time = parseDuration(text);
    if (!time.ok) return err(`--${name}: ${time.error}`);
    read[name] = name === "budget" ? Number(time.value / 1_000_000n) : Number(time.value);
  }
  const { clock } = flags;
  if (clock !== undefined && clock !== "lazy" && clock !== "any") return err(`--clock takes 'lazy' or 'any', but got '${clock}'`);
  const strategy = flags.strategy === undefined ? ok(undefined) : strategySetting(flags.strategy);
  if (!strategy.ok) return err(`--strategy: ${strategy.error}`);
  const memory = flags.memory === undefined ? ok(undefined) : readMemory(flags.memory);
  if (!memory.ok) return err(`--memory: ${memory.error}`);
  return ok({ ...read, ...optional({ clock, strategy: strategy.value, memory: memory.value }) });
}

/** What was said, and of the rest what is usual on this machine: a thread for each core, and for each its share of the memory. */
export function settingsHere(said: SaidSettings, budget: number, cores = availableParallelism()): ExploreSettings {
  const workers = said.workers ?? cores;
  return exploreSettings(said, { budget, workers, ...(said.memory === undefined ? { memory: defaultMemory(machineMemory(), workers), usualMemory: true } : {}) });
}

/** One package, or the Go files of one: more would be programs of their own. */
export const isOnePackage = (words: readonly string[]): boolean => words.length <= 1 || words.every((word) => word.endsWith(".go"));
