import { randomUUID } from "node:crypto";
import type { Share, Sharing } from "../store.js";
import type { Database, Query } from "./database.js";
import type { Numbers } from "./numbers.js";

/**
 * Who looks at what, by the server's clock: those of the machines do not matter. A watch's lease is one row; a target is its owner's as
 * long as the owner's lease lasts.
 *
 * Each takes a fair part of what it wants: all, divided by the watches that want some of the same. Who has more gives back only what
 * others said that they lack and would take. What nobody has had for a whole lease is taken by whoever comes first, beyond any part:
 * watches that do not want the same targets could wait for each other.
 */
export class Leases implements Sharing {
  readonly renewMs: number;
  readonly #database: Database;
  readonly #targets: Numbers;
  readonly #leaseMs: number;
  readonly #watcher = randomUUID();

  constructor(database: Database, targets: Numbers, leaseMs: number) {
    this.#database = database;
    this.#targets = targets;
    this.#leaseMs = leaseMs;
    this.renewMs = Math.ceil(leaseMs / 3);
  }

  async share(wanted: readonly string[]): Promise<Share> {
    const numbers = await this.#targets.of(wanted.map((key) => ({ key })), Date.now());
    const { mine, watchers } = await this.#database.transaction((query) => this.#turn(query, [...numbers.values()]));
    return { mine: new Set(wanted.filter((name) => mine.has(numbers.get(name)!))), watchers };
  }

  leave(): Promise<void> {
    return this.#database.transaction(async (query) => {
      await query("UPDATE unpark_target SET owner = NULL, freed = now() WHERE owner = $1", [this.#watcher]);
      await query("DELETE FROM unpark_watcher WHERE id = $1", [this.#watcher]);
    });
  }

  async #turn(query: Query, wants: readonly number[]): Promise<{ readonly mine: ReadonlySet<number>; readonly watchers: number }> {
    const me = this.#watcher;
    await query("INSERT INTO unpark_watcher VALUES ($1, now() + $2 * interval '1 ms', $3, 0) ON CONFLICT (id) DO UPDATE SET until = excluded.until, wants = excluded.wants", [me, this.#leaseMs, wants]);
    await query("DELETE FROM unpark_watcher WHERE until < now() - interval '1 day'");
    await query("UPDATE unpark_target SET owner = NULL, freed = now() WHERE owner = $1 AND NOT id = ANY($2)", [me, wants]);
    const mine = new Set(numbers(await query("SELECT id FROM unpark_target WHERE owner = $1", [me])));
    const [others] = (await query("SELECT count(*) AS watchers, coalesce(sum(lacks), 0) AS lacks FROM unpark_watcher WHERE id <> $1 AND until > now() AND wants && $2", [me, wants])) as readonly { watchers: string; lacks: string }[];
    const watchers = Number(others!.watchers) + 1;
    const fair = Math.ceil(wants.length / watchers);
    const surplus = Math.min(mine.size - fair, Number(others!.lacks));
    if (surplus > 0) for (const id of numbers(await query(GIVE, [me, surplus]))) mine.delete(id);
    await query("SELECT pg_advisory_xact_lock(hashtext('unpark_target'))");
    for (const id of numbers(await query(TAKE, [me, wants, Math.max(0, fair - mine.size), this.#leaseMs]))) mine.add(id);
    await query("UPDATE unpark_watcher SET lacks = $2 WHERE id = $1", [me, Math.max(0, fair - mine.size)]);
    return { mine, watchers };
  }
}

const numbers = (rows: readonly unknown[]): readonly number[] => (rows as readonly { id: number }[]).map(({ id }) => id);

/** What others lack and want, less what of that is free already. Chosen once: a subquery in the WHERE may be asked again for each row. */
const GIVE = `
  WITH wanted AS (SELECT DISTINCT unnest(wants) AS id FROM unpark_watcher WHERE id <> $1 AND until > now() AND lacks > 0),
       free AS (SELECT count(*) AS n FROM unpark_target t JOIN wanted USING (id) WHERE NOT EXISTS (SELECT FROM unpark_watcher w WHERE w.id = t.owner AND w.until > now())),
       given AS MATERIALIZED (SELECT t.id FROM unpark_target t JOIN wanted USING (id) WHERE t.owner = $1
         LIMIT greatest(0, $2 - (SELECT n FROM free)) FOR UPDATE OF t SKIP LOCKED)
  UPDATE unpark_target t SET owner = NULL, freed = now() FROM given WHERE t.id = given.id RETURNING t.id`;

const FREE = "SELECT t.id FROM unpark_target t LEFT JOIN unpark_watcher w ON w.id = t.owner WHERE t.id = ANY($2) AND (w.id IS NULL OR w.until <= now())";
const OVERDUE = "coalesce(w.until, t.freed) < now() - $4 * interval '1 ms'";

/**
 * So many of those that are nobody's, and all that have been nobody's for a lease. One watch at a time (a lock for the rest of its transaction, some
 * milliseconds): a row that another took and committed after this statement began is looked at again with the owner that was joined to it before
 * (PostgreSQL's documentation, 13.2.1, Read Committed), so that it would still be nobody's. Rows that are locked for other reasons are left out.
 */
const TAKE = `
  WITH fair AS MATERIALIZED (${FREE} AND NOT ${OVERDUE} ORDER BY t.id LIMIT $3 FOR UPDATE OF t SKIP LOCKED),
       overdue AS MATERIALIZED (${FREE} AND ${OVERDUE} ORDER BY t.id FOR UPDATE OF t SKIP LOCKED)
  UPDATE unpark_target t SET owner = $1 FROM (SELECT id FROM fair UNION ALL SELECT id FROM overdue) taken WHERE t.id = taken.id RETURNING t.id`;
