import { goroutineName, type ObjectId } from "../../model/ids.js";
import type { Program, RunOptions } from "../../model/run/program.js";
import type { ModelProgramText } from "./model-operations.js";
import { ModelRun } from "./model-run.js";
import { newGoroutine, type ModelState } from "./model-state.js";

/**
 * A Program for tests, benches and the explorer's own proofs: small, exact, and able to fork (model-run.ts). Object ids
 * are those of the text.
 */
export class ModelProgram implements Program {
  readonly name: string;
  readonly #text: ModelProgramText;

  constructor(text: ModelProgramText) {
    this.name = text.name ?? "model";
    this.#text = text;
  }

  start(options: RunOptions = {}): ModelRun {
    const world: ModelState = {
      goroutines: [newGoroutine(goroutineName("1"), this.#text.main)],
      channels: new Map(
        Object.entries(this.#text.channels ?? {}).map(([id, capacity]) => [
          Number(id) as ObjectId, { capacity, values: [], closed: false },
        ]),
      ),
      cells: new Map(),
      waiters: new Map(),
      timers: new Map(),
      now: 0,
      panic: undefined,
    };
    const run = new ModelRun(world, { horizon: this.#text.horizon ?? 1_000, steps: options.steps ?? Infinity });
    run.begin();
    return run;
  }
}
