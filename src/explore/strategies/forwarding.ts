import type { Choice } from "../../model/choice.js";
import type { Pending, Run } from "../../model/program.js";
import type { Schedule } from "../../model/schedule.js";
import type { Beginning, RunEnd, Search } from "../search.js";

/** A search made of others: whatever concerns a run goes to the one whose run it is. */
export abstract class Forwarding implements Search {
  /** Whose run it is, from its `begin` to its `ended`. */
  protected abstract readonly current: Search;

  abstract begin(): Beginning | undefined;

  get name(): string {
    return this.current.name;
  }

  get roundIndex(): number | undefined {
    return this.current.roundIndex;
  }

  get keepsOwnFairness(): boolean {
    return this.current.keepsOwnFairness === true;
  }

  normalForm(end: RunEnd): Schedule {
    return this.current.normalForm?.(end) ?? end.schedule.slice();
  }

  canonicalLength(end: RunEnd): number {
    return this.current.canonicalLength?.(end) ?? end.schedule.length;
  }

  next(pending: readonly Pending[], history: Schedule, run?: Run, gate?: number): Choice | "stop-run" | "stop" {
    return this.current.next(pending, history, run, gate);
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
}
