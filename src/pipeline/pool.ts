import { Worker } from "node:worker_threads";
import { err, type Result } from "../base/result.js";
import type { Examination, Failure } from "../model/examination.js";
import type { FromWorker, Job, ToWorker } from "./examine-worker.js";
import type { ModuleSpec } from "./module-spec.js";
import type { Progress, Settings } from "./settings.js";

/**
 * Programs examined in worker threads, at most `size` at a time. Idle workers are used again; `close` ends them. A
 * program that makes its worker die (memory) costs that worker and is a failure in words; the others go on.
 */
export interface PoolOptions {
  readonly size: number;
  readonly signal?: AbortSignal;
}

export interface Listening {
  readonly output?: (stream: "stdout" | "stderr", bytes: Uint8Array) => void;
  readonly progress?: (progress: Progress) => void;
}

const WORKER = new URL("./examine-worker.js", import.meta.url);

export class Pool {
  readonly #options: PoolOptions;
  readonly #idle: Worker[] = [];
  readonly #waiting: (() => void)[] = [];
  #busy = 0;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  /** Undefined: it was not begun before the signal said to end. */
  async examine(spec: ModuleSpec, index: number, settings: Settings, listening: Listening): Promise<Result<Examination, Failure> | undefined> {
    while (this.#busy >= this.#options.size) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#busy++;
    try {
      if (this.#options.signal?.aborted) return undefined;
      return await this.#run({ kind: "job", spec, index, settings, output: listening.output !== undefined }, listening);
    } finally {
      this.#busy--;
      this.#waiting.shift()?.();
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#idle.splice(0).map((worker) => worker.terminate()));
  }

  async #run(job: Job, listening: Listening): Promise<Result<Examination, Failure>> {
    const worker = this.#idle.pop() ?? new Worker(WORKER);
    const ended = await attend(worker, job, listening, this.#options.signal);
    if (ended.reusable) this.#idle.push(worker);
    else await worker.terminate();
    return ended.result;
  }
}

interface Ended {
  readonly result: Result<Examination, Failure>;
  /** The worker is as good as new. */
  readonly reusable: boolean;
}

/** Sends the job and listens until it is done, or the worker dies. */
function attend(worker: Worker, job: Job, listening: Listening, signal: AbortSignal | undefined): Promise<Ended> {
  return new Promise((resolve) => {
    const abort = (): void => worker.postMessage({ kind: "abort" } satisfies ToWorker);
    const end = (ended: Ended): void => {
      signal?.removeEventListener("abort", abort);
      // One by one: removeAllListeners would take the Worker's own ones along, and it would never speak again.
      worker.off("message", heard).off("error", died).off("exit", left);
      resolve(ended);
    };
    const failed = (message: string): void => end({ reusable: false, result: err({ package: job.spec.package, message }) });
    const heard = (message: FromWorker): void => {
      switch (message.kind) {
        case "output":
          return listening.output?.(message.stream, message.bytes);
        case "progress":
          return listening.progress?.(message.progress);
        case "done":
          return end({ reusable: true, result: message.result });
        case "crashed":
          return failed(`Unpark itself failed here (please report it): ${message.message}${message.stack === undefined ? "" : `\n${message.stack}`}`);
      }
    };
    const died = (error: Error): void => failed(`its worker died: ${error.message}`);
    const left = (code: number): void => failed(`its worker ended with code ${code}`);
    worker.on("message", heard).on("error", died).on("exit", left);
    signal?.addEventListener("abort", abort);
    worker.postMessage(job);
  });
}
