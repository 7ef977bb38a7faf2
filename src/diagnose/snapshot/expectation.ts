import { count as counted, number } from "../../base/numerals.js";
import { type GoroutineGroup, groupGoroutines } from "../../model/goroutine/goroutine-group.js";
import { matchesGoroutine, parsePattern } from "../../model/source/pattern.js";
import type { Snapshot } from "../../model/goroutine/snapshot.js";
import type { Expectation, Violation } from "../../model/results/verification.js";
import { difference } from "./difference.js";
import { isObserver } from "./observer.js";

/** The demands that a snapshot does not meet. `baselines` by file name; patterns were checked when they were given. */
export function violations(snapshot: Snapshot, demands: readonly Expectation[], baselines: ReadonlyMap<string, Snapshot>): readonly Violation[] {
  return demands.flatMap((demand) => check(snapshot, demand, baselines));
}

function check(snapshot: Snapshot, demand: Expectation, baselines: ReadonlyMap<string, Snapshot>): readonly Violation[] {
  switch (demand.kind) {
    case "absent": {
      const groups = matching(snapshot, demand.pattern);
      const count = sum(groups);
      return count === 0 ? [] : [{ demand, groups, count, text: `${goroutines(count)} with '${demand.pattern}' on ${count === 1 ? "its" : "their"} stack, but there must be none` }];
    }
    case "max":
      return tooMany(snapshot, demand);
    case "baseline":
      return compare(snapshot, demand, baselines.get(demand.file)!);
  }
}

/** One violation; by label, one for each value that has too many. */
function tooMany(snapshot: Snapshot, demand: Extract<Expectation, { kind: "max" }>): readonly Violation[] {
  const { limit, only, byLabel } = demand;
  const all = matching(snapshot, only, byLabel);
  const values = byLabel === undefined ? [all] : byValue(all);
  const which = only === undefined ? "" : ` with '${only}' on the stack`;
  return values.flatMap((groups) => {
    const count = sum(groups);
    if (count <= limit) return [];
    const value = groups[0]!.label?.value;
    const whose = byLabel === undefined ? "" : value === undefined ? ` without the label ${byLabel}` : ` labelled ${byLabel}=${value}`;
    return [{ demand, groups, count, text: `${goroutines(count)}${whose}${which}, but there may be at most ${number(limit)}${byLabel === undefined ? "" : " of each value"}` }];
  });
}

function byValue(groups: readonly GoroutineGroup[]): readonly (readonly GoroutineGroup[])[] {
  const values = new Map<string | undefined, GoroutineGroup[]>();
  for (const group of groups) values.set(group.label?.value, [...(values.get(group.label?.value) ?? []), group]);
  return [...values.values()];
}

function compare(snapshot: Snapshot, demand: Extract<Expectation, { kind: "baseline" }>, baseline: Snapshot): readonly Violation[] {
  const worse = difference(baseline, snapshot, demand.byLabel).changes.filter(
    ({ kind, group, before, after }) => (kind === "new" || kind === "grown") && after - before > demand.slack && !isObserver(group),
  );
  if (worse.length === 0) return [];
  const count = worse.reduce((n, { before, after }) => n + after - before, 0);
  const fresh = worse.filter(({ kind }) => kind === "new").length;
  const text = `${goroutines(count)} more than in ${demand.file}: ${fresh} new and ${worse.length - fresh} grown group${worse.length === 1 ? "" : "s"}`;
  return [{ demand, groups: worse.map(({ group }) => group), count, text }];
}

const matching = (snapshot: Snapshot, pattern: string | undefined, byLabel?: string): readonly GoroutineGroup[] => {
  if (pattern === undefined) return groupGoroutines(snapshot, undefined, byLabel);
  const test = parsePattern(pattern);
  if (!test.ok) return [];
  const goroutines = snapshot.goroutines.filter((g) => matchesGoroutine(g, test.value));
  return groupGoroutines({ ...snapshot, goroutines }, undefined, byLabel);
};

const sum = (groups: readonly GoroutineGroup[]): number => groups.reduce((n, { count }) => n + count, 0);
const goroutines = (n: number): string => counted(n, "goroutine");
