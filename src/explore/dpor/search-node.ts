import { actorsOf, sameChoice, type Choice } from "../../model/run/choice.js";
import type { Pending } from "../../model/run/program.js";
import { CLOCK_THREAD, type StepEvent, type ThreadId } from "./happens-before.js";
import type { FairnessState } from "../fairness.js";
import type { ThreadIds } from "./thread-ids.js";
import { isAsleep, type SleepSetEntry } from "./sleep-set.js";

/**
 * A state on the stack of the reduced search: what could be done there, what was, and what is still wanted.
 *
 * N1. `choice` is the alternative being explored, one of `current`'s; `rest` are `current`'s other alternatives to come.
 * N2. A goroutine is in `#backtrack` from the moment it has to be explored here, for good.
 */
export class SearchNode {
  readonly pending: readonly Pending[];
  /** Before the choice. */
  readonly fairness: FairnessState;
  readonly sleep: readonly SleepSetEntry[];
  /** The siblings explored so far, with what their steps did. */
  readonly explored: SleepSetEntry[] = [];
  choice: Choice = { kind: "clock" };
  current: ThreadId = CLOCK_THREAD;
  readonly #names: ThreadIds;
  readonly #backtrack: ThreadId[] = [];
  #taken = 0;
  #rest: Choice[] = [];

  constructor(pending: readonly Pending[], fairness: FairnessState, sleep: readonly SleepSetEntry[], names: ThreadIds) {
    this.pending = pending.slice(); // it holds until the next step only
    this.fairness = fairness;
    this.sleep = sleep;
    this.#names = names;
  }

  /** Begins with a choice; its goroutine's other alternatives follow. */
  open(choice: Choice): void {
    this.#backtrack.push(this.#names.procOf(actorsOf(choice)[0]));
    this.#dequeue(this.#backtrack[this.#taken++]!);
    this.#rest = this.#rest.filter((c) => !sameChoice(c, choice));
    this.choice = choice;
  }

  /** On to the next alternative that is not asleep; false: there is none. */
  advance(): boolean {
    for (;;) {
      const next = this.#rest.pop();
      if (next) {
        this.choice = next;
        return true;
      }
      const proc = this.#nextWanted();
      if (proc === undefined) return false;
      this.#dequeue(proc);
    }
  }

  /** The step of `choice` is explored. */
  retire(event: StepEvent): void {
    this.explored.push({ choice: event.choice, procs: event.procs, touches: event.touches });
  }

  wants(p: ThreadId): boolean {
    return this.#backtrack.includes(p);
  }

  want(p: ThreadId): void {
    if (!this.#backtrack.includes(p) && this.canGo(p)) this.#backtrack.push(p);
  }

  wantAll(): void {
    for (const p of this.pending) if (p.alternatives.length > 0) this.want(this.#names.procOf(p.goroutine));
  }

  /**
   * Another order has to be begun here, by one of the candidates (in order of preference), unless it is already: one of
   * them is wanted, or one of the choices that it may begin with is asleep.
   */
  begin(candidates: readonly ThreadId[], initials: readonly Choice[]): void {
    if (candidates.some((q) => this.wants(q))) return;
    if (initials.some((choice) => isAsleep(choice, this.sleep))) return;
    const able = candidates.find((q) => this.canGo(q));
    if (able !== undefined) this.want(able);
    else if (candidates.every((q) => this.#isShut(q))) return; // beyond the bounds of fairness
    else this.wantAll(); // should not happen; sound if the footprints are coarser than the truth
  }

  /** D2: `p` moved in another goroutine's step; could it have done something else? */
  hasOthers(p: ThreadId): boolean {
    const others = this.pendingOf(p)?.alternatives ?? [];
    return others.some((c) => !actorsOf(c).some((name) => this.#names.procOf(name) === this.current));
  }

  /** Is there anything left to explore besides `choice`? The clock does not count: it has to wait (D4). */
  hasMore(): boolean {
    return this.#rest.length > 0 || this.#taken < this.#backtrack.length - (this.#backtrack.includes(CLOCK_THREAD, this.#taken) ? 1 : 0);
  }

  /** For handing over: who is wanted here, in order. */
  get backtrack(): readonly ThreadId[] {
    return this.#backtrack;
  }

  pendingOf(p: ThreadId): Pending | undefined {
    const name = this.#names.nameOf(p);
    for (const other of this.pending) if (other.goroutine === name) return other;
    return undefined;
  }

  canGo(p: ThreadId): boolean {
    return (this.pendingOf(p)?.alternatives.length ?? 0) > 0;
  }

  /** Could go on, were it not for fairness. */
  #isShut(p: ThreadId): boolean {
    return p === CLOCK_THREAD || this.pendingOf(p)?.yielding === true;
  }

  /** In the order in which they were asked for, the clock last (D4). */
  #nextWanted(): ThreadId | undefined {
    const clock = this.#backtrack.indexOf(CLOCK_THREAD, this.#taken);
    if (clock >= 0 && clock < this.#backtrack.length - 1) this.#backtrack.push(...this.#backtrack.splice(clock, 1));
    return this.#taken < this.#backtrack.length ? this.#backtrack[this.#taken++] : undefined;
  }

  #dequeue(p: ThreadId): void {
    this.current = p;
    const alternatives = this.pendingOf(p)?.alternatives ?? [];
    this.#rest = alternatives
      .filter((c) => !isAsleep(c, this.sleep) && !this.explored.some((s) => sameChoice(s.choice, c)))
      .reverse();
  }
}
