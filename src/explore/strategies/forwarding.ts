import type { Choice } from "../../model/run/choice.js";
import type { Pending, Run } from "../../model/run/program.js";
import type { Schedule } from "../../model/run/schedule.js";
import type { AbleIndex } from "../able-index.js";
import type { FairnessState } from "../fairness.js";
import type { Beginning, ExhaustiveStrategy, RunEnd, SearchCoverage, Strategy } from "../strategy.js";

/** A strategy made of others: all that concerns a run goes to the one whose run it is. */
export abstract class Forwarding implements ExhaustiveStrategy, SearchCoverage {
  readonly coverage: SearchCoverage = this;

  /** The one whose run it is, from its `begin` to its `ended`. */
  protected abstract readonly current: Strategy;

  abstract begin(): Beginning | undefined;

  /** The engine need not come through all of them in each step. One that changes what is shown or chosen says itself. */
  present(): Strategy {
    return this.current.present?.() ?? this.current;
  }

  get name(): string {
    return this.current.name;
  }

  get keepsOwnFairness(): boolean {
    return this.current.keepsOwnFairness === true;
  }

  get looksAtAbleOnly(): boolean {
    return this.current.looksAtAbleOnly === true;
  }

  get looksAtChanges(): boolean {
    return this.current.looksAtChanges === true;
  }

  next(pending: readonly Pending[], history: Schedule, fairness: FairnessState, changed?: readonly Pending[]): Choice | "stop-run" | "stop" {
    return this.current.next(pending, history, fairness, changed);
  }

  get choosesAmong(): boolean {
    return this.current.choosesAmong === true;
  }

  nextAmong(able: AbleIndex): Choice | "stop-run" {
    return this.current.nextAmong!(able);
  }

  onPrefixState(run: Run, depth: number): void {
    this.current.onPrefixState?.(run, depth);
  }

  stepped(run: Run, choice: Choice): void {
    this.current.stepped?.(run, choice);
  }

  ended(end: RunEnd): void {
    this.current.ended?.(end);
  }

  // ---- SearchCoverage; as if nothing was ever exhausted, where the strategy does not say better

  get exhausted(): boolean {
    return false;
  }

  get distinct(): number {
    return 0;
  }

  get bounds(): readonly string[] {
    return [];
  }

  get roundIndex(): number | undefined {
    return this.current.coverage?.roundIndex;
  }

  normalForm(end: RunEnd): Schedule {
    return this.current.coverage?.normalForm(end) ?? end.schedule.slice();
  }

  canonicalLength(end: RunEnd): number {
    return this.current.coverage?.canonicalLength(end) ?? end.schedule.length;
  }
}
