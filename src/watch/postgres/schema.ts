import type { Database } from "./database.js";

/**
 * One step for each format, each run once, in this order. A step that was published is never changed: a new one is added.
 *
 * Scrapes lie in partitions of a day (`unpark_scrape_d<days since 1970>`), so that forgetting a day is dropping a table. When an hour is over,
 * the scrapes of each target go from there into one row of `unpark_hour` (packer.ts): a day of a target is read from 24 places, not from 1,440. What a
 * group is stands once for all targets, by its fingerprint, and its whole stack once for all groups, by its hash. `seen` is when a scrape last named it, to an hour.
 * A target is its owner's as long as the owner's row in `unpark_watcher` says so (leases.ts): to renew the lease of a thousand targets
 * is to write one row.
 */
const FORMATS: readonly string[] = [
  `CREATE TABLE unpark_group (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, fingerprint text NOT NULL UNIQUE, data text NOT NULL, seen bigint NOT NULL);
   CREATE TABLE unpark_target (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL UNIQUE, seen bigint NOT NULL);
   CREATE TABLE unpark_scrape (at bigint NOT NULL, target integer NOT NULL, total integer NOT NULL, counts bytea NOT NULL, PRIMARY KEY (target, at)) PARTITION BY RANGE (at);
   ALTER TABLE unpark_scrape ALTER COLUMN counts SET STORAGE MAIN;`,
  `ALTER TABLE unpark_target ADD COLUMN owner text, ADD COLUMN freed timestamptz NOT NULL DEFAULT now();
   CREATE INDEX unpark_target_owner ON unpark_target (owner);
   CREATE TABLE unpark_watcher (id text PRIMARY KEY, until timestamptz NOT NULL, wants integer[] NOT NULL, lacks integer NOT NULL);`,
  `CREATE TABLE unpark_hour (target integer NOT NULL, hour integer NOT NULL, looks bytea NOT NULL, PRIMARY KEY (target, hour)) PARTITION BY RANGE (hour);
   ALTER TABLE unpark_hour ALTER COLUMN looks SET STORAGE MAIN;`,
  `CREATE TABLE unpark_stack (hash text PRIMARY KEY, frames text NOT NULL, seen bigint NOT NULL);
   ALTER TABLE unpark_group ADD COLUMN stack text;`,
];

/** Any number, the same for all: one at a time changes tables. */
export const CHANGING = "SELECT pg_advisory_xact_lock(7566173)";

/** Brings the tables to the newest format, whoever comes first. Answers a format that is newer than any known. */
export async function migrate(database: Database): Promise<number | undefined> {
  return database.transaction(async (query) => {
    await query(CHANGING);
    await query("CREATE TABLE IF NOT EXISTS unpark_format (format integer NOT NULL)");
    const [row] = (await query("SELECT max(format) AS format FROM unpark_format")) as readonly { format: number | null }[];
    const known = row?.format ?? 0;
    if (known > FORMATS.length) return known;
    for (const step of FORMATS.slice(known)) await query(step);
    if (known < FORMATS.length) await query("INSERT INTO unpark_format VALUES ($1)", [FORMATS.length]);
    return undefined;
  });
}
