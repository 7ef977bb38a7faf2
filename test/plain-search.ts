import assert from "node:assert/strict";
import { formatChoice, type Choice } from "../src/model/run/choice.js";
import type { Pending, Program, Run } from "../src/model/run/program.js";

/** Every way to go on, each once (a meet is listed by both its goroutines). Lazy: the clock only when nobody else can. */
export function ways(pending: readonly Pending[], clock: "lazy" | "any"): readonly Choice[] {
  const all = new Map(pending.filter((one) => one.op !== "clock").flatMap((one) => one.alternatives.map((c) => [formatChoice(c), c])));
  const tick = pending.at(-1)?.op === "clock" ? pending.at(-1)!.alternatives : [];
  return clock === "any" || all.size === 0 ? [...all.values(), ...tick] : [...all.values()];
}

export interface End {
  readonly output: string;
  /** `1.2:send`, for each goroutine that is stopped at the end. */
  readonly left: string;
  readonly outcome: string;
}

/** Plain depth-first search by replay: every schedule, one after the other. The yardstick for everything cleverer. */
export function* everySchedule(program: Program, clock: "lazy" | "any"): Generator<End> {
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

export const leftOf = (run: Run): string =>
  run.pending().filter((one) => one.goroutine !== undefined).map((one) => `${one.goroutine}:${one.op}`).join(" ");

/** One run, the first way each time. */
export function straight(program: Program): { readonly run: Run; readonly output: string; readonly steps: number } {
  let output = "";
  let steps = 0;
  const run = program.start({ output: (_stream, bytes) => (output += new TextDecoder().decode(bytes)) }) as Run;
  for (; run.outcome() === undefined; steps++) void run.take(ways(run.pending(), "lazy")[0]!);
  return { run, output, steps };
}
