import type { PoolWorker } from "./pool-worker.js";

/**
 * Threads between two explorations of one process, an editor's or an agent's: the next one begins with all modules loaded and compiled, in
 * half of the time of processors. They keep no process alive, and end after a minute in which nobody wanted them.
 */
export class KeptThreads {
  readonly #idle = new Map<PoolWorker, NodeJS.Timeout>();

  take(): PoolWorker | undefined {
    const [kept] = [...this.#idle].at(-1) ?? [];
    if (kept === undefined) return undefined;
    this.#forget(kept);
    kept.resume();
    return kept;
  }

  keep(worker: PoolWorker): void {
    worker.rest(() => this.#forget(worker));
    this.#idle.set(worker, setTimeout(() => {
      this.#forget(worker);
      void worker.end();
    }, KEPT_MS).unref());
  }

  #forget(worker: PoolWorker): void {
    clearTimeout(this.#idle.get(worker));
    this.#idle.delete(worker);
  }
}

const KEPT_MS = 60_000;
