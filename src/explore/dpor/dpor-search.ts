import { actorsOf, type Choice } from "../../model/run/choice.js";
import { endedAbruptly } from "../../model/run/outcome.js";
import type { Pending, Run } from "../../model/run/program.js";
import type { Schedule } from "../../model/run/schedule.js";
import { FAIR_START, type ClockPolicy, type FairnessState } from "../fairness.js";
import type { Beginning, RunEnd, SearchCoverage, Strategy } from "../strategy.js";
import { NonPreemptiveOrder } from "../strategies/natural.js";
import { BacktrackSets, type NodesAbove } from "./backtrack-sets.js";
import { HappensBefore, type StepEvent, type ThreadId } from "./happens-before.js";
import { ThreadIds } from "./thread-ids.js";
import { SearchNode } from "./search-node.js";
import { normalForm, canonicalLength } from "./normal-form.js";
import { threadsOf } from "./record-step.js";
import { DEFAULT_SAVING, SavedStates, type Saving } from "./saved-states.js";
import { asleepAfter, isAsleep, type SleepSetEntry } from "./sleep-set.js";
import { isSelect, dependencyAccesses, pendingAccesses, type DependencyAccess } from "./object-access.js";

/** A part of the tree: what lies behind `path`. The last choice of the path is taken at a node where `sleep` sleep. */
interface SubtreeStart extends NodesAbove {
  readonly sleep: (names: ThreadIds) => readonly SleepSetEntry[];
}

/** A node that is given away: `current` is the step being explored behind it. */
export interface GivenNode {
  readonly depth: number;
  readonly node: SearchNode;
  readonly current: StepEvent;
  readonly names: ThreadIds;
}

/**
 * Every schedule that differs, once: dynamic partial-order reduction (Flanagan & Godefroid, POPL 2005) with source sets
 * and sleep sets (Abdulla, Aronis, Jonsson, Sagonas, POPL 2014, JACM 2017), over the table in dependence.ts.
 *
 * D1. The stack holds one node for each step of the current run; `history` holds the events done so far.
 * D2. What is explored at which node: backtrack-sets.ts.
 * D3. A choice is asleep where every run that it could lead to was explored at an earlier sibling. A run in which all
 *     that could go on are asleep is given up: redundant, and not counted in `distinct`.
 * D4. The clock is tried last at every node and never stands in for a goroutine, so that of all runs that are alike, the
 *     one with the fewest early clock moves is tried. With a bound on those the search is complete within the bound.
 * D5. Where a run ends abruptly (panic, exit), those who could still go on are tried before its last step. The abrupt step
 *     then sleeps, unless something that it depends on was done: the same panic is not found again after each of them.
 * D6. A part of the tree can be explored by itself (`subtree`): the nodes above it belong to another search, which is told
 *     what has to be tried there.
 */
export class DporSearch implements Strategy, SearchCoverage {
  readonly name = "reduced";
  readonly coverage: SearchCoverage = this;
  readonly roundIndex = 0;
  /** Runs that were not redundant. */
  distinct = 0;
  exhausted = false;
  readonly #lazy: boolean;
  readonly #history = new HappensBefore();
  readonly #order = new NonPreemptiveOrder();
  readonly #names = new ThreadIds();
  readonly #bounds = new Set<string>();
  readonly #saved: SavedStates;
  readonly #subtree: SubtreeStart | undefined;
  readonly #stack: SearchNode[] = [];
  readonly #backtrack: BacktrackSets;
  #begun = false;

  constructor(clock: ClockPolicy, saving: Saving = DEFAULT_SAVING, subtree?: SubtreeStart) {
    this.#lazy = clock.kind === "lazy";
    this.#saved = new SavedStates(saving);
    this.#subtree = subtree;
    this.#backtrack = new BacktrackSets({ stack: this.#stack, history: this.#history, names: this.#names, isLazy: this.#lazy }, subtree);
  }

