import { ok, type Result } from "../../base/result.js";
import { isPostgres, openPostgresStore } from "../../watch/postgres/open-postgres.js";
import { DEFAULT_GROWTH, type Growth, growthOf } from "../../watch/growth.js";
import { openSqliteStore } from "../../watch/sqlite-store.js";
import { memoryStore, type Scrape, type Store, type StoredGroup } from "../../watch/store.js";

export { DEFAULT_GROWTH } from "../../watch/growth.js";
export { hasSqlite, NO_SQLITE } from "../../watch/sqlite-driver.js";
export { StoreError } from "../../watch/store-error.js";
export type { Store } from "../../watch/store.js";

/** What the store knows of one target. */
interface TargetHistory {
  readonly target: string;
  readonly scrapes: readonly Scrape[];
  readonly rows: readonly { readonly group: StoredGroup; readonly counts: readonly number[]; readonly growth?: Growth }[];
}

export { isPostgres } from "../../watch/postgres/open-postgres.js";

/**
 * @param place a file, or the address of a PostgreSQL server; undefined: nothing is kept
 * @param intervalMs between two looks: a watch that has not been heard of for three of them (within 5 to 30 s) has lost its targets to others
 */
export async function openStore(place: string | undefined, intervalMs = 10_000): Promise<Result<Store, string>> {
  if (place === undefined) return ok(memoryStore());
  return isPostgres(place) ? openPostgresStore(place, Math.min(Math.max(3 * intervalMs, 5_000), 30_000)) : openSqliteStore(place);
}

export const storedTargets = (store: Store): Promise<readonly string[]> => store.targets();

/** @param since milliseconds since 1970 */
export async function history(store: Store, targets: readonly string[], since: number): Promise<readonly TargetHistory[]> {
  const found: TargetHistory[] = [];
  for (const target of targets) {
    const scrapes = await store.scrapes(target, since);
    const fingerprints = new Set(scrapes.flatMap(({ counts }) => [...counts.keys()]));
    const groups = await store.groups(fingerprints);
    const rows = [...groups.values()].map((group) => {
      const series = scrapes.map(({ at, counts }) => ({ at: at / 1000, count: counts.get(group.fingerprint) ?? 0 }));
      const growth = growthOf(series, DEFAULT_GROWTH);
      return { group, counts: series.map(({ count }) => count), ...(growth ? { growth } : {}) };
    });
    rows.sort((a, b) => (b.growth?.perMinute ?? 0) - (a.growth?.perMinute ?? 0) || Math.max(...b.counts) - Math.max(...a.counts));
    found.push({ target, scrapes, rows });
  }
  return found;
}
