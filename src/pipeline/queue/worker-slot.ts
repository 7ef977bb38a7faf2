import type { MessagePort } from "node:worker_threads";
import { err, ok, type Result } from "../../base/result.js";
import { PoolWorker } from "../pool/pool-worker.js";
import { HelperOnJobs } from "./helped-thread.js";
import type { AnswerBody, TaskBody } from "./messages.js";
import { asThere, type SpecReceiver } from "./portable-spec.js";

/** Milliseconds after which a job is answered, with what is left of it given back. */
const QUANTUM_MS = 1_000;

/** One thread of a worker: does one task after the other; the module of the last one stays loaded. */
export class WorkerSlot {
  readonly #specs: Pick<SpecReceiver, "receive">;
  readonly #quantum: number;
  #thread = new PoolWorker();
  #helper: { readonly key: string; readonly jobs: HelperOnJobs } | undefined;
  #seed: number;

  /** `seed`: of its own, so that no two threads go for the same random walks. */
  constructor(specs: Pick<SpecReceiver, "receive">, seed: number, quantum = QUANTUM_MS) {
    this.#specs = specs;
    this.#seed = seed;
    this.#quantum = quantum;
  }

  /** An error: it was not done, and nothing is known of it. `end`: nobody waits for more than what there is. */
  async do(task: TaskBody, end: AbortSignal): Promise<Result<AnswerBody, string>> {
    const received = await this.#specs.receive(task.program.spec);
    if (!received.ok) return received;
    const { spec, mounts } = received.value;
    if (task.kind === "program") {
      await this.#dismiss();
      const result = await this.#thread.examine({ kind: "examine", spec, which: task.program.which, settings: task.settings, output: false }, { signal: end });
      await this.#renew();
      if (!result.ok) return result;
      return ok({ kind: "program", result: result.value.ok ? ok(asThere(result.value.value, mounts)) : result.value });
    }
    const key = JSON.stringify([task.program, task.config], (_, value: unknown) => (typeof value === "bigint" ? String(value) : value));
    if (this.#helper?.key !== key || this.#helper.jobs.leaves) {
      await this.#dismiss();
      const thread = this.#thread;
      const start = (port: MessagePort): Promise<void> => thread.help({ kind: "help", spec, which: task.program.which, port });
      this.#helper = { key, jobs: new HelperOnJobs(start, task.config, (this.#seed += 2)) };
    }
    const said = await this.#helper.jobs.explore(task.job, this.#quantum, end);
    if (!said.ok || end.aborted) await this.#dismiss();
    await this.#renew();
    return said.ok ? ok({ kind: "subtree", said: said.value }) : err(said.error);
  }

  async close(): Promise<void> {
    await this.#thread.end();
  }

  async #dismiss(): Promise<void> {
    await this.#helper?.jobs.close();
    this.#helper = undefined;
  }

  /** A thread that has died is replaced. */
  async #renew(): Promise<void> {
    if (this.#thread.reusable) return;
    this.#helper = undefined;
    await this.#thread.end();
    this.#thread = new PoolWorker();
  }
}

