import { MessageChannel, type MessagePort } from "node:worker_threads";
import { err, ok, type Result } from "../../base/result.js";
import { FindingAccumulator } from "../../explore/finding-accumulator.js";
import { SharedCounters } from "../../explore/workers/shared-counters.js";
import type { FromHelper, SubtreeJob } from "../../explore/workers/worker-messages.js";
import type { RemoteConfig } from "./messages.js";

/** Starts a helper on the port: a worker of the pool, or a model in tests. Resolves when it has left. */
type StartHelper = (port: MessagePort) => Promise<void>;

/**
 * A helper as the lead of its own small exploration: gives it one job of a queue after the other, and collects what it says.
 *
 * H1. What comes back is whole: everything that the job came to, or (an error) nothing.
 * H2. A job takes `quantum` milliseconds and the end of a run; what is left then is among what comes back, as nodes to share.
 */
export class HelperOnJobs {
  readonly #port: MessagePort;
  readonly #counters = new SharedCounters();
  /** Its thread is free again. */
  readonly #left: Promise<void>;
  readonly #closed: Promise<void>;
  #leaves = false;
  #heard: (message: FromHelper) => void = () => undefined;
  #ready: Promise<string | undefined>;

  constructor(start: StartHelper, config: RemoteConfig, seed: number) {
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    this.#ready = new Promise((resolve) => {
      this.#heard = (message) => resolve(message.kind === "ready" ? undefined : message.kind === "failed" ? message.error : "it left at once");
      port1.on("close", () => resolve("it ended"));
    });
    // Comes after all that was said. That the thread is free again, its source says by another way, perhaps earlier.
    this.#closed = new Promise((resolve) => port1.once("close", resolve));
    void this.#closed.then(() => (this.#leaves = true));
    port1.on("message", (message: FromHelper) => this.#heard(message));
    this.#left = start(port2).catch(() => undefined);
    port1.postMessage({ kind: "orders", orders: { ...config, counters: this.#counters.memory, seed } });
  }

  /** It takes no more jobs. */
  get leaves(): boolean {
    return this.#leaves;
  }

  /** `end` aborted: what was found so far is enough. */
  async explore(job: SubtreeJob, quantum: number, end: AbortSignal): Promise<Result<readonly FromHelper[], string>> {
    const problem = await this.#ready;
    if (problem !== undefined) return err(problem);
    const stop = (): void => this.#counters.end();
    const timer = setTimeout(() => (this.#counters.endsJobs = true), quantum);
    this.#counters.endsJobs = false;
    end.addEventListener("abort", stop);
    if (end.aborted) stop();
    try {
      return await this.#said(job);
    } finally {
      clearTimeout(timer);
      end.removeEventListener("abort", stop);
    }
  }

  async close(): Promise<void> {
    this.#port.close();
    await this.#left;
  }

  #said(job: SubtreeJob): Promise<Result<readonly FromHelper[], string>> {
    const said: FromHelper[] = [];
    const found = new FindingAccumulator<unknown>();
    const heard = new Promise<Result<readonly FromHelper[], string>>((resolve) => {
      this.#heard = (message) => {
        if (message.kind === "found") found.add(message.account, 0, 0);
        else if (message.kind === "done") {
          found.add(message.account, 0, 0);
          resolve(ok([...said, { ...message, account: found.take() }]));
        } else if (message.kind === "failed") resolve(err(message.error));
        else if (message.kind === "left") resolve(err("it left before it had begun"));
        else said.push(message);
      };
      void this.#closed.then(() => resolve(err("it ended")));
    });
    this.#port.postMessage({ kind: "job", job });
    return heard;
  }
}
