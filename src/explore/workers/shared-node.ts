import type { Choice } from "../../model/choice.js";
import type { GoroutineName } from "../../model/ids.js";
import type { Pending } from "../../model/program.js";
import { Names } from "../reduction/names.js";
import { Node } from "../reduction/node.js";
import { fromWire, type Job, type WireNode, type WireSleeper } from "./wire.js";

/**
 * A node whose alternatives are explored by different workers; the coordinator decides what is tried there.
 *
 * C1. Each alternative is given out once. Those given out before it sleep behind it, in the order of giving, so that no
 *     trace is explored twice, whoever is faster.
 */
export class SharedNode {
  readonly #names = new Names();
  readonly #node: Node;
  readonly #wire: WireNode;
  /** With what their steps do, as far as it is known. */
  readonly #given: WireSleeper[];

  constructor(wire: WireNode) {
    this.#wire = wire;
    this.#given = [...wire.explored];
    const pending = wire.pending.map((p): Pending => ({ ...p, op: "yield", accesses: [] }));
    this.#node = new Node(pending, wire.gate, wire.sleep.map((s) => fromWire(s, this.#names)), this.#names);
    for (const explored of wire.explored) this.#node.explored.push(fromWire(explored, this.#names));
    for (const name of wire.wanted) this.#node.want(this.#names.procOf(name));
  }

  demand(candidates: readonly (GoroutineName | undefined)[], initials: readonly Choice[]): void {
    this.#node.begin(candidates.map((name) => this.#names.procOf(name)), initials);
  }

  /** The alternatives that are wanted and not yet given out, as jobs. */
  jobs(): Job[] {
    const jobs: Job[] = [];
    while (this.#node.advance()) {
      const { choice } = this.#node;
      jobs.push({ path: [...this.#wire.path, choice], sleep: [...this.#wire.sleep, ...this.#given] });
      this.#given.push({ choice });
      this.#node.explored.push({ choice, procs: [], touches: [] });
    }
    return jobs;
  }
}
