import { actorsOf, sameChoice, type Choice } from "../../../model/run/choice.js";
import type { GoroutineName } from "../../../model/ids.js";
import type { OpKind } from "../../../model/run/operation.js";
import type { Pending } from "../../../model/run/program.js";
import type { ComputedTime } from "./computed-time.js";
import { StarvingLockers } from "./starving-lockers.js";

/**
 * A quiet machine's goroutines that are stopped: who can go on, in which order, and who waits for whom.
 *
 * N3. The goroutine that could go on first goes on first: a run queue (proc.go, runqget; runnext is left out, for with more than one
 *     processor an idle one takes what has just been readied).
 * N5. Who had to wait goes on with what let it go on first, though more is ready when its turn comes: the runtime takes a waiting select out of
 *     all its queues as soon as one case is ready (chan.go, send, recv, closechan: isSelect). Of several that wait for the same, the one that
 *     has waited longest comes first: a channel's and a semaphore's queues are first in, first out.
 * N6. A goroutine comes to its first operation when its first turn comes, not when it is started: who starts one and then sends to
 *     it waits first (proc.go, newproc: to a run queue), and it is the one that finds the other there, and goes on.
 * N8. Who unlocks a mutex may lock it again at once, but not where another has waited for it for a millisecond (starving-lockers.ts).
 */
export class ReadyQueue {
  readonly #time: ComputedTime;
  #turn = 0;
  /** Those that are stopped, as they were told last. */
  readonly #known = new Map<GoroutineName, Pending>();
  /** Of these, who can go on (or has not arrived), in the order of N3. */
  readonly #queue = new Set<GoroutineName>();
  /** Since when it has had to wait, on the scale of `#turn`. */
  readonly #waits = new Map<GoroutineName, number>();
  /** N6: those that have had a turn. */
  readonly #arrived = new Set<GoroutineName>();
  /** N5: what one that had to wait could do first. */
  readonly #let = new Map<GoroutineName, Choice>();
  readonly #starving = new StarvingLockers();
  /** Whom they could meet has arrived, or is not let go on by something else any more. */
  readonly #again = new Set<GoroutineName>();
  /** Can go on since this step; not in the queue yet. */
  #fresh: Pending[] = [];

  constructor(time: ComputedTime) {
    this.#time = time;
  }

  // ---- what is told

