import { MessageChannel, Worker, type MessagePort } from "node:worker_threads";
import type { WorkerSource } from "../workers/worker-pool.js";
import type { ModelProgramText } from "./model-operations.js";

/** `dies`: the thread ends in the middle of a run, as when its memory is used up. */
type Fate = "works" | "throws" | "dies";

export interface HelpModel {
  readonly port: MessagePort;
  /** What its judge does. */
  readonly fate: Fate;
}

/** Helping threads for model programs. */
export class ModelWorkers implements WorkerSource {
  readonly context: ModelProgramText;
  readonly #helpers: number;
  readonly #workers: Worker[] = [];
  readonly #fate: Fate;
  called = false;

  constructor(text: ModelProgramText, helpers: number, fate: Fate = "works") {
    this.context = text;
    this.#helpers = helpers;
    this.#fate = fate;
  }

  /** Lets the threads start before they are needed. */
  async start(): Promise<this> {
    for (let n = 0; n < this.#helpers; n++) {
      const worker = new Worker(new URL("./model-worker.js", import.meta.url));
      this.#workers.push(worker);
      await new Promise((resolve) => worker.once("online", resolve));
    }
    return this;
  }

  call(join: (port: MessagePort) => void): void {
    this.called = true;
    for (const worker of this.#workers) {
      const { port1, port2 } = new MessageChannel();
      worker.postMessage({ port: port2, fate: this.#fate } satisfies HelpModel, [port2]);
      join(port1);
    }
  }

  dismiss(): void {
    // They hear it from the lead.
  }

  recall(): void {
    for (const worker of this.#workers) worker.postMessage("recall");
  }

  async end(): Promise<void> {
    await Promise.all(this.#workers.splice(0).map((worker) => worker.terminate()));
  }
}
