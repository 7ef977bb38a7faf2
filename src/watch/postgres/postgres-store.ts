import { optional } from "../../base/optional.js";
import { StoreError } from "../store-error.js";
import { readStack, storedStack } from "../stored-stack.js";
import type { Look, Scrape, Sharing, Store, StoredGroup } from "../store.js";
import type { Database } from "./database.js";
import { Leases } from "./leases.js";
import { type Named, Numbers } from "./numbers.js";
import { packCounts, unpackCounts } from "./packed-counts.js";
import { HOUR, inOrder, looksOf, unpackHour } from "./packed-hour.js";
import { Packer } from "./packer.js";
import { Partitions } from "./partitions.js";

const DAY = 86_400_000;
const MOST_INTEGER = 2 ** 31 - 1;
/** Two looks at one target in one millisecond that differ: the later one counts as a millisecond later. So often at the most. */
const MOST_SHIFTS = 1000;

interface Row {
  readonly at: number;
  readonly target: number;
  readonly total: number;
  readonly counts: Buffer;
}

/**
 * The store for many watches: PostgreSQL (schema.ts). What was acknowledged is in the server's log on its disk. A look that is put again,
 * because the connection broke before the answer came, is there once.
 */
export class PostgresStore implements Store {
  readonly sharing: Sharing;
  readonly #database: Database;
  readonly #groups: Numbers;
  readonly #targets: Numbers;
  readonly #partitions: Partitions;
  readonly #packer: Packer;

