import { chmodSync, closeSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { optional } from "../base/optional.js";
import { err, ok, type Result } from "../base/result.js";
import { publicName } from "../model/public-name.js";
import { hasSqlite, NO_SQLITE, openDatabase, type SqliteDatabase } from "./sqlite-driver.js";
import { StoreError } from "./store-error.js";
import { readStack, storedStack } from "./stored-stack.js";
import type { Look, Scrape, Store, StoredGroup } from "./store.js";

/**
 * The embedded store: SQLite (sqlite-driver.ts). One row a scrape, its counts packed into a blob of numbers; measured,
 * this layout writes ten times as fast as a row for each group, and is a quarter of the size. libsql 0.5 aborts the
 * process on `get()` without parameters: only `all` and `run` are used.
 *
 * `seen` of a group is when a scrape last named it, to an hour: so that names are forgotten with the scrapes.
 */
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS target (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
  CREATE TABLE IF NOT EXISTS grp (id INTEGER PRIMARY KEY, fingerprint TEXT NOT NULL UNIQUE, data TEXT NOT NULL, seen INTEGER NOT NULL DEFAULT 0, stack TEXT);
  CREATE TABLE IF NOT EXISTS stack (hash TEXT PRIMARY KEY, frames TEXT NOT NULL, seen INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS scrape (target INTEGER NOT NULL, at INTEGER NOT NULL, total INTEGER NOT NULL, counts BLOB NOT NULL, PRIMARY KEY (target, at)) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS scrape_at ON scrape (at);
  CREATE INDEX IF NOT EXISTS grp_seen ON grp (seen);
`;
/** 2: `seen`, and targets by their public names. 3: whole stacks. */
const VERSION = 3;
/** Milliseconds that a write waits in SQLite for another process's. It holds the event loop, so longer waits are the caller's (saver.ts). */
const BUSY_TIMEOUT = 200;
const OPEN_TIMEOUT = 2000;

export function openSqliteStore(file: string): Result<Store, string> {
  if (!hasSqlite()) return err(`${file}: ${NO_SQLITE}`); // before there is an empty file
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    makePrivate(file);
    const db = openDatabase(file);
    if (!db) return err(`${file}: ${NO_SQLITE}`);
    db.exec(`PRAGMA busy_timeout = ${OPEN_TIMEOUT}`);
    patiently(() => db.exec("PRAGMA journal_mode = WAL"));
    db.exec("PRAGMA synchronous = NORMAL");
    db.exec("PRAGMA wal_autocheckpoint = 100"); // pages: the log stays small, and a disk that was full has room again
    const [row] = db.prepare("PRAGMA user_version").all() as { user_version: number }[];
    const version = Number(row?.user_version ?? 0);
    if (version > VERSION) return err(`${file}: written by a newer unpark (format ${version}, this one knows ${VERSION})`);
    if (version === 1) migrate(db);
    patiently(() => {
      if (version === 1 || version === 2) addStacks(db);
      db.exec(SCHEMA);
      if (version !== VERSION) db.exec(`PRAGMA user_version = ${VERSION}`);
    });
    db.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT}`);
    return ok(new SqliteStore(db, file));
  } catch (error) {
    return err(`${file}: cannot be opened as a store (${(error as Error).message})`);
  }
}

/** SQLite does not wait by itself where waiting might be for ever: several watches that make one new store at a time. */
function patiently(work: () => void): void {
  for (let attempt = 1; ; attempt++) {
    try {
      return work();
    } catch (error) {
      if (attempt >= 20 || !/SQLITE_BUSY|is locked/.test(`${(error as { code?: string }).code} ${(error as Error).message}`)) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
    }
  }
}

/** What a service does is nobody else's business. SQLite gives its -wal and -shm files the database's own mode. */
function makePrivate(file: string): void {
  closeSync(openSync(file, "a", 0o600));
  try {
    chmodSync(file, 0o600);
  } catch {
    // Another user's, or a file system without modes: what it was, it stays.
  }
}

/** From format 1, in which targets were named as typed, passwords included: these are overwritten, not just unlinked. */
function migrate(db: SqliteDatabase): void {
  db.exec("PRAGMA secure_delete = ON");
  db.exec("BEGIN IMMEDIATE");
  if (!hasColumn(db, "seen")) {
    db.exec("ALTER TABLE grp ADD COLUMN seen INTEGER NOT NULL DEFAULT 0");
    db.prepare("UPDATE grp SET seen = ?").run(Date.now());
  }
  for (const { id, name } of db.prepare("SELECT id, name FROM target").all() as { id: number; name: string }[]) {
    const shown = publicName(name);
    if (shown === name) continue;
    const [other] = db.prepare("SELECT id FROM target WHERE name = ?").all(shown) as { id: number }[];
    if (!other) db.prepare("UPDATE target SET name = ? WHERE id = ?").run(shown, id);
    else {
      db.prepare("UPDATE OR IGNORE scrape SET target = ? WHERE target = ?").run(other.id, id);
      db.prepare("DELETE FROM scrape WHERE target = ?").run(id);
      db.prepare("DELETE FROM target WHERE id = ?").run(id);
    }
  }
  db.exec("PRAGMA user_version = 2");
  db.exec("COMMIT");
  db.exec("VACUUM");
  db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
}

/** From format 2. Another watch may be at it, too. */
function addStacks(db: SqliteDatabase): void {
  db.exec("BEGIN IMMEDIATE");
  if (!hasColumn(db, "stack")) db.exec("ALTER TABLE grp ADD COLUMN stack TEXT");
  db.exec("COMMIT");
}

const hasColumn = (db: SqliteDatabase, column: string): boolean => (db.prepare("SELECT name FROM pragma_table_info('grp')").all() as { name: string }[]).some(({ name }) => name === column);

const HOUR = 3_600_000;
/** Names kept in memory beside the database; beyond, they are looked up again. */
const MOST_KNOWN = 50_000;

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
