import type { GoroutineGroup } from "./goroutine-group.js";
import type { Creator } from "./snapshot.js";

/** The `go` statements that started a group's goroutines, the commonest first. */
export function creatorsOf(group: GoroutineGroup): readonly { readonly creator: Creator; readonly count: number }[] {
  const found = new Map<string, { creator: Creator; count: number }>();
  for (const { createdBy, count } of group.goroutines) {
    if (!createdBy) continue;
    const key = `${createdBy.function}@${createdBy.file}:${createdBy.line}`;
    const entry = found.get(key);
    if (entry) entry.count += count;
    else found.set(key, { creator: createdBy, count });
  }
  return [...found.values()].sort((a, b) => b.count - a.count);
}

/**
 * Who started those that the commonest `go` statement started, and who started that one, and so on: further than one
 * step only where the process ran with GODEBUG=tracebackancestors=N.
 */
export function creatorChain(group: GoroutineGroup): readonly Creator[] {
  const [first] = creatorsOf(group);
  if (!first) return [];
  const one = group.goroutines.find((g) => g.createdBy === first.creator && g.ancestors) ?? group.goroutines.find((g) => g.createdBy === first.creator);
  return [first.creator, ...(one?.ancestors ?? []).flatMap(({ createdBy }) => (createdBy ? [createdBy] : []))];
}