  /** @param leaseMs how long what a watch has is its own without a word from it */
  constructor(database: Database, leaseMs: number) {
    this.#database = database;
    this.#groups = new Numbers(database, "unpark_group");
    this.#targets = new Numbers(database, "unpark_target");
    this.#partitions = new Partitions(database);
    this.#packer = new Packer(database, this.#partitions);
    this.sharing = new Leases(database, this.#targets, leaseMs);
  }

  put = async (looks: readonly Look[]): Promise<void> => {
    if (looks.length === 0) return;
    try {
      await this.#insert(looks);
    } catch (error) {
      this.#groups.forget(); // somebody may have emptied the tables
      this.#targets.forget();
      this.#partitions.forget();
      throw error;
    }
  };

  targets = async (): Promise<readonly string[]> =>
    ((await this.#database.query("SELECT name FROM unpark_target ORDER BY name COLLATE \"C\"")) as readonly { name: string }[]).map(({ name }) => name);

  /** One statement for both places: a look that is being packed is in one of them. */
  scrapes = async (target: string, since: number, every = 1): Promise<readonly Scrape[]> => {
    const rows = (await this.#database.query(SCRAPES, [target, Math.floor(since), Math.floor(since / HOUR)])) as readonly { at: string | null; total: number; hour: number; bytes: Buffer }[];
    const hours = rows.filter(({ at }) => at === null).map(({ hour, bytes }) => unpackHour(hour, bytes));
    const others = rows.filter(({ at }) => at !== null);
    const groups = new Set(hours.flatMap(({ columns }) => [...columns.keys()]));
    for (const { bytes } of others) unpackCounts(bytes, (group) => groups.add(group));
    const names = await this.#groups.keys(groups);
    const called = (group: number): string => names.get(group) ?? `#${group}`;
    const looks = hours.flatMap((hour) => looksOf(hour, called, (i) => hour.times[i]! >= since && isFirst(hour.times, i, every)));
    for (const { at, total, bytes } of others) {
      const counts = new Map<string, number>();
      unpackCounts(bytes, (group, count) => counts.set(called(group), count));
      looks.push({ at: Number(at), total, counts });
    }
    const ordered = inOrder(looks);
    const times = ordered.map(({ at }) => at);
    return ordered.filter((_, i) => isFirst(times, i, every)).map((look) => ({ target, ...look }));
  };

  groups = async (fingerprints: Iterable<string>): Promise<ReadonlyMap<string, StoredGroup>> => {
    const rows = (await this.#database.query("SELECT fingerprint, data, frames FROM unpark_group LEFT JOIN unpark_stack ON hash = stack WHERE fingerprint = ANY($1) AND data <> '{}'", [[...fingerprints]])) as readonly { fingerprint: string; data: string; frames: string | null }[];
    return new Map(rows.map(({ fingerprint, data, frames }) => {
      const { kind, waitReason, frame, label } = JSON.parse(data) as Omit<StoredGroup, "fingerprint" | "stack">;
      return [fingerprint, { fingerprint, kind, waitReason, frame, ...optional({ label }), ...(frames === null ? {} : { stack: readStack(frames) }) }];
    }));
  };

  /** Days that are older as a whole; names a day and an hour later, for `seen` is known to the hour only. */
  prune = async (before: number): Promise<void> => {
    for (const table of ["unpark_scrape", "unpark_hour"] as const) {
      const old = (await this.#partitions.days(table)).filter((day) => (day + 1) * DAY <= before);
      for (const day of old) await this.#partitions.drop(table, day, "any");
    }
    const values = [Math.floor(before) - DAY - HOUR];
    await this.#database.query("DELETE FROM unpark_group WHERE seen < $1", values);
    await this.#database.query("DELETE FROM unpark_stack s WHERE seen < $1 AND NOT EXISTS (SELECT FROM unpark_group g WHERE g.stack = s.hash)", values);
    await this.#database.query("DELETE FROM unpark_target WHERE seen < $1 AND NOT EXISTS (SELECT FROM unpark_watcher w WHERE w.id = owner AND w.until > now())", values);
  };

  pack = (before: number): Promise<boolean> => this.#packer.pack(before);

  close = (): Promise<void> => this.#database.close();

  async #insert(looks: readonly Look[]): Promise<void> {
    const at = Math.max(...looks.map(({ scrape }) => scrape.at));
    const groups = await this.#groups.of(looks.flatMap(namesOf), at);
    const targets = await this.#targets.of(looks.map(({ scrape }) => ({ key: scrape.target })), at);
    let rows = looks.map(({ scrape }): Row => ({
      at: scrape.at,
      target: targets.get(scrape.target)!,
      total: Math.min(scrape.total, MOST_INTEGER),
      counts: packCounts([...scrape.counts].map(([fingerprint, count]) => [groups.get(fingerprint)!, count])),
    }));
    for (let shift = 0; rows.length > 0; shift++) {
      if (shift > MOST_SHIFTS) throw new StoreError("the store", { message: `more than ${MOST_SHIFTS} looks at one target in a row of milliseconds` });
      for (const day of new Set(rows.map((row) => Math.floor(row.at / DAY)))) await this.#partitions.make("unpark_scrape", day);
      rows = (await this.#taken(rows)).map((row) => ({ ...row, at: row.at + 1 }));
    }
  }

  /** Inserts; answers those whose millisecond holds another look. */
  async #taken(rows: readonly Row[]): Promise<readonly Row[]> {
    const columns = [rows.map(({ at }) => at), rows.map(({ target }) => target), rows.map(({ total }) => total), rows.map(({ counts }) => counts)];
    const inserted = (await this.#database.query(
      "INSERT INTO unpark_scrape (at, target, total, counts) SELECT * FROM unnest($1::bigint[], $2::integer[], $3::integer[], $4::bytea[]) ON CONFLICT DO NOTHING RETURNING at, target", columns)) as readonly { at: string; target: number }[];
    if (inserted.length === rows.length) return [];
    // Of one that is there with the same content it is the same look, put again.
    const there = new Set(((await this.#database.query(
      "SELECT given.n FROM unnest($1::bigint[], $2::integer[], $3::integer[], $4::bytea[]) WITH ORDINALITY AS given (at, target, total, counts, n) JOIN unpark_scrape s ON s.at = given.at AND s.target = given.target AND s.total = given.total AND s.counts = given.counts", columns)) as readonly { n: string }[]).map(({ n }) => Number(n) - 1));
    return rows.filter((_, i) => !there.has(i));
  }
}

const SCRAPES = `
  WITH asked AS MATERIALIZED (SELECT id FROM unpark_target WHERE name = $1)
  SELECT at, total, 0 AS hour, counts AS bytes FROM unpark_scrape WHERE target = (SELECT id FROM asked) AND at >= $2
  UNION ALL SELECT NULL, 0, hour, looks FROM unpark_hour WHERE target = (SELECT id FROM asked) AND hour >= $3`;

/** Of each `every` milliseconds since 1970. */
const isFirst = (times: readonly number[], i: number, every: number): boolean => every <= 1 || Math.floor(times[i]! / every) !== Math.floor((times[i - 1] ?? -Infinity) / every);

const namesOf = ({ scrape, groups }: Look): readonly Named[] => [
  ...[...scrape.counts.keys()].map((key) => ({ key })),
  ...groups.map(({ fingerprint, stack, ...data }) => ({ key: fingerprint, about: () => ({ data: JSON.stringify(data), ...(stack === undefined ? {} : { stack: storedStack(stack) }) }) })),
];
