import type { Database, Query } from "./database.js";
import { HOUR, inOrder, type KeptLook, looksOf, packHour, unpackHour } from "./packed-hour.js";
import { unpackCounts } from "./packed-counts.js";
import { nameOf, type Partitions } from "./partitions.js";

const HOURS_A_DAY = 24;

interface Row {
  readonly target: number;
  readonly at: string;
  readonly total: number;
  readonly counts: Buffer;
}

/** One target's looks of one hour. */
interface TargetHour {
  readonly target: number;
  readonly hour: number;
  readonly looks: readonly KeptLook<number>[];
}

/**
 * Moves the looks of hours that are over into `unpark_hour`, in pieces; each is a transaction, so that a look is always in one place.
 * A look that comes later is packed into its hour an hour later. One watch at a time does it, whichever asks.
 */
export class Packer {
  readonly #database: Database;
  readonly #partitions: Partitions;
  #doneBefore = -Infinity;

  constructor(database: Database, partitions: Partitions) {
    this.#database = database;
    this.#partitions = partitions;
  }

  /** @returns whether nothing is left of hours that were over at `before` */
  async pack(before: number): Promise<boolean> {
    const end = Math.floor(before / HOUR) * HOUR;
    if (end <= this.#doneBefore) return true;
    const lastDay = Math.floor((end - 1) / (HOURS_A_DAY * HOUR));
    let pieces = 0;
    // The newest first: of a store that was never packed, what is asked for most.
    for (const day of (await this.#partitions.days("unpark_scrape")).filter((one) => one <= lastDay).reverse()) {
      await this.#partitions.make("unpark_hour", day);
      for (let from = 0; ; ) {
        if (pieces++ === PIECES) return false;
        const last = await this.#piece(day, from, end);
        if (last === "busy") return false;
        if (last === undefined) break;
        from = last;
      }
      if ((day + 1) * HOURS_A_DAY * HOUR <= end - HOUR) await this.#partitions.drop("unpark_scrape", day, "empty");
    }
    this.#doneBefore = end;
    return true;
  }

  /** Answers the last target that it came to; undefined where there was nothing more. */
  #piece(day: number, from: number, end: number): Promise<number | undefined | "busy"> {
    return this.#database.transaction(async (query) => {
      const [lock] = (await query("SELECT pg_try_advisory_xact_lock(7566174) AS mine")) as readonly { mine: boolean }[];
      if (!lock!.mine) return "busy";
      const table = nameOf("unpark_scrape", day);
      if ((await query("SELECT FROM pg_class WHERE oid = to_regclass($1)", [`"${table}"`])).length === 0) return undefined; // another watch dropped it
      const rows = (await query(`DELETE FROM "${table}" WHERE ctid = ANY(ARRAY(SELECT ctid FROM "${table}" WHERE target >= $1 AND at < $2 ORDER BY target, at LIMIT ${PIECE})) RETURNING target, at, total, counts`, [from, end])) as readonly Row[];
      if (rows.length > 0) await keep(query, byHour(rows));
      return rows.length < PIECE ? undefined : rows.reduce((last, { target }) => Math.max(last, target), from);
    });
  }
}

function byHour(rows: readonly Row[]): readonly TargetHour[] {
  const hours = new Map<string, TargetHour & { readonly looks: KeptLook<number>[] }>();
  for (const { target, at, total, counts: packed } of rows) {
    const hour = Math.floor(Number(at) / HOUR);
    const key = `${target} ${hour}`;
    let one = hours.get(key);
    if (!one) hours.set(key, (one = { target, hour, looks: [] }));
    const counts = new Map<number, number>();
    unpackCounts(packed, (group, count) => counts.set(group, count));
    one.looks.push({ at: Number(at), total, counts });
  }
  return [...hours.values()].sort((a, b) => a.hour - b.hour || a.target - b.target); // as they lie on the disk: those of one hour together
}

/** Those that are there already get what is new beside what they have. */
async function keep(query: Query, hours: readonly TargetHour[]): Promise<void> {
  const added = (await query("INSERT INTO unpark_hour (target, hour, looks) SELECT * FROM unnest($1::integer[], $2::integer[], $3::bytea[]) ON CONFLICT DO NOTHING RETURNING target, hour", columns(hours))) as readonly { target: number; hour: number }[];
  if (added.length === hours.length) return;
  const isNew = new Set(added.map(({ target, hour }) => `${target} ${hour}`));
  const others = new Map(hours.filter(({ target, hour }) => !isNew.has(`${target} ${hour}`)).map((one) => [`${one.target} ${one.hour}`, one]));
  const there = (await query("SELECT target, hour, looks FROM unpark_hour WHERE (target, hour) IN (SELECT * FROM unnest($1::integer[], $2::integer[]))", columns([...others.values()]).slice(0, 2))) as readonly { target: number; hour: number; looks: Buffer }[];
  const merged = there.map(({ target, hour, looks }): TargetHour => ({ target, hour, looks: [...looksOf(unpackHour(hour, looks), (group) => group), ...others.get(`${target} ${hour}`)!.looks] }));
  await query("UPDATE unpark_hour h SET looks = given.looks FROM unnest($1::integer[], $2::integer[], $3::bytea[]) AS given (target, hour, looks) WHERE h.target = given.target AND h.hour = given.hour", columns(merged));
}

const columns = (hours: readonly TargetHour[]): readonly unknown[] => [
  hours.map(({ target }) => target),
  hours.map(({ hour }) => hour),
  hours.map(({ hour, looks }) => packHour(hour, inOrder(looks))),
];

/** Rows of one transaction, some tenths of a second; and how many transactions when somebody asks, which is once a minute. */
const PIECE = 10_000;
const PIECES = 12;
