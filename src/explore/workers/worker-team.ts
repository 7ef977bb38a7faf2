import type { Account } from "../finding-accumulator.js";
import { HELPERS_SAVING } from "../dpor/saved-states.js";
import type { Search } from "../search.js";
import type { DrawLimit } from "../strategies/draws.js";
import { Board } from "./shared-counters.js";
import { Crew, type Hands } from "./worker-pool.js";
import { Shared } from "./parallel-dpor.js";
import type { Orders } from "./worker-messages.js";

/** So many runs of the systematic search, and a program is worth the start of more threads. */
const WORTH_IT = 32;

/** A thread that explores a program, and whoever helps it. */
export class Team {
  readonly board = new Board();
  readonly #orders: Pick<Orders, "clock" | "saving">;
  readonly #seed: number;
  readonly #crew: Crew;
  readonly #hands: Hands | undefined;
  #called = false;

  constructor(
    orders: Pick<Orders, "clock" | "steps" | "schedules" | "saving">,
    seed: number,
    hands: Hands | undefined,
    account: (account: Account<unknown>) => void,
  ) {
    this.#orders = orders;
    this.#seed = seed;
    const helpers = { ...orders, saving: HELPERS_SAVING, board: this.board.memory, context: hands?.context };
    this.#hands = hands;
    this.#crew = new Crew(this.board, helpers, seed + 1, account); // the portfolio's own walks have these two
  }

  /** The search that tries every schedule, all together. One at a time. */
  share(limit: DrawLimit): Search {
    return new Shared(this.board, this.#crew, this.#orders, limit, this.#seed);
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
  breathe(): void {
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
