// Random async programs against an oracle that knows nothing of promises: an await that some continuation settles is never
// proved stuck, nor one that a variable of the module may still settle; and what nothing can settle is proved.
import assert from "node:assert/strict";
import { it } from "node:test";
import fc from "fast-check";
import { ControlledProgram } from "../runtime/control/controlled-program.js";
import { recordAwaits } from "./pending-awaits.js";

const TASKS = 4;
const CELLS = 4;

type Act =
  | { readonly do: "await" | "settle"; readonly cell: number }
  | { readonly do: "all" | "race"; readonly cells: readonly [number, number] }
  | { readonly do: "call" | "begin"; readonly task: number }
  | { readonly do: "sleep" };

interface RandomProgram {
  /** A task calls and begins only later ones. */
  readonly tasks: readonly (readonly Act[])[];
  /** Cells whose resolving function a variable of the module holds. */
  readonly held: readonly boolean[];
}

const cell = fc.nat({ max: CELLS - 1 });
const act = (task: number): fc.Arbitrary<Act> =>
  fc.oneof(
    { weight: 3, arbitrary: fc.record({ do: fc.constantFrom("await" as const, "settle" as const), cell }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("all" as const, "race" as const), cells: fc.tuple(cell, cell) }) },
    { weight: 1, arbitrary: fc.constant({ do: "sleep" as const }) },
    ...(task < TASKS - 1 ? [{ weight: 3, arbitrary: fc.record({ do: fc.constantFrom("call" as const, "begin" as const), task: fc.integer({ min: task + 1, max: TASKS - 1 }) }) }] : []),
  );
const program: fc.Arbitrary<RandomProgram> = fc.record({
  tasks: fc.tuple(...Array.from({ length: TASKS }, (_, task) => fc.array(act(task), { maxLength: 4 }))),
  held: fc.array(fc.boolean().map((one) => one), { minLength: CELLS, maxLength: CELLS }).chain((held) => fc.constantFrom(held, held.map(() => false))),
});

/** The module's variable. */
const HELD: (() => void)[] = [];

const bodyOf = ({ tasks, held }: RandomProgram) => async (): Promise<void> => {
  const settle: (() => void)[] = [];
  const cells = held.map((isHeld, i) => {
    const promise = new Promise<void>((resolve) => (settle[i] = resolve));
    if (isHeld) HELD.push(settle[i]!);
    return promise;
  });
  const run = async (task: number): Promise<void> => {
    for (const one of tasks[task]!) {
      if (one.do === "await") await cells[one.cell];
      else if (one.do === "settle") settle[one.cell]!();
      else if (one.do === "all") await Promise.all(one.cells.map((i) => cells[i]!));
      else if (one.do === "race") await Promise.race(one.cells.map((i) => cells[i]!));
      else if (one.do === "sleep") await new Promise((resolve) => setTimeout(resolve, 10));
      else if (one.do === "call") await run(one.task);
      else if (one.do === "begin") void run(one.task);
    }
  };
  await run(0);
};

interface Running {
  readonly task: number;
  at: number;
  readonly caller: Running | undefined;
}

/** Settling is for good and nothing else is shared, so who ends does not depend on the order: run all until nobody can go on. */
function oracle({ tasks, held }: RandomProgram): { readonly ends: boolean; readonly open: boolean } {
  const settled = new Set<number>();
  const main: Running = { task: 0, at: 0, caller: undefined };
  let running: Running[] = [main];
  const waits = ({ task, at }: Running): boolean => {
    const one = tasks[task]![at];
    if (one?.do === "await") return !settled.has(one.cell);
    if (one?.do === "all") return !one.cells.every((i) => settled.has(i));
    return one?.do === "race" && !one.cells.some((i) => settled.has(i));
  };
  for (let next = running.find((one) => !waits(one)); next !== undefined; next = running.find((one) => !waits(one))) {
    const one = tasks[next.task]![next.at++];
    const { caller } = next;
    const others = running.filter((other) => other !== next);
    if (one === undefined) running = caller === undefined ? others : [...others, caller];
    else if (one.do === "settle") settled.add(one.cell);
    else if (one.do === "call") running = [...others, { task: one.task, at: 0, caller: next }];
    else if (one.do === "begin") running = [...running, { task: one.task, at: 0, caller: undefined }];
  }
  const awaited = (chain: Running): readonly number[] => {
    const one = tasks[chain.task]![chain.at];
    return one?.do === "await" ? [one.cell] : one?.do === "all" || one?.do === "race" ? one.cells : [];
  };
  const isMains = (one: Running | undefined): boolean => one !== undefined && (one === main || isMains(one.caller));
  // Whoever waits for a cell that may still be settled holds all cells, for the program's tasks share one function.
  const open = running.some((one) => awaited(one).some((i) => held[i] && !settled.has(i)));
  return { ends: !running.some(isMains), open };
}

async function proved(random: RandomProgram): Promise<string> {
  const controlled = new ControlledProgram(bodyOf(random), { prover: recordAwaits });
  await controlled.turn();
  const run = await controlled.start();
  for (let outcome = run.outcome(); outcome === undefined; outcome = run.outcome()) {
    await run.take(run.pending().find((one) => one.alternatives.length > 0)!.alternatives[0]!);
  }
  return run.outcome()!.kind;
}

it("random programs: what ends is never proved stuck, what may be settled neither, and the rest is", async () => {
  const seen = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(program, async (random) => {
      HELD.length = 0;
      const { ends, open } = oracle(random);
      const wanted = ends ? "quiescent" : open ? "unsupported" : "deadlock";
      assert.equal(await proved(random), wanted);
      seen.set(wanted, (seen.get(wanted) ?? 0) + 1);
    }),
    { numRuns: 150, seed: 20261128 },
  );
  assert.deepEqual([...seen.keys()].sort(), ["deadlock", "quiescent", "unsupported"]);
});