  /** What fairness shut out of the runs so far. */
  get bounds(): readonly string[] {
    return [...this.#bounds];
  }

  begin(): Beginning | undefined {
    if (!this.#begun) {
      this.#begun = true;
      return { prefix: [], fairness: FAIR_START };
    }
    this.#order.reset();
    for (;;) {
      const node = this.#stack.length > this.#backtrack.foreign ? this.#stack.at(-1) : undefined;
      if (!node) {
        this.exhausted = true;
        return undefined;
      }
      if (this.#history.events.length === this.#stack.length) node.retire(this.#history.pop());
      if (node.advance()) break;
      this.#stack.pop();
      this.#saved.forget(this.#stack.length);
    }
    const prefix = this.#stack.slice(0, -1).map((node) => node.choice);
    if (prefix.length > 0) this.#order.follow(prefix.at(-1)!);
    const saved = this.#saved.deepest();
    const saveAt = this.#saved.wish(prefix.length);
    const { fairness } = this.#stack.at(-1)!;
    return { prefix, fairness, ...(saved ? { saved } : {}), ...(saveAt === undefined ? {} : { saveAt }) };
  }

  next(pending: readonly Pending[], history: Schedule, fairness: FairnessState): Choice | "stop-run" {
    const depth = history.length;
    if (depth < this.#stack.length) {
      const { choice } = this.#stack[depth]!;
      this.#order.follow(choice);
      return choice;
    }
    if (this.#subtree && depth < this.#subtree.path.length) return this.#onTheWay(this.#subtree, pending, depth, fairness);
    const parent = this.#stack.at(-1);
    const sleep = parent ? asleepAfter(parent.sleep, parent.explored, this.#history.events.at(-1)!) : [];
    if (parent) this.#backtrack.clockOf(parent, pending);
    const awake = sleep.length === 0 ? pending : pending.map((p) => withoutSleepers(p, sleep));
    const choice = this.#order.choose(awake);
    if (choice === undefined) return "stop-run";
    const node = new SearchNode(pending, fairness, sleep, this.#names);
    node.open(choice);
    this.#stack.push(node);
    return choice;
  }

  /** D6: a node of another search, on the way to the part that is to be explored. */
  #onTheWay({ path, sleep }: SubtreeStart, pending: readonly Pending[], depth: number, fairness: FairnessState): Choice {
    const choice = path[depth]!;
    const node = new SearchNode(pending, fairness, depth === path.length - 1 ? sleep(this.#names) : [], this.#names);
    node.open(choice);
    this.#stack.push(node);
    this.#order.follow(choice);
    return choice;
  }

  /**
   * D6, between two runs: gives away the alternatives nearest to the root, with the nodes down to them; `everything`:
   * all that is left. Undefined: there are none to spare.
   */
  split(everything = false): readonly GivenNode[] | undefined {
    const { foreign } = this.#backtrack;
    const spare = everything ? this.#deepest() : this.#stack.findIndex((node, i) => i >= foreign && i < this.#stack.length - 1 && node.hasMore());
    if (spare < foreign) return undefined;
    const given = this.#stack.slice(foreign, spare + 1).map((node, i): GivenNode => ({ depth: foreign + i, node, current: this.#history.events[foreign + i]!, names: this.#names }));
    this.#backtrack.foreign = spare + 1;
    return given;
  }

  #deepest(): number {
    return Math.min(this.#stack.length, this.#history.events.length) - 1;
  }

  normalForm({ outcome, schedule }: RunEnd): Schedule {
    const normal = normalForm(this.#history.events, (p) => this.#names.nameOf(p), endedAbruptly(outcome));
    return normal.length === 0 ? schedule.slice() : normal;
  }

  canonicalLength({ outcome }: RunEnd): number {
    return canonicalLength(this.#history.events, endedAbruptly(outcome));
  }

  onPrefixState(run: Run, depth: number): void {
    this.#saved.save(run, depth);
  }

  stepped(run: Run, choice: Choice): void {
    const node = this.#stack.at(-1)!;
    const footprint = run.last();
    const procs = threadsOf(choice, footprint.moved, this.#names);
    const touches = dependencyAccesses(choice, footprint.accesses);
    this.#history.number(touches);
    const offers = offersOf(node, choice, procs);
    const others = this.#stack.length < (this.#subtree?.path.length ?? 0); // the search that owns the way has checked it
    if (!others) this.#backtrack.stepped(choice, procs, touches);
    this.#history.push(choice, procs, touches, offers, this.#lazy && choice.kind === "clock");
  }

  ended(end: RunEnd): void {
    if (end.outcome !== undefined || end.stopped === "steps") this.distinct++;
    for (const bound of end.bounds) this.#bounds.add(bound);
    if (typeof end.stopped === "object") return;
    for (const p of end.pending) this.#backtrack.check(this.#names.procOf(p.goroutine), pendingAccesses(p));
    const last = this.#stack.at(-1);
    if (!last) return;
    this.#backtrack.clockOf(last, end.pending);
    if (endedAbruptly(end.outcome)) this.#backtrack.wantAll(this.#stack.length - 1); // D5
  }
}

const withoutSleepers = (p: Pending, sleep: SearchNode["sleep"]): Pending =>
  p.alternatives.some((choice) => isAsleep(choice, sleep))
    ? { ...p, alternatives: p.alternatives.filter((choice) => !isAsleep(choice, sleep)) }
    : p;

/** What the selects among those that move offer besides. */
function offersOf(node: SearchNode, choice: Choice, procs: readonly ThreadId[]): DependencyAccess[] {
  return procs.slice(0, actorsOf(choice).length).flatMap((p) => {
    const pending = node.pendingOf(p);
    return pending && isSelect(pending) ? pendingAccesses(pending) : [];
  });
}
