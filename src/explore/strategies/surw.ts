import { actorsOf, type Choice } from "../../model/run/choice.js";
import type { GoroutineName, ObjectId } from "../../model/ids.js";
import type { Pending, Run } from "../../model/run/program.js";
import type { AbleIndex } from "../able-index.js";
import { drawAmong, drawOf } from "./draws.js";
import { ObjectUsage, type ObjectUses } from "./object-usage.js";
import { Priorities } from "./priorities.js";
import { SeededRuns } from "./seeded-runs.js";

/** So many steps may be done while an operation is held back: who polls in them might wait for it. */
const LONGEST_HOLD = 100;
const NO_USES: ObjectUses = new Map();

/** What it asks of a state. */
interface Sight {
  /** Those that have come, at least. */
  readonly news: readonly Pending[];
  readonly drawn: Choice | undefined;
  readonly highest: () => Pending | undefined;
  /** Those that can go on. */
  readonly goroutines: () => readonly Pending[];
  readonly actorsIn: (choice: Choice) => readonly Pending[];
}

/**
 * Selectively uniform random walk (Zhao, Wolff, Mathur, Roychoudhury, "Selectively uniform concurrency testing", ASPLOS
 * 2025). Each run draws one object; the operations on it are its interesting events, and every order of them is meant to
 * be as likely as any other. Which goroutine does the next one is drawn in proportion to how many each has left, those of
 * the goroutines that it has yet to start included; the others are held back before theirs until that one has done its own.
 * What is not interesting goes on by random priorities that are drawn anew for each operation.
 *
 * How many a goroutine has left is an estimate, as in the paper: what it did in the longest run so far. The first run has
 * none, and goes by priorities alone.
 *
 * Different from the paper: its profile knows an object by its address; here an object is found again by the step at
 * which a goroutine first used it, for its number may differ from run to run. A meeting counts for both its goroutines.
 * Nothing is held back for longer than LONGEST_HOLD steps. The clock is one more thread, and draws of random numbers
 * are done at once.
 */
export class SelectivelyUniformWalk extends SeededRuns {
  readonly name = "surw";
  readonly choosesAmong = true;
  #priorities = new Priorities(this.prng);
  /** Of the longest run so far; and of the present one. */
  #profile = new ObjectUsage();
  #usage = new ObjectUsage();
  /** Of the object that the present run is about: who used it in the profile, how often is left, its numbers in this run. */
  #uses = NO_USES;
  readonly #left = new Map<GoroutineName, number>();
  readonly #objects = new Set<ObjectId>();
  readonly #started = new Set<GoroutineName>();
  /** Whose interesting operation is to be the next one. */
  #intended: GoroutineName | undefined;
  readonly #held = new Set<GoroutineName>();
  #heldFor = 0;
  /** What the actors of the choice at hand were before. */
  #acting: readonly Pending[] = [];

  /** `runs`: how many to try; without end by default. */
  constructor(seed: number, runs = Infinity) {
    super(seed, 0x27d4eb2f, runs);
  }

  protected override beginRun(): void {
    this.#priorities = new Priorities(this.prng);
    this.#usage = new ObjectUsage();
    const contended = this.#profile.contended();
    this.#uses = contended[this.prng.below(contended.length)] ?? NO_USES;
    this.#left.clear();
    for (const [goroutine, { count }] of this.#uses) this.#left.set(goroutine, count);
    this.#objects.clear();
    this.#started.clear();
    this.#release();
  }

  next(pending: readonly Pending[]): Choice | "stop-run" {
    if (this.#started.size === 0) for (const { goroutine } of pending) if (goroutine !== undefined) this.#started.add(goroutine);
    return this.#answer({
      news: pending,
      drawn: drawOf(pending, this.prng),
      highest: () => this.#priorities.highest(pending, this.#held),
      goroutines: () => pending.filter(({ goroutine, alternatives }) => goroutine !== undefined && alternatives.length > 0),
      actorsIn: (choice) => actorsIn(pending, choice),
    });
  }

