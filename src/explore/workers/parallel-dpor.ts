import type { Beginning, Search } from "../search.js";
import { Forwarding } from "../strategies/forwarding.js";
import { Random } from "../strategies/random.js";
import type { Board } from "./shared-counters.js";
import type { DrawLimit } from "../strategies/draws.js";
import type { Crew, Round } from "./worker-pool.js";
import { Part } from "./subtree-search.js";
import { Territories, type Territory } from "./work-queue.js";
import type { Orders, PartResult } from "./worker-messages.js";

/** Milliseconds to wait for others to give something away, before going for a walk. */
const PAUSE = 2;

/**
 * Every schedule that differs, by this thread and whoever helps it. Without helpers it is the reduced search, alone; when
 * they come it gives away what it can spare, and where it has nothing to do itself it goes for random walks, for in
 * between it has to hear what the others need.
 */
export class Shared extends Forwarding implements Round {
  readonly #board: Board;
  readonly territories: Territories;
  readonly #limit: DrawLimit;
  readonly #crew: Crew;
  readonly #orders: Pick<Orders, "clock" | "saving">;
  readonly #walk: Random;
  readonly #bounds = new Set<string>();
  #own: { readonly territory: Territory; readonly part: Part } | undefined;
  protected override current: Search;
  #distinct = 0;

  constructor(board: Board, crew: Crew, orders: Pick<Orders, "clock" | "saving">, limit: DrawLimit, seed: number) {
    super();
    this.#board = board;
    this.#crew = crew;
    this.#limit = limit;
    this.territories = new Territories(limit.round);
    crew.begin(this);
    this.#orders = orders;
    this.current = this.#walk = new Random(seed);
  }

  get exhausted(): boolean {
    return this.territories.exhausted;
  }

  get distinct(): number {
    return this.#distinct;
  }

  get bounds(): readonly string[] {
    return [...this.#bounds].sort();
  }

  override begin(): Beginning | undefined {
    this.#board.tried();
    for (;;) {
      if (this.#crew.size > 0) this.#crew.tend();
      const own = (this.#own ??= this.#takeUp());
      if (!own) {
        if (this.exhausted) return undefined;
        this.#crew.tend(true);
        if (this.territories.waiting > 0 || this.#board.awaitMail(PAUSE)) continue;
        return this.#goFor(this.#walk);
      }
      if (this.#board.hungry > 0) this.#share(own);
      const beginning = this.#goFor(own.part);
      if (beginning) return beginning;
      this.explored(own.part.result);
      this.#own = undefined;
      this.territories.done(own.territory);
    }
  }

  /** A part was explored, here or elsewhere. */
  explored({ distinct, bounds, leftDraws }: Omit<PartResult, "limits">): void {
    this.#distinct += distinct;
    for (const bound of bounds) this.#bounds.add(bound);
    if (leftDraws) this.#limit.left = true;
  }

  #goFor(search: Search): Beginning | undefined {
    this.current = search;
    return search.begin();
  }

  #takeUp(): { readonly territory: Territory; readonly part: Part } | undefined {
    const territory = this.territories.take();
    if (!territory) return undefined;
    const part = new Part(territory.job, this.#orders, this.#limit, (demand) => this.territories.demand(territory, demand));
    return { territory, part };
  }

  #share({ territory, part }: { readonly territory: Territory; readonly part: Part }): void {
    const nodes = part.split(false);
    if (!nodes) return;
    this.territories.split(territory, nodes);
    this.#crew.tend();
  }
}
