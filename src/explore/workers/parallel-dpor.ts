import type { Beginning, Strategy } from "../strategy.js";
import { Forwarding } from "../strategies/forwarding.js";
import { Random } from "../strategies/random.js";
import type { SharedCounters } from "./shared-counters.js";
import type { DrawLimit } from "../strategies/draws.js";
import type { WorkerPool, ParallelRound } from "./worker-pool.js";
import { SubtreeSearch } from "./subtree-search.js";
import { WorkQueue, type Subtree } from "./work-queue.js";
import type { WorkerConfig, SubtreeResult } from "./worker-messages.js";

/** Milliseconds to wait for others to give something away, before going for a walk. */
const PAUSE = 2;

/** What it asks of the helpers. */
type HelperPool = Pick<WorkerPool<unknown>, "begin" | "size" | "serviceMessages">;

/**
 * Every schedule that differs, by this thread and its helpers. Without helpers it is the reduced search, alone; when
 * they come it gives away what it can spare, and where it has nothing to do itself it goes for random walks, for in
 * between it has to hear what the others need.
 */
export class ParallelDpor extends Forwarding implements ParallelRound {
  readonly #counters: SharedCounters;
  readonly subtrees: WorkQueue;
  readonly #limit: DrawLimit;
  readonly #pool: HelperPool;
  readonly #config: Pick<WorkerConfig, "clock" | "saving">;
  readonly #walk: Random;
  readonly #bounds = new Set<string>();
  #own: { readonly subtree: Subtree; readonly part: SubtreeSearch } | undefined;
  protected override current: Strategy;
  #distinct = 0;

  constructor(board: SharedCounters, pool: HelperPool, orders: Pick<WorkerConfig, "clock" | "saving">, limit: DrawLimit, seed: number) {
    super();
    this.#counters = board;
    this.#pool = pool;
    this.#limit = limit;
    this.subtrees = new WorkQueue(limit.round);
    pool.begin(this);
    this.#config = orders;
    this.current = this.#walk = new Random(seed);
  }

  override get exhausted(): boolean {
    return this.subtrees.exhausted;
  }

  override get distinct(): number {
    return this.#distinct;
  }

  override get bounds(): readonly string[] {
    return [...this.#bounds].sort();
  }

  override begin(): Beginning | undefined {
    this.#counters.tried();
    for (;;) {
      if (this.#pool.size > 0) this.#pool.serviceMessages();
      const own = (this.#own ??= this.#dequeue());
      if (!own) {
        if (this.exhausted) return undefined;
        this.#pool.serviceMessages(true);
        if (this.subtrees.waiting > 0 || this.#counters.awaitMail(PAUSE)) continue;
        return this.#goFor(this.#walk);
      }
      if (this.#counters.idle > 0) this.#share(own);
      const beginning = this.#goFor(own.part);
      if (beginning) return beginning;
      this.explored(own.part.result);
      this.#own = undefined;
      this.subtrees.done(own.subtree);
    }
  }

  /** A part was explored, here or elsewhere. */
  explored({ distinct, bounds, leftDraws }: Omit<SubtreeResult, "limits" | "isRefuted">): void {
    this.#distinct += distinct;
    for (const bound of bounds) this.#bounds.add(bound);
    if (leftDraws) this.#limit.left = true;
  }

  #goFor(search: Strategy): Beginning | undefined {
    this.current = search;
    return search.begin();
  }

  #dequeue(): { readonly subtree: Subtree; readonly part: SubtreeSearch } | undefined {
    const subtree = this.subtrees.take();
    if (!subtree) return undefined;
    const part = new SubtreeSearch(subtree.job, this.#config, this.#limit, (demand) => this.subtrees.demand(subtree, demand));
    return { subtree, part };
  }

  #share({ subtree, part }: { readonly subtree: Subtree; readonly part: SubtreeSearch }): void {
    const nodes = part.split(false);
    if (!nodes) return;
    this.subtrees.split(subtree, nodes);
    this.#pool.serviceMessages();
  }
}
