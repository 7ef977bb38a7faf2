import type { Goroutine } from "../../model/goroutine/snapshot.js";

/** So many goroutines that look the same are looked at one by one: more of them tell nothing new. */
const ONE_BY_ONE = 16;

/**
 * Of many goroutines that are blocked in the same place and were started by the same line a few, the last of which counts
 * for the rest: what is asked of pairs of goroutines (who waits for whom) would take minutes with thousands of them.
 */
export function fewAlike<T extends { readonly goroutine: Goroutine; readonly verdict: string }>(left: readonly T[]): readonly T[] {
  const groups = new Map<string, T[]>();
  for (const one of left) {
    const key = looks(one.goroutine, one.verdict);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  const kept = new Map<T, T>();
  for (const group of groups.values()) {
    for (const one of group.slice(0, ONE_BY_ONE)) kept.set(one, one);
    const last = group[ONE_BY_ONE - 1];
    const count = group.slice(ONE_BY_ONE - 1).reduce((sum, { goroutine }) => sum + goroutine.count, 0);
    if (last !== undefined && group.length > ONE_BY_ONE) kept.set(last, { ...last, goroutine: { ...last.goroutine, count } });
  }
  return left.flatMap((one) => kept.get(one) ?? []);
}

function looks({ state, waitReason, unreachable, stack, createdBy }: Goroutine, verdict: string): string {
  const places = stack.map(({ function: name, line }) => `${name}:${line}`).join(" ");
  return [verdict, state, waitReason, String(unreachable), places, createdBy === undefined ? "" : `${createdBy.function}:${createdBy.line}`].join("|");
}
