// Programs explored twice: with the standard library's inner locks let through as noise, and with each of them a choice.
import { explore, type ExplorerOptions } from "../../src/explore/explorer.js";
import { LAZY_CLOCK, type ClockPolicy } from "../../src/explore/fairness.js";
import { DporSearch } from "../../src/explore/dpor/dpor-search.js";
import type { GoModule } from "../../src/host/go-module.js";
import type { Program, Run } from "../../src/model/run/program.js";
import { buildFixture, fixtureFolder, loadFixture } from "../guest-fixture.js";
import { leftOf } from "../plain-search.js";

export interface Explored {
  readonly schedules: number;
  readonly complete: boolean;
  /** How the runs end: the outcome, who is left before what, and the lines printed, in no order. */
  readonly endings: readonly string[];
}

export interface Compared {
  readonly name: string;
  readonly quiet: Explored;
  readonly loud: Explored;
}

/** Where all is a choice there may be more schedules than anybody waits for. */
const ENOUGH = 2_000;

/**
 * What is lost, with the reason: none that shows. Two things are lost that no exploration shows, for a test's own lock is a choice in none
 * (go/testing/unpark.go, unparkMutex): TestCleanup, that a goroutine that outlives its test registers a cleanup when the clean-up is over,
 * which is then never run; TestTempDir, that it makes its folder while the clean-up removes it, and the test fails (it showed while the first use of
 * fmt's pool in a run was a choice: patches/control/first-uses.ts).
 */
export const LOST: Readonly<Record<string, string>> = {};

export async function loadBoth(): Promise<{ readonly quiet: GoModule; readonly loud: GoModule }> {
  const wasm = await buildFixture(fixtureFolder("noise"), "tests");
  const load = (everything: boolean): GoModule => loadFixture(wasm, ["-test.timeout=0", "-test.parallel=8", "-test.run=."], { everything });
  return { quiet: load(false), loud: load(true) };
}

export async function compared({ quiet, loud }: { readonly quiet: GoModule; readonly loud: GoModule }, test: number): Promise<Compared> {
  return { name: quiet.tests[test]!, quiet: await explored(quiet.program(test)), loud: await explored(loud.program(test)) };
}

export const explored = (program: Program, clock: ClockPolicy = LAZY_CLOCK): Promise<Explored> =>
  endingsOf(program, { strategy: new DporSearch(clock), clock, schedules: ENOUGH, budget: 60_000 });

export async function endingsOf(program: Program, options: ExplorerOptions): Promise<Explored> {
  const endings = new Set<string>();
  let printed = "";
  const decoder = new TextDecoder();
  // Without forks, so that each run prints all of its lines.
  const whole: Program = {
    name: program.name,
    isRefuted: () => program.isRefuted?.() === true,
    start(options): Run {
      printed = "";
      const run = program.start({ ...options, output: (stream, bytes) => (printed += stream === "stdout" ? decoder.decode(bytes) : "") }) as Run;
      return new Proxy(run, { get: (of, key) => (key === "fork" ? undefined : bound(of, key as keyof Run)) });
    },
  };
  const { coverage } = await explore(whole, options, ({ outcome, run }) => {
    if (outcome?.kind === "panic") endings.add(panicked(outcome.message)); // how far the others came by then is not explored
    else if (outcome) endings.add([outcome.kind, leftOf(run), ...printed.split("\n").map(untimed).sort()].join(" | "));
    return [];
  });
  return { schedules: coverage.schedules, complete: coverage.complete, endings: [...endings].sort() };
}

/** Where each lock is a choice the test may end in the middle of a Log: the same panic in other words. */
const panicked = (message: string): string => (/^panic: (Log in goroutine|Write called) after/.test(message) ? "panic: a late log" : message.split("\n")[0]!);

const untimed = (line: string): string => line.replace(/\(\d+\.\d+s\)/, "");

function bound(run: Run, key: keyof Run): unknown {
  const value = (run as unknown as Readonly<Record<string, unknown>>)[key];
  return typeof value === "function" ? (value.bind(run) as unknown) : value;
}
