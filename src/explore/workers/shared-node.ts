import type { Choice } from "../../model/run/choice.js";
import type { Pending } from "../../model/run/program.js";
import type { Schedule } from "../../model/run/schedule.js";
import { ThreadIds } from "../dpor/thread-ids.js";
import { SearchNode } from "../dpor/search-node.js";
import { fromWire, type WorkRequest, type SubtreeJob, type WireNode, type WireSleeper } from "./worker-messages.js";

/**
 * A node whose alternatives are explored by different workers; the lead decides what is tried there.
 *
 * C1. Each alternative is given out once. Those given out before it sleep behind it, in the order of giving, so that no
 *     trace is explored twice, whoever is faster.
 * C2. The clock is given out last, once everything else at the node is done, as when one explores it alone (dpor-search.ts,
 *     D4): else whether a schedule is within the bound on early clock moves would depend on who was faster.
 */
export class SharedNode {
  /** The node above it; undefined: it is the root. */
  readonly parent: SharedNode | undefined;
  readonly path: Schedule;
  /** What the one that handed it over goes on exploring behind it. */
  readonly handed: Choice;
  /** Jobs given out here that are not done, and nodes shared below. */
  live = 0;
  readonly #names = new ThreadIds();
  readonly #node: SearchNode;
  readonly #sleep: readonly WireSleeper[];
  /** With what their steps do, as far as it is known. */
  readonly #given: WireSleeper[];
  #clock: Choice | undefined;

  readonly #round: number;

  constructor(wire: WireNode, parent: SharedNode | undefined, { path, round }: Pick<SubtreeJob, "path" | "round">) {
    this.#round = round;
    this.parent = parent;
    this.path = path;
    this.handed = wire.explored.at(-1)!.choice;
    this.#sleep = wire.sleep;
    this.#given = [...wire.explored];
    const pending = wire.pending.map((p): Pending => ({ ...p, op: "yield", accesses: [] }));
    this.#node = new SearchNode(pending, wire.fairness, wire.sleep.map((s) => fromWire(s, this.#names)), this.#names);
    for (const explored of wire.explored) this.#node.explored.push(fromWire(explored, this.#names));
    for (const name of wire.backtrack) this.#node.want(this.#names.procOf(name));
  }

  get depth(): number {
    return this.path.length;
  }

  demand({ candidates, initials }: Pick<WorkRequest, "candidates" | "initials">): void {
    this.#node.begin(candidates.map((name) => this.#names.procOf(name)), initials);
  }

  /** The alternatives that are wanted and not yet given out, as jobs. */
  jobs(): SubtreeJob[] {
    const jobs: SubtreeJob[] = [];
    while (this.#node.advance()) {
      const { choice } = this.#node;
      if (choice.kind === "clock") this.#clock = choice;
      else jobs.push(this.#give(choice));
    }
    if (this.#clock && this.live === 0 && jobs.length === 0) {
      jobs.push(this.#give(this.#clock)); // C2
      this.#clock = undefined;
    }
    this.live += jobs.length;
    return jobs;
  }

  #give(choice: Choice): SubtreeJob {
    const job = { path: [...this.path, choice], sleep: [...this.#sleep, ...this.#given], round: this.#round };
    this.#given.push({ choice });
    this.#node.explored.push({ choice, procs: [], touches: [] });
    return job;
  }
}