  /** `all` are those that are stopped: others are not, though they were not chosen. */
  forgetOthers(all: readonly Pending[]): void {
    if (this.#known.size === 0) return;
    const names = new Set(all.map(({ goroutine }) => goroutine));
    for (const goroutine of this.#known.keys()) if (!names.has(goroutine)) this.#leaves(goroutine);
  }

  /** A goroutine is stopped, or what it can do has changed. After the last one: `admit`. */
  learn(one: Pending): void {
    this.#known.set(one.goroutine!, one);
    this.#consider(one);
  }

  /** Those that can go on since this step stand behind all others, whoever has waited longest first (N5). */
  admit(): void {
    for (const goroutine of this.#again) {
      this.#again.delete(goroutine);
      const one = this.#known.get(goroutine);
      if (one !== undefined) this.#consider(one);
    }
    const fresh = this.#fresh;
    if (fresh.length === 0) return;
    this.#fresh = [];
    if (fresh.length > 1) fresh.sort((a, b) => this.#waitsSince(a) - this.#waitsSince(b));
    for (const one of fresh) this.#enqueue(one);
  }

  /** They go on: where they stop next they are told anew. */
  goOn(choice: Choice): void {
    for (const actor of actorsOf(choice)) this.#leaves(actor);
  }

  /** The same, chosen by another strategy. */
  follow(choice: Choice): void {
    for (const actor of actorsOf(choice)) this.#arrived.add(actor);
    this.goOn(choice);
  }

  /** It has gone on for long enough: it stands behind all others. */
  toEnd(goroutine: GoroutineName): void {
    if (this.#queue.delete(goroutine)) this.#queue.add(goroutine);
  }

  // ---- what can go on

  /** What it could do, if it is in the queue. */
  of(goroutine: GoroutineName | undefined): Pending | undefined {
    return goroutine !== undefined && this.#queue.has(goroutine) ? this.#known.get(goroutine) : undefined;
  }

  /** In their order, until `isFirst` says that it is one; who joins the queue meanwhile stands at its end, and is seen. Who must wait leaves it. */
  find(isFirst: (one: Pending, way: Choice | undefined) => boolean): Pending | undefined {
    for (const goroutine of this.#queue) {
      const one = this.#known.get(goroutine)!;
      this.#arrive(one);
      const way = this.way(one);
      if (isFirst(one, way)) return one;
      if (way === undefined) this.#mustWait(goroutine);
      if (this.#again.size > 0) this.admit();
    }
    return undefined;
  }

  /** What it could do, and need not leave to others; undefined: nothing. */
  way({ goroutine, alternatives }: Pending): Choice | undefined {
    return alternatives.find((way) => !this.#isTaken(way, goroutine));
  }

  /** `one`, or who starves for what it would take (N8). */
  before(one: Pending): Pending {
    return this.#starving.before(one, (goroutine) => this.of(goroutine), this.#time.now) ?? one;
  }

  /** Does a goroutine that does `op` have to ask whether others starve for it? */
  starvesFor(op: OpKind): boolean {
    return this.#starving.matter(op);
  }

  /**
   * N5: what let it go on, if that is still there; of several that it could meet, the one that has waited longest. One that could
   * go on before this step meets whom it likes, though one that can since this step would meet the same.
   */
  preferred({ goroutine, alternatives: all }: Pending): Choice {
    const known = this.#let.get(goroutine!);
    if (known !== undefined) return known;
    const free = all.length === 1 ? all : all.filter((one) => !this.#isTaken(one, goroutine));
    const alternatives = free.length === 0 ? all : free;
    const first = alternatives[0]!;
    return first.kind === "meet" ? alternatives.reduce((best, one) => (this.#partnerWaits(one, goroutine) < this.#partnerWaits(best, goroutine) ? one : best)) : first;
  }

  // ---- inside

  /** Its first turn (N6): those that could meet it may go on from now on. */
  #arrive(one: Pending): void {
    if (this.#arrived.has(one.goroutine!)) return;
    this.#arrived.add(one.goroutine!);
    this.#considerPartners(one);
  }

  #considerPartners({ goroutine, alternatives }: Pending): void {
    for (const way of alternatives) if (way.kind === "meet") this.#again.add(partnerOf(way, goroutine));
  }

  #consider(one: Pending): void {
    const goroutine = one.goroutine!;
    const known = this.#let.get(goroutine);
    if (known !== undefined && !one.alternatives.some((way) => sameChoice(way, known))) {
      this.#unlet(goroutine); // what let it go on is not there any more: it is as if it had to wait since then
      this.#queue.delete(goroutine);
    }
    if (this.#arrived.has(goroutine) && this.way(one) === undefined) this.#mustWait(goroutine);
    else if (!this.#queue.has(goroutine)) this.#fresh.push(one);
  }

  #enqueue(one: Pending): void {
    const goroutine = one.goroutine!;
    if (this.#arrived.has(goroutine)) {
      if (this.way(one) === undefined) return this.#mustWait(goroutine); // one of them that came before it meets everybody that it could have met
      if (this.#waits.has(goroutine)) this.#let.set(goroutine, this.preferred(one));
    }
    this.#queue.add(goroutine);
  }

  #waitsSince({ goroutine }: Pending): number {
    return this.#waits.get(goroutine!) ?? this.#turn + 1;
  }

  #mustWait(goroutine: GoroutineName): void {
    this.#queue.delete(goroutine);
    this.#unlet(goroutine);
    if (!this.#waits.has(goroutine)) this.#waits.set(goroutine, ++this.#turn);
    this.#starving.waits(this.#known.get(goroutine)!, this.#time.now);
  }

  /** Whom it could meet may meet it again. */
  #unlet(goroutine: GoroutineName): void {
    if (this.#let.delete(goroutine)) this.#considerPartners(this.#known.get(goroutine)!);
  }

  /** A meeting with one who has been let go on by something else, and is at its channel no more (N5). */
  #isTaken(choice: Choice, goroutine?: GoroutineName): boolean {
    if (choice.kind !== "meet") return false;
    if (!this.#arrived.has(partnerOf(choice, goroutine))) return true; // N6
    return this.#let.size > 0 && [choice.sender, choice.receiver].some((actor) => {
      const known = this.#let.get(actor);
      return known !== undefined && !sameChoice(known, choice);
    });
  }

  #partnerWaits(choice: Choice, goroutine: GoroutineName | undefined): number {
    if (choice.kind !== "meet") return Infinity; // by itself stands before meets where there is such a way
    return this.#waits.get(partnerOf(choice, goroutine)) ?? Infinity;
  }

  #leaves(goroutine: GoroutineName): void {
    if (this.#waits.delete(goroutine)) this.#starving.goesOn(goroutine);
    this.#let.delete(goroutine);
    this.#queue.delete(goroutine);
    this.#known.delete(goroutine);
  }
}

const partnerOf = ({ sender, receiver }: Extract<Choice, { kind: "meet" }>, goroutine: GoroutineName | undefined): GoroutineName => (sender === goroutine ? receiver : sender);
