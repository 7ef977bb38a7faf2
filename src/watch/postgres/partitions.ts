import { StoreError } from "../store-error.js";
import type { Database } from "./database.js";
import { CHANGING } from "./schema.js";

const DAY = 86_400_000;
/** What the tables are parted by: milliseconds and hours since 1970. */
const PER_DAY = { unpark_scrape: DAY, unpark_hour: 24 } as const;
type Parted = keyof typeof PER_DAY;

/**
 * Tables in parts of a day, `unpark_scrape_d<days since 1970>`. No part is made or dropped with a lock that readers of the whole table wait for, for one
 * of them may be pg_dump, which reads for an hour: an ATTACH lets them be, and a DROP gives up after a moment and is tried again a minute later.
 */
export class Partitions {
  readonly #database: Database;
  readonly #made = new Set<string>();

  constructor(database: Database) {
    this.#database = database;
  }

  /** And the one after it, so that nobody waits for it at midnight. */
  async make(table: Parted, day: number): Promise<void> {
    for (const one of [day, day + 1]) {
      const name = nameOf(table, one);
      if (this.#made.has(name)) continue;
      await this.#database.transaction(async (query) => {
        await query(CHANGING);
        if (((await query("SELECT FROM pg_inherits WHERE inhparent = $1::regclass AND inhrelid = to_regclass($2)", [table, `"${name}"`])).length > 0)) return;
        await query(`CREATE TABLE "${name}" (LIKE ${table} INCLUDING STORAGE)`);
        await query(`ALTER TABLE ${table} ATTACH PARTITION "${name}" FOR VALUES FROM (${one * PER_DAY[table]}) TO (${(one + 1) * PER_DAY[table]})`);
      });
      this.#made.add(name);
    }
  }

  /** The days that have a part, oldest first. */
  async days(table: Parted): Promise<readonly number[]> {
    const rows = (await this.#database.query("SELECT c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = $1::regclass", [table])) as readonly { name: string }[];
    return rows.map(({ name }) => Number(/_d(-?\d+)$/.exec(name)?.[1] ?? NaN)).filter(Number.isSafeInteger).sort((a, b) => a - b);
  }

  /** Answers whether it is gone: not where somebody reads it, nor, with `empty`, where there is something in it. */
  async drop(table: Parted, day: number, only: "empty" | "any"): Promise<boolean> {
    const name = nameOf(table, day);
    try {
      const dropped = await this.#database.transaction(async (query) => {
        await query(CHANGING);
        await query(`SET LOCAL lock_timeout = ${PATIENCE}`);
        await query(`LOCK TABLE ONLY ${table} IN ACCESS EXCLUSIVE MODE`); // whoever puts something in takes the table's lock first, too
        if (only === "empty" && (await query(`SELECT FROM "${name}" LIMIT 1`)).length > 0) return false;
        await query(`DROP TABLE IF EXISTS "${name}"`);
        return true;
      });
      if (dropped) this.#made.delete(name);
      return dropped;
    } catch (error) {
      if (error instanceof StoreError && error.busy) return false;
      throw error;
    }
  }

  forget(): void {
    this.#made.clear();
  }
}

export const nameOf = (table: Parted, day: number): string => `${table}_d${day}`;

/** Milliseconds that looks wait for a part to be dropped, at the most. */
const PATIENCE = 300;
