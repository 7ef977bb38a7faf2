import { SharedNode } from "./shared-node.js";
import type { WorkRequest, SubtreeJob, WireNode } from "./worker-messages.js";

/** A part of the tree that is being explored, or that waits for it. */
export interface Subtree {
  readonly job: SubtreeJob;
  /** The deepest shared node on its way. */
  at: SharedNode | undefined;
}

/**
 * The shared part of the schedule tree, near its root: who explores what below it, and what waits.
 *
 * T1. Every node on the way to a subtree is shared, and kept as long as there is one below it; not longer.
 * T2. All is explored when nothing waits and nothing is being explored.
 */
export class WorkQueue {
  readonly #waiting: Subtree[] = [];
  #taken = 0;

  constructor(round: number) {
    this.#waiting.push({ job: { path: [], sleep: [], round }, at: undefined });
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  get exhausted(): boolean {
    return this.#waiting.length === 0 && this.#taken === 0;
  }

  /** The one nearest to the root: the largest, most likely. */
  take(): Subtree | undefined {
    if (this.#waiting.length === 0) return undefined;
    let best = 0;
    this.#waiting.forEach(({ job }, i) => {
      if (job.path.length < this.#waiting[best]!.job.path.length) best = i;
    });
    this.#taken++;
    return this.#waiting.splice(best, 1)[0];
  }

  /** Nothing of it was begun. */
  putBack(subtree: Subtree): void {
    this.#taken--;
    this.#waiting.push(subtree);
  }

  /** A subtree becomes smaller: the nodes from its `at` downwards are shared from now on. */
  split(subtree: Subtree, nodes: readonly WireNode[]): void {
    for (const wire of nodes) {
      const { at } = subtree;
      const path = at === undefined ? [] : at === this.#nodeAbove(subtree) ? subtree.job.path : [...at.path, at.handed];
      const node = new SharedNode(wire, at, { path, round: subtree.job.round });
      node.live = 1; // the subtree itself, which until now kept `at`
      subtree.at = node;
    }
    for (let node = subtree.at, n = nodes.length; node && n > 0; node = node.parent, n--) this.#giveOut(node);
  }

  demand({ at }: Subtree, demand: WorkRequest): void {
    let node = at;
    while (node && node.depth > demand.depth) node = node.parent;
    if (node?.depth !== demand.depth) throw new Error(`unpark: nobody shares the node at depth ${demand.depth}; this is a bug in unpark`);
    node.demand(demand);
    this.#giveOut(node);
  }

  /** It is explored, or given up. */
  done({ at }: Subtree): void {
    this.#taken--;
    for (let node = at; node && --node.live === 0; node = node.parent) {
      this.#giveOut(node);
      if (node.live > 0) return;
    }
  }

  /** Before it was split for the first time, a subtree's `at` is the node where it was given out. */
  #nodeAbove({ job, at }: Subtree): SharedNode | undefined {
    return at?.depth === job.path.length - 1 ? at : undefined;
  }

  #giveOut(node: SharedNode): void {
    for (const job of node.jobs()) this.#waiting.push({ job, at: node });
  }
}
