import { type GoroutineGroup, groupGoroutines } from "../../model/goroutine-group.js";
import { matchesGoroutine, parsePattern } from "../../model/pattern.js";
import type { Snapshot } from "../../model/snapshot.js";
import type { Expectation, Violation } from "../../model/verification.js";
import { difference } from "./difference.js";
import { isObserver } from "./observer.js";

/** The demands that a snapshot does not meet. `baselines` by file name; patterns were checked when they were given. */
export function violations(snapshot: Snapshot, demands: readonly Expectation[], baselines: ReadonlyMap<string, Snapshot>): readonly Violation[] {
  return demands.flatMap((demand) => {
    const violation = check(snapshot, demand, baselines);
    return violation ? [violation] : [];
  });
}

function check(snapshot: Snapshot, demand: Expectation, baselines: ReadonlyMap<string, Snapshot>): Violation | undefined {
  switch (demand.kind) {
    case "absent": {
      const groups = matching(snapshot, demand.pattern);
      const count = sum(groups);
      return count === 0 ? undefined : { demand, groups, count, text: `${goroutines(count)} with '${demand.pattern}' on ${count === 1 ? "its" : "their"} stack, but there must be none` };
    }
    case "max": {
      const groups = demand.only === undefined ? groupGoroutines(snapshot) : matching(snapshot, demand.only);
      const count = sum(groups);
      const which = demand.only === undefined ? "" : ` with '${demand.only}' on the stack`;
      return count <= demand.limit ? undefined : { demand, groups, count, text: `${goroutines(count)}${which}, but there may be at most ${demand.limit}` };
    }
    case "baseline":
      return compare(snapshot, demand, baselines.get(demand.file)!);
  }
}

function compare(snapshot: Snapshot, demand: Extract<Expectation, { kind: "baseline" }>, baseline: Snapshot): Violation | undefined {
  const worse = difference(baseline, snapshot).changes.filter(
    ({ kind, group, before, after }) => (kind === "new" || kind === "grown") && after - before > demand.slack && !isObserver(group),
  );
  if (worse.length === 0) return undefined;
  const count = worse.reduce((n, { before, after }) => n + after - before, 0);
  const fresh = worse.filter(({ kind }) => kind === "new").length;
  const text = `${goroutines(count)} more than in ${demand.file}: ${fresh} new and ${worse.length - fresh} grown group${worse.length === 1 ? "" : "s"}`;
  return { demand, groups: worse.map(({ group }) => group), count, text };
}

const matching = (snapshot: Snapshot, pattern: string): readonly GoroutineGroup[] => {
  const test = parsePattern(pattern);
  if (!test.ok) return [];
  const goroutines = snapshot.goroutines.filter((g) => matchesGoroutine(g, test.value));
  return groupGoroutines({ ...snapshot, goroutines });
};

const sum = (groups: readonly GoroutineGroup[]): number => groups.reduce((n, { count }) => n + count, 0);
const goroutines = (n: number): string => `${n} goroutine${n === 1 ? "" : "s"}`;
