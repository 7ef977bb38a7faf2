import { optional } from "../base/optional.js";
import { ok, type Result } from "../base/result.js";
import type { SqliteDatabase } from "./sqlite-driver.js";
import { openSqliteFile } from "./sqlite-file.js";
import { StoreError } from "./store-error.js";
import { readStack, storedStack } from "./stored-stack.js";
import type { Look, Scrape, Store, StoredGroup } from "./store.js";

export function openSqliteStore(file: string): Result<Store, string> {
  const opened = openSqliteFile(file);
  return opened.ok ? ok(new SqliteStore(opened.value, file)) : opened;
}

const HOUR = 3_600_000;
/** Names kept in memory beside the database; beyond, they are looked up again. */
const MOST_KNOWN = 50_000;

/**
 * The embedded store: SQLite (sqlite-driver.ts). One row a scrape, its counts packed into a blob of numbers; measured,
 * this layout writes ten times as fast as a row for each group, and is a quarter of the size. libsql 0.5 aborts the
 * process on `get()` without parameters: only `all` and `run` are used.
 */
class SqliteStore implements Store {
  readonly #db: SqliteDatabase;
  readonly #file: string;
  readonly #targets = new Map<string, number>();
  /** Fingerprint → its number, and which hour its row says. */
  readonly #groups = new Map<string, { readonly id: number; readonly seen: number }>();

  constructor(db: SqliteDatabase, file: string) {
    this.#db = db;
    this.#file = file;
  }

  put = (looks: readonly Look[]): Promise<void> =>
    this.#answer(() => this.#write(() => looks.forEach((look) => this.#insert(look))));

  targets = (): Promise<readonly string[]> =>
    this.#answer(() => (this.#db.prepare("SELECT name FROM target ORDER BY name").all() as { name: string }[]).map(({ name }) => name));

