import { number } from "../../base/numerals.js";
import { type GoroutineGroup, labelOf } from "../../model/goroutine/goroutine-group.js";
import type { LabelShares } from "../../model/results/inspection.js";
import { isFinding, type Suspect } from "../../model/finding/suspect.js";

/** How the values of a pprof label share a snapshot: those with most suspected goroutines first, then the largest. */
export function labelShares(key: string, groups: readonly GoroutineGroup[], suspects: readonly Suspect[]): LabelShares {
  const suspected = new Map<string | undefined, number>();
  for (const suspect of suspects.filter(isFinding)) for (const [value, count] of countsByValue(key, suspect.group)) suspected.set(value, (suspected.get(value) ?? 0) + count);
  const byValue = new Map<string | undefined, GoroutineGroup[]>();
  for (const group of groups) {
    const value = group.label?.value;
    const list = byValue.get(value);
    if (list) list.push(group);
    else byValue.set(value, [group]);
  }
  const shares = [...byValue].map(([value, own]) => ({
    ...(value === undefined ? {} : { value }), goroutines: own.reduce((n, { count }) => n + count, 0), suspected: suspected.get(value) ?? 0, largest: own[0]!,
  }));
  return { key, shares: shares.sort((a, b) => b.suspected - a.suspected || b.goroutines - a.goroutines || ((a.value ?? "") < (b.value ?? "") ? -1 : 1)) };
}

/** The suspect with one fact more: with which values of the label its goroutines are. */
export function withLabelFact(key: string, suspect: Suspect): Suspect {
  const counts = [...countsByValue(key, suspect.group)].sort((a, b) => b[1] - a[1]);
  if (counts.length === 1 && counts[0]![0] === undefined) return suspect;
  const shown = counts.slice(0, MOST_VALUES).map(([value, count]) => (value === undefined ? `${number(count)} without it` : `${number(count)} × ${/^[^\s"',=]+$/.test(value) ? value : JSON.stringify(value)}`));
  const more = counts.length - shown.length;
  return { ...suspect, evidence: [...suspect.evidence, `by label ${key}: ${shown.join(", ")}${more > 0 ? ` and ${more} more value${more === 1 ? "" : "s"}` : ""}`] };
}
const MOST_VALUES = 5;

function countsByValue(key: string, { goroutines }: GoroutineGroup): ReadonlyMap<string | undefined, number> {
  const counts = new Map<string | undefined, number>();
  for (const goroutine of goroutines) {
    const value = labelOf(goroutine, key);
    counts.set(value, (counts.get(value) ?? 0) + goroutine.count);
  }
  return counts;
}
