import { actorsOf, type Choice } from "../../model/run/choice.js";
import type { GoroutineName } from "../../model/ids.js";
import type { Pending } from "../../model/run/program.js";
import type { Schedule } from "../../model/run/schedule.js";
import { CLOCK_THREAD, type HappensBefore, type StepEvent, type ThreadId } from "./happens-before.js";
import { isOffer, isSelect, pendingAccesses, type DependencyAccess } from "./object-access.js";
import { racesOf, type Race } from "./races.js";
import type { SearchNode } from "./search-node.js";
import type { ThreadIds } from "./thread-ids.js";

/** The nodes of another search that lie above this one's (D6 in dpor-search.ts). */
export interface NodesAbove {
  readonly path: Schedule;
  /** At the node before step `depth`, one of these goroutines has to be taken up (undefined: the clock); see SearchNode.begin. */
  demand(depth: number, candidates: readonly (GoroutineName | undefined)[], initials: readonly Choice[]): void;
}

/** What of a search the sets are read from: its own stack and history, which it changes. */
interface SearchState {
  readonly stack: readonly SearchNode[];
  readonly history: HappensBefore;
  readonly names: ThreadIds;
  readonly isLazy: boolean;
}

/**
 * The nodes' backtrack sets: of two steps that race, the other order has to be begun somewhere (source sets).
 *
 * D2. A node's backtrack set holds goroutines (and the clock), not choices. Once one is taken up, all its alternatives are
 *     explored there: select cases, partners, values. A `meet` belongs to both its goroutines.
 */
export class BacktrackSets {
  /** The nodes of the stack below this belong to others (D6). */
  foreign: number;
  readonly #stack: readonly SearchNode[];
  readonly #history: HappensBefore;
  readonly #names: ThreadIds;
  readonly #isLazy: boolean;
  readonly #above: NodesAbove | undefined;

  constructor({ stack, history, names, isLazy }: SearchState, above?: NodesAbove) {
    this.#stack = stack;
    this.#history = history;
    this.#names = names;
    this.#isLazy = isLazy;
    this.#above = above;
    this.foreign = above?.path.length ?? 0;
  }

  /** Races of what was just done, before it enters the history. */
  stepped(choice: Choice, procs: readonly ThreadId[], touches: readonly DependencyAccess[]): void {
    if (choice.kind === "clock") return this.check(CLOCK_THREAD, touches);
    const node = this.#stack.at(-1)!;
    const actors = actorsOf(choice).length;
    for (let i = 0; i < procs.length; i++) {
      const p = procs[i]!;
      const pending = node.pendingOf(p);
      if (!pending) continue; // started just now
      if (p !== node.current && node.hasOthers(p)) this.#want(this.#stack.length - 1, p); // D2
      if (i >= actors) continue;
      const would = isSelect(pending) || choice.kind === "meet" ? pendingAccesses(pending) : [];
      this.check(p, would.length === 0 ? touches : [...would, ...touches.filter((t) => !would.some((w) => w.object === t.object))]);
    }
  }

  /** The clock's next move was another one before the last step, or there is none any more: compare it while it is known. */
  clockOf(node: SearchNode, now: readonly Pending[]): void {
    const before = node.pendingOf(CLOCK_THREAD);
    if (!before || this.#history.events.at(-1)?.choice.kind === "clock") return;
    const after = now.at(-1)?.goroutine === undefined ? now.at(-1) : undefined;
    if (after?.time === before.time && after?.accesses.length === before.accesses.length) return;
    this.check(CLOCK_THREAD, pendingAccesses(before));
  }

  /** Each case of a select by itself: a race of one of them must not hide an earlier race of another (races.ts, R2). */
  check(p: ThreadId, touches: readonly DependencyAccess[]): void {
    if (p === CLOCK_THREAD && this.#isLazy) return;
    const offers = touches.filter(isOffer);
    for (const offer of offers) this.#checkOne(p, [offer]);
    if (offers.length < touches.length) this.#checkOne(p, touches.filter((t) => !isOffer(t)));
  }

  /** Everybody who can go on at a node is taken up there. */
  wantAll(depth: number): void {
    const node = this.#stack[depth]!;
    for (const { goroutine, alternatives } of node.pending) {
      if (alternatives.length > 0) this.#want(depth, this.#names.procOf(goroutine));
    }
  }

  #checkOne(p: ThreadId, touches: readonly DependencyAccess[]): void {
    for (const race of racesOf(this.#history, p, touches, (q, index) => !this.#stack[index]!.canGo(q))) {
      this.#reverse(race, p);
    }
  }

  /** Makes sure that the other order is begun somewhere, in the state before `race.earlier`. */
  #reverse({ earlier, initials, self }: Race, p: ThreadId): void {
    const node = this.#stack[earlier.index]!;
    const first = [...(self ? [p] : []), ...initials.flatMap((event) => procsThatChose(event))];
    const goroutines = first.filter((q) => q !== CLOCK_THREAD); // D4
    const candidates = goroutines.length > 0 ? goroutines : first;
    if (earlier.index < this.foreign) return this.#demand(earlier.index, candidates, initials.map((event) => event.choice));
    node.begin(candidates, initials.map((event) => event.choice));
  }

  #want(depth: number, p: ThreadId): void {
    if (depth < this.foreign) this.#demand(depth, [p], []);
    else this.#stack[depth]!.want(p);
  }

  #demand(depth: number, candidates: readonly ThreadId[], initials: readonly Choice[]): void {
    this.#above!.demand(depth, candidates.map((p) => this.#names.nameOf(p)), initials);
  }
}

const procsThatChose = (event: StepEvent): readonly ThreadId[] =>
  event.choice.kind === "meet" ? event.procs.slice(0, 2) : event.procs.slice(0, 1);
