import type { GoroutineGroup } from "../../model/goroutine-group.js";
import type { WaitKind } from "../../model/wait.js";

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
  readonly #byKind = new Map<WaitKind, GoroutineGroup[]>();

  constructor(groups: readonly GoroutineGroup[]) {
    this.groups = groups;
    let [total, marks] = [0, 0];
    for (const group of groups) {
      total += group.count;
      marks |= group.marks;
      const alike = this.#byKind.get(group.kind);
      if (alike) alike.push(group);
      else this.#byKind.set(group.kind, [group]);
    }
    this.total = total;
    this.marks = marks;
  }

  /** Groups that wait so, largest first. */
  ofKind(kind: WaitKind): readonly GoroutineGroup[] {
    return this.#byKind.get(kind) ?? [];
  }
}