  nextAmong(able: AbleIndex): Choice | "stop-run" {
    this.#priorities.follow(able);
    return this.#answer({
      news: able.news,
      drawn: drawAmong(able, this.prng),
      highest: () => this.#priorities.highestAmong(able, this.#held),
      goroutines: () => able.goroutines(),
      actorsIn: (choice) => actorsOf(choice).flatMap((actor) => able.of(actor) ?? []),
    });
  }

  #answer(sight: Sight): Choice | "stop-run" {
    this.#findObjects(sight.news);
    if (sight.drawn !== undefined) {
      this.#acting = sight.actorsIn(sight.drawn);
      return sight.drawn;
    }
    if (this.#held.size > 0 && this.#heldFor++ >= LONGEST_HOLD) this.#release();
    const chosen = this.#choose(sight);
    const choice = chosen === undefined ? "stop-run" : this.oneOf(chosen);
    this.#acting = choice === "stop-run" ? [] : sight.actorsIn(choice);
    return choice;
  }

  stepped(run: Run, choice: Choice): void {
    const { moved, started } = run.last();
    for (const name of actorsOf(choice)) {
      const pending = this.#acting.find(({ goroutine }) => goroutine === name);
      if (pending) this.#did(name, pending);
    }
    for (const child of started) this.#begins(child);
    for (const name of moved) this.#priorities.renew(name);
    if (choice.kind === "clock") this.#priorities.renew(undefined);
  }

  ended(): void {
    if (this.#usage.steps > this.#profile.steps) this.#profile = this.#usage;
  }

  /** The highest priority among those that are not held back. */
  #choose({ highest, goroutines }: Sight): Pending | undefined {
    for (;;) {
      const best = highest();
      if (best === undefined && this.#held.size === 0) return undefined;
      if (best === undefined) {
        this.#release(); // the intended one is blocked, or has none left: another is drawn
        continue;
      }
      if (best.goroutine === undefined || !this.#isInteresting(best)) return best;
      this.#intended ??= this.#draw(goroutines(), best.goroutine);
      if (this.#intended === best.goroutine) return best;
      this.#held.add(best.goroutine);
    }
  }

  /** One of those that can go on, in proportion to what they have left; `best` has one left, whatever the estimate says. */
  #draw(able: readonly Pending[], best: GoroutineName): GoroutineName {
    if ((this.#left.get(best) ?? 0) === 0) this.#left.set(best, 1);
    const weights = this.#weights();
    let pick = this.prng.below(able.reduce((sum, { goroutine }) => sum + (weights.get(goroutine!) ?? 0), 0));
    for (const { goroutine } of able) {
      pick -= weights.get(goroutine!) ?? 0;
      if (pick < 0) return goroutine!;
    }
    return best;
  }

  /** What each goroutine has left, and what those have that it, or a child of its own, has yet to start. */
  #weights(): ReadonlyMap<GoroutineName, number> {
    const weights = new Map<GoroutineName, number>();
    for (const [name, left] of this.#left) {
      const owner = this.#startedAncestor(name);
      if (owner !== undefined && left > 0) weights.set(owner, (weights.get(owner) ?? 0) + left);
    }
    return weights;
  }

  /** Itself, once it was started. */
  #startedAncestor(name: GoroutineName): GoroutineName | undefined {
    let ancestor: GoroutineName | undefined = name;
    while (ancestor !== undefined && !this.#started.has(ancestor)) ancestor = parentOf(ancestor);
    return ancestor;
  }

  #isInteresting({ accesses }: Pending): boolean {
    return this.#objects.size > 0 && accesses.some(({ object }) => this.#objects.has(object));
  }

  /** The object's number in this run, where a goroutine stands before the step at which it first used it. */
  #findObjects(pending: readonly Pending[]): void {
    if (this.#uses.size === 0) return;
    for (const { goroutine, accesses } of pending) {
      const use = goroutine === undefined ? undefined : this.#uses.get(goroutine);
      if (use === undefined || this.#usage.stepsOf(goroutine!) !== use.step) continue;
      const access = accesses[use.position];
      if (access) this.#objects.add(access.object);
    }
  }

  #did(name: GoroutineName, pending: Pending): void {
    this.#usage.add(pending);
    if (!this.#isInteresting(pending)) return;
    this.#left.set(name, Math.max(0, (this.#left.get(name) ?? 0) - 1));
    this.#release();
  }

  /** What the intended one was drawn for may be its new child's. */
  #begins(child: GoroutineName): void {
    const parent = this.#startedAncestor(child);
    const before = parent === undefined ? 0 : (this.#weights().get(parent) ?? 0);
    this.#started.add(child);
    if (parent === undefined || parent !== this.#intended || before === 0) return;
    if (this.prng.below(before) < (this.#weights().get(child) ?? 0)) this.#intended = child;
  }

  #release(): void {
    this.#intended = undefined;
    this.#held.clear();
    this.#priorities.release();
    this.#heldFor = 0;
  }
}

/** `1.2` of `1.2.3`; undefined: it was there from the start. */
function parentOf(name: GoroutineName): GoroutineName | undefined {
  const dot = name.lastIndexOf(".");
  return dot < 0 ? undefined : (name.slice(0, dot) as GoroutineName);
}

const actorsIn = (pending: readonly Pending[], choice: Choice): readonly Pending[] => {
  const names = actorsOf(choice);
  return pending.filter(({ goroutine }) => goroutine !== undefined && names.includes(goroutine));
};
