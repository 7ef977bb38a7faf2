import type { GoroutineGroup } from "../../model/goroutine/goroutine-group.js";
import type { WaitKind } from "../../model/goroutine/wait.js";

/**
 * What rules ask of all groups, found in one pass: groups in order of size lie scattered in memory, so each further pass over 50,000 of
 * them takes as long as everything that it asks.
 */
export class GroupSurvey {
  readonly groups: readonly GoroutineGroup[];
  /** Goroutines in all groups. */
  readonly total: number;
  /** The marks (frame-marks.ts) that some group has. */
  readonly marks: number;
  readonly #kinds = new Set<WaitKind>();

  constructor(groups: readonly GoroutineGroup[]) {
    this.groups = groups;
    let [total, marks] = [0, 0];
    for (const group of groups) {
      total += group.count;
      marks |= group.marks;
      this.#kinds.add(group.kind);
    }
    this.total = total;
    this.marks = marks;
  }

  /** Groups that wait in one of these ways, largest first. */
  ofKinds(...kinds: readonly WaitKind[]): readonly GoroutineGroup[] {
    return kinds.some((kind) => this.#kinds.has(kind)) ? this.groups.filter(({ kind }) => kinds.includes(kind)) : [];
  }
}
