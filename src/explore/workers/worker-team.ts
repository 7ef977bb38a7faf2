import { HELPERS_SAVING } from "../dpor/saved-states.js";
import type { ExhaustiveStrategy } from "../strategy.js";
import type { DrawLimit } from "../strategies/draws.js";
import type { SharedCounters } from "./shared-counters.js";
import { type Heard, WorkerPool, type WorkerSource } from "./worker-pool.js";
import { ParallelDpor } from "./parallel-dpor.js";
import type { WorkerConfig } from "./worker-messages.js";

/** So many runs of the systematic search, and a program is worth the start of more threads. */
const WORTH_IT = 32;

/** A thread that explores a program, and its helpers. */
export class WorkerTeam<T> {
  readonly counters: SharedCounters;
  readonly #config: Pick<WorkerConfig, "clock" | "saving">;
  readonly #seed: number;
  readonly #pool: WorkerPool<T>;
  readonly #helpers: WorkerSource | undefined;
  #called = false;

  constructor(
    orders: Pick<WorkerConfig, "clock" | "steps" | "schedules" | "saving" | "faults" | "pairs">,
    seed: number,
    board: SharedCounters,
    hands: WorkerSource | undefined,
    heard: Heard<T>,
  ) {
    this.counters = board;
    this.#config = orders;
    this.#seed = seed;
    const helpers = { ...orders, saving: HELPERS_SAVING, counters: this.counters.memory, context: hands?.context };
    this.#helpers = hands;
    this.#pool = new WorkerPool(this.counters, helpers, seed + 1, heard); // the portfolio's own walks have these two
  }

  /** The search that tries every schedule, all together. One at a time. */
  share(limit: DrawLimit): ExhaustiveStrategy {
    return new ParallelDpor(this.counters, this.#pool, this.#config, limit, this.#seed);
  }

  /** Threads at work. */
  get size(): number {
    return 1 + this.#pool.size;
  }

  /** What the hosts of the helpers' programs say (Program.limits). */
  get limits(): readonly string[] {
    return [...this.#pool.limits];
  }

  get isRefuted(): boolean {
    return this.#pool.isRefuted;
  }

  /** Why not everything will have been tried. */
  get lost(): string | undefined {
    return this.#pool.lost;
  }

  /** To be called now and then, between two runs. */
  serviceMessages(): void {
    if (this.#called || !this.#helpers || this.counters.systematic < WORTH_IT) return;
    this.#called = true;
    this.#helpers.call((port) => this.#pool.join(port));
  }

  /** No more runs; what the helpers have found is still heard. */
  async end(): Promise<void> {
    if (this.#called) this.#helpers?.dismiss();
    await this.#pool.end();
  }
}