  scrapes = (target: string, since: number, every?: number): Promise<readonly Scrape[]> =>
    this.#answer(() => {
      const rows = this.#db
        // Of columns beside min() SQLite gives those of the row that has it.
        .prepare(`SELECT ${every === undefined ? "at" : "min(at) AS at"}, total, counts FROM scrape WHERE target = (SELECT id FROM target WHERE name = ?) AND at >= ? ${every === undefined ? "" : `GROUP BY at / ${every}`} ORDER BY at`)
        .all(target, since) as { at: number; total: number; counts: ArrayBuffer | Uint8Array }[];
      const names = this.#fingerprints();
      return rows.map(({ at, total, counts }) => ({ target, at, total, counts: unpackCounts(counts, names) }));
    });

  groups = (fingerprints: Iterable<string>): Promise<ReadonlyMap<string, StoredGroup>> =>
    this.#answer(() => {
      const found = new Map<string, StoredGroup>();
      const select = this.#db.prepare("SELECT data, frames FROM grp LEFT JOIN stack ON hash = stack WHERE fingerprint = ?");
      for (const fingerprint of fingerprints) {
        const [row] = select.all(fingerprint) as { data: string; frames: string | null }[];
        if (!row) continue;
        const { kind, waitReason, frame, label } = JSON.parse(row.data) as Omit<StoredGroup, "fingerprint" | "stack">;
        found.set(fingerprint, { fingerprint, kind, waitReason, frame, ...optional({ label }), ...(row.frames === null ? {} : { stack: readStack(row.frames) }) });
      }
      return found;
    });

  /** Groups are kept an hour longer than what names them, for `seen` is known to the hour only. */
  prune = (before: number): Promise<void> =>
    this.#answer(() =>
      this.#write(() => {
        this.#db.prepare("DELETE FROM scrape WHERE at < ?").run(before);
        if (Number(this.#db.prepare("DELETE FROM grp WHERE seen < ?").run(before - HOUR).changes) === 0) return;
        this.#forgetNumbers();
        this.#db.prepare("DELETE FROM stack WHERE seen < ? AND hash NOT IN (SELECT stack FROM grp WHERE stack IS NOT NULL)").run(before - HOUR);
      }),
    );

  /** The log is written into the database first: a driver that still has statements open does not do it by itself. */
  close = (): Promise<void> =>
    this.#answer(() => {
      try {
        this.#db.prepare("PRAGMA wal_checkpoint(TRUNCATE)").all();
      } catch {
        // Another process holds it: what is in the log is kept there, and whoever opens it next writes it in.
      }
      this.#db.close();
    });

  async #answer<T>(work: () => T): Promise<T> {
    try {
      return work();
    } catch (error) {
      throw error instanceof StoreError ? error : new StoreError(this.#file, error);
    }
  }

  /**
   * All that writes is a transaction that asks for the lock first. Where a prepared DELETE failed for want of the lock, libsql 0.5.29
   * refused each later write at once, also when the lock was free again (3 of 5 runs of watch-store.test.ts, "a stranger holds").
   */
  #write<T>(work: () => T): T {
    this.#db.exec("BEGIN IMMEDIATE");
    try {
      const done = work();
      this.#db.exec("COMMIT");
      return done;
    } catch (error) {
      this.#forgetNumbers(); // some were given in this transaction
      this.#rollBack();
      throw error;
    }
  }

  /** After some errors (a full disk, for one) SQLite has rolled back already, and says that there is no transaction. */
  #rollBack(): void {
    try {
      this.#db.exec("ROLLBACK");
    } catch {
      // The first error is the one to tell.
    }
  }

  #forgetNumbers(): void {
    this.#groups.clear();
    this.#targets.clear();
  }

  #insert({ scrape, groups }: Look): void {
    if (this.#groups.size > MOST_KNOWN) this.#groups.clear();
    for (const group of groups) this.#groupId(group, scrape.at);
    const packed = new Uint32Array(scrape.counts.size * 2);
    let i = 0;
    for (const [fingerprint, count] of scrape.counts) {
      packed[i++] = this.#groups.get(fingerprint)?.id ?? this.#lookUp(fingerprint, 0);
      packed[i++] = Math.min(count, 0xffff_ffff);
    }
    const target = this.#targetId(scrape.target);
    this.#db.prepare("INSERT INTO scrape (target, at, total, counts) VALUES (?, ?, ?, ?)").run(target, this.#freeTime(target, scrape.at), scrape.total, new Uint8Array(packed.buffer));
  }

  /** Another watch of the same target, or a clock that went back: what was put in for this millisecond stays. */
  #freeTime(target: number, at: number): number {
    const taken = this.#db.prepare("SELECT at FROM scrape WHERE target = ? AND at = ?");
    let free = at;
    while (taken.all(target, free).length > 0) free++;
    return free;
  }

  #targetId(name: string): number {
    let id = this.#targets.get(name);
    if (id !== undefined) return id;
    this.#db.prepare("INSERT OR IGNORE INTO target (name) VALUES (?)").run(name);
    id = (this.#db.prepare("SELECT id FROM target WHERE name = ?").all(name) as { id: number }[])[0]!.id;
    this.#targets.set(name, id);
    return id;
  }

  #groupId({ fingerprint, stack, ...data }: StoredGroup, at: number): void {
    const hour = Math.floor(at / HOUR);
    if (this.#groups.get(fingerprint)?.seen === hour) return;
    const whole = stack && storedStack(stack);
    if (whole) this.#db.prepare("INSERT INTO stack (hash, frames, seen) VALUES (?, ?, ?) ON CONFLICT (hash) DO UPDATE SET seen = max(seen, excluded.seen)").run(whole.hash, whole.text, at);
    // A later build may have moved its line: the newest is kept.
    this.#db
      .prepare(`INSERT INTO grp (fingerprint, data, seen, stack) VALUES (?, ?, ?, ${whole ? "?" : "NULL"}) ON CONFLICT (fingerprint) DO UPDATE SET data = excluded.data, seen = max(seen, excluded.seen), stack = coalesce(excluded.stack, stack)`)
      .run(fingerprint, JSON.stringify(data), at, ...(whole ? [whole.hash] : []));
    this.#lookUp(fingerprint, hour);
  }

  #lookUp(fingerprint: string, seen: number): number {
    const { id } = (this.#db.prepare("SELECT id FROM grp WHERE fingerprint = ?").all(fingerprint) as { id: number }[])[0]!;
    this.#groups.set(fingerprint, { id, seen });
    return id;
  }

  #fingerprints(): ReadonlyMap<number, string> {
    const rows = this.#db.prepare("SELECT id, fingerprint FROM grp").all() as { id: number; fingerprint: string }[];
    return new Map(rows.map(({ id, fingerprint }) => [id, fingerprint]));
  }
}

/** libsql gives blobs as ArrayBuffer from `all`, other drivers as Uint8Array. */
function unpackCounts(blob: ArrayBuffer | Uint8Array, names: ReadonlyMap<number, string>): ReadonlyMap<string, number> {
  const bytes = Uint8Array.from(blob instanceof Uint8Array ? blob : new Uint8Array(blob)); // aligned
  const packed = new Uint32Array(bytes.buffer, 0, Math.floor(bytes.length / 4));
  const counts = new Map<string, number>();
  for (let i = 0; i + 1 < packed.length; i += 2) counts.set(names.get(packed[i]!) ?? `#${packed[i]}`, packed[i + 1]!);
  return counts;
}
