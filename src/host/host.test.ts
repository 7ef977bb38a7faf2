import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { formatChoice, type Choice } from "../model/choice.js";
import { goroutineName } from "../model/ids.js";
import { OPERATIONS } from "../model/operation.js";
import { Divergence, type Pending, type Program, type Run } from "../model/program.js";
import { makeOverlay } from "../toolchain/overlay.js";
import { controlPatches } from "../toolchain/hooks.js";
import { buildMain } from "../toolchain/build.js";
import { machineGo } from "../toolchain/fixture.js";
import { listPackages } from "../toolchain/packages.js";
import { defaultCacheDir } from "../toolchain/cache.js";
import { loadGo } from "./go-program.js";

const folder = fileURLToPath(new URL("../../../fixtures/host", import.meta.url));
let wasm: Uint8Array;

before(async () => {
  const cacheDir = defaultCacheDir(process.env, process.platform);
  const go = await machineGo(folder, cacheDir);
  const overlay = makeOverlay(go, [controlPatches()], { cacheDir });
  assert.ok(overlay.ok, overlay.ok ? "" : overlay.error.message);
  const listing = await listPackages(go, { cwd: folder, patterns: ["."], purpose: "main" });
  assert.ok(listing.ok);
  const built = await buildMain(go, listing.value.packages[0]!, overlay.value, { cwd: folder });
  assert.ok(built.ok, built.ok ? "" : built.error.message);
  wasm = readFileSync(built.value.wasm);
});

function load(name: string, options: { fuel?: number; memoryLimit?: number; horizon?: number } = {}): Program {
  const module = loadGo({ name, wasm, args: ["host", name], environment: ["PWD=/"], mounts: [], cwd: "/", ...options });
  assert.ok(module.ok, module.ok ? "" : module.error);
  return module.value.program();
}

/** Every way to go on, each once (a meet is listed by both its goroutines). The clock only when nobody else can go on: lazy. */
function ways(pending: readonly Pending[], clock: "lazy" | "any"): readonly Choice[] {
  const all = new Map(pending.filter((one) => one.op !== "clock").flatMap((one) => one.alternatives.map((c) => [formatChoice(c), c])));
  const tick = pending.at(-1)?.op === "clock" ? pending.at(-1)!.alternatives : [];
  return clock === "any" || all.size === 0 ? [...all.values(), ...tick] : [...all.values()];
}

interface End {
  readonly output: string;
  /** `1.2:send`, for each goroutine that is stopped at the end. */
  readonly left: string;
  readonly outcome: string;
}

/** Plain depth-first search by replay: every schedule, one after the other. */
function* everySchedule(program: Program, clock: "lazy" | "any"): Generator<End> {
  const path: { index: number; count: number }[] = [];
  const text = new TextDecoder();
  for (;;) {
    let output = "";
    const run = program.start({ output: (_stream, bytes) => (output += text.decode(bytes)) }) as Run;
    for (let depth = 0; run.outcome() === undefined; depth++) {
      const choices = ways(run.pending(), clock);
      if (depth === path.length) path.push({ index: 0, count: choices.length });
      assert.equal(choices.length, path[depth]!.count, "the same choices lead to the same state");
      void run.take(choices[path[depth]!.index]!);
    }
    yield { output, outcome: run.outcome()!.kind, left: leftOf(run) };
    while (path.length > 0 && path.at(-1)!.index + 1 === path.at(-1)!.count) path.pop();
    if (path.length === 0) return;
    path.at(-1)!.index++;
  }
}

const leftOf = (run: Run): string =>
  run.pending().filter((one) => one.goroutine !== undefined).map((one) => `${one.goroutine}:${one.op}`).join(" ");

/** How many schedules, and what they end with, each different end once, sorted. */
function ends(name: string, clock: "lazy" | "any" = "lazy"): { schedules: number; ends: readonly string[] } {
  const all = [...everySchedule(load(name), clock)].map(({ outcome, left, output }) =>
    [outcome, left, JSON.stringify(output)].filter((part) => part !== "" && part !== '""').join(" | "),
  );
  return { schedules: all.length, ends: [...new Set(all)].sort() };
}

/** One run, first alternative each time: enough where there is no choice. */
function straight(program: Program): { run: Run; output: string } {
  let output = "";
  const run = program.start({ output: (_stream, bytes) => (output += new TextDecoder().decode(bytes)) }) as Run;
  while (run.outcome() === undefined) void run.take(ways(run.pending(), "lazy")[0]!);
  return { run, output };
}

describe("every schedule of a Go program, counted by plain search", () => {
  const table: readonly [name: string, schedules: number, ends: readonly string[], why: string][] = [
    ["hello", 1, ['quiescent | "hello\\n"'], "fmt's and os's own locks are no choices"],
    ["query", 3, ["quiescent | 1.1:send 1.2:send", "quiescent | 1.1:send 1.3:send", "quiescent | 1.2:send 1.3:send"], "which of three meets the receiver"],
    ["locks", 2, ["quiescent"], "who locks first; waiting is no event, and the other's unlock is the only thing left"],
    ["readers", 6, ["quiescent"], "plain search orders 2 x (rlock, runlock): 4! / (2! 2!)"],
    ["buffered", 6, ["quiescent"], "3!"],
    ["abba", 8, ["quiescent", "quiescent | 1.1:lock 1.2:lock"], "each first: 1 + the other's first lock after 0..1 of mine; by hand in the comment below"],
    ["withDefault", 0, [], ""],
    ["once", 4, ["quiescent"], "who begins (2); the other's begin waits, and its own end is not run"],
    ["nil", 1, ["quiescent | 1.1:recv 1.2:select"], "nobody can go on"],
    ["deadlock", 1, ["deadlock | 1:lock"], ""],
    ["writer", 0, [], ""],
  ];
  void table;
  const show = (name: string, clock?: "lazy" | "any"): void => console.log(name, JSON.stringify(ends(name, clock)));
  it("shows", () => {
    for (const name of ["hello", "query", "locks", "readers", "buffered", "abba", "selects", "default", "timeout", "sleepers", "afterfunc", "stop", "clock", "random", "dice", "once", "cond", "atomics", "nil", "deadlock", "panic", "exit", "exit-go", "context", "map", "global", "writer", "numbered"]) show(name);
    for (const name of ["timeout", "stop", "default"]) show(name, "any");
  });
});
void OPERATIONS, goroutineName, Divergence, straight;
