// The programs that host.ts, net.ts and floor.ts measure, built and loaded by the tree of Unpark that `fixture` is of, and how a run of
// each is chosen.
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Prng } from "../src/base/prng.js";
import type { Choice } from "../src/model/run/choice.js";
import type { Pending, Program, Run } from "../src/model/run/program.js";
import * as own from "../test/guest-fixture.js";

export type Fixture = Pick<typeof own, "buildFixture" | "loadFixture">;

export interface BenchProgram {
  readonly what: string;
  readonly program: Program;
}

/** On locks, channels and clocks alone (fixtures/host), and tests (fixtures/testing). */
export async function hostPrograms({ buildFixture, loadFixture }: Fixture): Promise<readonly BenchProgram[]> {
  const main = await buildFixture(own.fixtureFolder("host"), "main");
  const folder = own.fixtureFolder("testing");
  const tests = loadFixture(await buildFixture(folder, "tests"), ["-test.timeout=0"], { environment: ["PWD=/src"], mounts: [{ at: "/src", from: folder }], cwd: "/src" });
  const mainOf = (what: string, ...args: readonly string[]): BenchProgram => ({ what: `main: ${what}`, program: loadFixture(main, args, { maxSteps: 100_000 }).program() });
  const testOf = (name: string): BenchProgram => ({ what: `test binary: ${name}`, program: tests.program(tests.tests.indexOf(name)) });
  return [
    ...["query", "abba", "selects", "context"].map((name) => mainOf(name, name)),
    ...["TestWorker", "TestParallelSubtests", "TestSometimesFails"].map(testOf),
    ...([[2, 10], [2, 100], [2, 1000], [10, 10], [100, 10], [1000, 10]] as const).map(([goroutines, steps]) => mainOf(`${goroutines} goroutines, ${steps} steps each on one lock`, "grow", String(goroutines), String(steps))),
    ...([[10, 1000], [1000, 1000], [10_000, 1000]] as const).map(([goroutines, steps]) => mainOf(`${goroutines} goroutines stand still, 2 take ${steps} steps each on one lock`, "still", String(goroutines), String(steps))),
    ...[10, 100, 200].map((n) => mainOf(`${n} senders and ${n} receivers at one channel`, "meets", String(n))),
    ...([[1, 10], [50, 10], [500, 10], [2000, 10]] as const).map(([pairs, steps]) => mainOf(`${pairs} pairs of goroutines, each with objects of their own`, "copies", String(pairs), String(steps))),
  ];
}

/** fixtures/net without raw.go, whose options of sockets older trees do not know. */
export function netFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "unpark-bench-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  cpSync(own.fixtureFolder("net"), folder, { recursive: true, filter: (path) => !path.endsWith("/raw.go") });
  return folder;
}

/** On sockets (`netFolder`). */
export async function netPrograms({ buildFixture, loadFixture }: Fixture, names: readonly string[], folder = netFolder()): Promise<readonly BenchProgram[]> {
  const wasm = await buildFixture(folder, "main");
  return names.map((what) => ({ what, program: loadFixture(wasm, [what]).program() }));
}

export const NET = ["http/three", "http/get", "http/post", "http/tls", "http/2", "http/shutdown", "rpc/call", "tcp/ping-pong", "tcp/echo", "udp/echo", "tcp/big"] as const;

/** The first who can go on from a place that is drawn: what is measured is the host, not this. */
function drawnChoice(pending: readonly Pending[], random: Prng): Choice {
  const from = random.below(pending.length);
  for (let n = 0; n < pending.length; n++) {
    const { op, alternatives } = pending[(from + n) % pending.length]!;
    if (op !== "clock" && alternatives.length > 0) return alternatives[random.below(alternatives.length)]!;
  }
  return { kind: "clock" };
}

/** A run by choices that are drawn; its steps. */
export function drawnRun(program: Program, random: Prng): number {
  const run = program.start() as Run;
  let steps = 0;
  for (; run.outcome() === undefined; steps++) void run.take(drawnChoice(run.able?.() ?? run.pending(), random));
  return steps;
}

function nextChoice(pending: readonly Pending[]): Choice {
  const first = pending.find(({ op, yielding, alternatives }) => op !== "clock" && yielding !== true && alternatives.length > 0);
  const clock = pending.at(-1)?.op === "clock" ? pending.at(-1) : undefined;
  return (first ?? clock ?? pending.find(({ alternatives }) => alternatives.length > 0))!.alternatives[0]!;
}

/** A run by the natural schedule, from the beginning and without judging; its steps. */
export function naturalRun(program: Program): number {
  const run = program.start() as Run;
  let steps = 0;
  for (; run.outcome() === undefined; steps++) void run.take(nextChoice(run.pending()));
  return steps;
}
