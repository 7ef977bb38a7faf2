import type { StoredStack } from "../stored-stack.js";
import type { Database } from "./database.js";

/** A row to be known by its key. */
export interface Named {
  readonly key: string;
  /** Undefined: the table has none. Asked for when it is written, which is once an hour. */
  readonly about?: () => About;
}

/** What a group is. */
export interface About {
  readonly data: string;
  /** Undefined: what is known stays. */
  readonly stack?: StoredStack;
}

interface Known {
  readonly id: number;
  readonly hour: number;
}

/**
 * The numbers of keys in a table, kept in memory. That a key is still in use is written at most once an hour for each of them, so
 * that a key which its table forgot meanwhile (for nobody used it for as long as looks are kept) gets a new number.
 */
export class Numbers {
  readonly #database: Database;
  readonly #table: "unpark_group" | "unpark_target";
  readonly #column: "fingerprint" | "name";
  readonly #known = new Map<string, Known>();
  readonly #keys = new Map<number, string>();

  constructor(database: Database, table: "unpark_group" | "unpark_target") {
    this.#database = database;
    this.#table = table;
    this.#column = table === "unpark_group" ? "fingerprint" : "name";
  }

  /** @param at milliseconds since 1970 */
  async of(all: Iterable<Named>, at: number): Promise<ReadonlyMap<string, number>> {
    if (this.#known.size > MOST_KNOWN) this.forget();
    const hour = Math.floor(at / HOUR);
    const wanted = new Map<string, Named["about"]>();
    for (const { key, about } of all) wanted.set(key, about ?? wanted.get(key));
    // In one order for all watches, as are the locks below: two that write the same rows would wait for each other.
    const unknown = [...wanted.keys()].filter((key) => (this.#known.get(key)?.hour ?? -Infinity) < hour).sort();
    for (let i = 0; i < unknown.length; i += AT_ONCE) {
      const keys = unknown.slice(i, i + AT_ONCE);
      for (const [key, id] of await this.#written(keys, wanted, at)) this.#learn(key, id, hour);
    }
    return new Map([...wanted.keys()].map((key) => [key, this.#known.get(key)!.id]));
  }

  /** Of numbers that nothing is known of, nothing. */
  async keys(ids: ReadonlySet<number>): Promise<ReadonlyMap<number, string>> {
    const found = new Map<number, string>();
    const unknown: number[] = [];
    for (const id of ids) {
      const key = this.#keys.get(id);
      if (key === undefined) unknown.push(id);
      else found.set(id, key);
    }
    if (unknown.length === 0) return found;
    const rows = (await this.#database.query(`SELECT id, ${this.#column} AS key FROM ${this.#table} WHERE id = ANY($1)`, [unknown])) as readonly { id: string | number; key: string }[];
    for (const { id, key } of rows) {
      found.set(Number(id), key);
      this.#learn(key, Number(id), -Infinity);
    }
    return found;
  }

  forget(): void {
    this.#known.clear();
    this.#keys.clear();
  }

  #learn(key: string, id: number, hour: number): void {
    this.#known.set(key, { id, hour: Math.max(hour, this.#known.get(key)?.hour ?? hour) });
    this.#keys.set(id, key);
  }

  /** Those that are there are written first: an INSERT that finds a row takes a number all the same. */
  async #written(keys: readonly string[], named: ReadonlyMap<string, Named["about"]>, at: number): Promise<readonly (readonly [string, number])[]> {
    const [table, column] = [this.#table, this.#column];
    const isGroup = table === "unpark_group";
    const given = isGroup ? "unnest($1::text[], $3::text[], $4::text[]) AS given (key, data, stack)" : "unnest($1::text[]) AS given (key)";
    const abouts = new Map(keys.map((key) => [key, named.get(key)?.()]));
    await this.#keepStacks(abouts.values(), at);
    const write = async (text: string, some: readonly string[]): Promise<readonly (readonly [string, number])[]> => {
      const rows = (await this.#database.query(text, [some, at, ...(isGroup ? [some.map((key) => abouts.get(key)?.data), some.map((key) => abouts.get(key)?.stack?.hash)] : [])])) as readonly { id: string | number; key: string }[];
      return rows.map(({ id, key }) => [key, Number(id)]);
    };
    // A later build may have moved a group's line: the newest is kept.
    const there = await write(
      `UPDATE ${table} t SET seen = greatest(t.seen, $2)${isGroup ? ", data = coalesce(given.data, t.data), stack = coalesce(given.stack, t.stack)" : ""}
       FROM (SELECT id FROM ${table} WHERE ${column} = ANY($1) ORDER BY id FOR UPDATE) locked, ${given}
       WHERE t.id = locked.id AND t.${column} = given.key RETURNING t.id, t.${column} AS key`, keys);
    if (there.length === keys.length) return there;
    const found = new Set(there.map(([key]) => key));
    const missing = await write(
      `INSERT INTO ${table} (${column}, seen${isGroup ? ", data, stack" : ""}) SELECT given.key, $2${isGroup ? ", coalesce(given.data, '{}'), given.stack" : ""} FROM ${given}
       ORDER BY given.key ON CONFLICT (${column}) DO UPDATE SET seen = greatest(${table}.seen, excluded.seen) RETURNING id, ${column} AS key`, keys.filter((key) => !found.has(key)));
    return [...there, ...missing];
  }

  /** Before the groups that have them: one that is there is found. In one order, as above. */
  async #keepStacks(abouts: Iterable<About | undefined>, at: number): Promise<void> {
    const stacks = new Map<string, string>();
    for (const about of abouts) if (about?.stack) stacks.set(about.stack.hash, about.stack.text);
    if (stacks.size === 0) return;
    await this.#database.query("INSERT INTO unpark_stack SELECT given.hash, given.frames, $3 FROM unnest($1::text[], $2::text[]) AS given (hash, frames) ORDER BY given.hash ON CONFLICT (hash) DO UPDATE SET seen = greatest(unpark_stack.seen, excluded.seen)", [[...stacks.keys()], [...stacks.values()], at]);
  }
}

const HOUR = 3_600_000;
const MOST_KNOWN = 200_000;
/** Rows of one statement. */
const AT_ONCE = 5000;
