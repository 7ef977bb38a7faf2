import type { StatsDelta } from "../finding-accumulator.js";
import { HELPERS_SAVING } from "../dpor/saved-states.js";
import type { Search } from "../search.js";
import type { DrawLimit } from "../strategies/draws.js";
import { SharedCounters } from "./shared-counters.js";
import { WorkerPool, type WorkerSource } from "./worker-pool.js";
import { ParallelDpor } from "./parallel-dpor.js";
import type { WorkerConfig } from "./worker-messages.js";

/** So many runs of the systematic search, and a program is worth the start of more threads. */
const WORTH_IT = 32;

/** A thread that explores a program, and whoever helps it. */
export class WorkerTeam {
  readonly board = new SharedCounters();
  readonly #orders: Pick<WorkerConfig, "clock" | "saving">;
  readonly #seed: number;
  readonly #crew: WorkerPool;
  readonly #hands: WorkerSource | undefined;
  #called = false;

  constructor(
    orders: Pick<WorkerConfig, "clock" | "steps" | "schedules" | "saving" | "faults">,
    seed: number,
    hands: WorkerSource | undefined,
    account: (account: StatsDelta<unknown>) => void,
  ) {
    this.#orders = orders;
    this.#seed = seed;
    const helpers = { ...orders, saving: HELPERS_SAVING, board: this.board.memory, context: hands?.context };
    this.#hands = hands;
    this.#crew = new WorkerPool(this.board, helpers, seed + 1, account); // the portfolio's own walks have these two
  }

  /** The search that tries every schedule, all together. One at a time. */
  share(limit: DrawLimit): Search {
    return new ParallelDpor(this.board, this.#crew, this.#orders, limit, this.#seed);
  }

  /** Threads at work. */
  get size(): number {
    return 1 + this.#crew.size;
  }

  /** What the hosts of the helpers' programs say (Program.limits). */
  get limits(): readonly string[] {
    return [...this.#crew.limits];
  }

  /** Why not everything will have been tried. */
  get lost(): string | undefined {
    return this.#crew.lost;
  }

  /** To be called now and then, between two runs. */
  serviceMessages(): void {
    if (this.#called || !this.#hands || this.board.systematic < WORTH_IT) return;
    this.#called = true;
    this.#hands.call((port) => this.#crew.join(port));
  }

  /** No more runs; what the helpers have found is still heard. */
  async end(): Promise<void> {
    if (this.#called) this.#hands?.dismiss();
    await this.#crew.end();
  }
}
