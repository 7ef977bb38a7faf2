import { chmodSync, closeSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { err, ok, type Result } from "../base/result.js";
import { publicName } from "../model/public-name.js";
import { hasSqlite, NO_SQLITE, openDatabase, type SqliteDatabase } from "./sqlite-driver.js";

/** `seen` of a group is when a scrape last named it, to an hour: so that names are forgotten with the scrapes. */
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

/** Makes the file where there is none, and brings an older one up to date. */
export function openSqliteFile(file: string): Result<SqliteDatabase, string> {
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
    return ok(db);
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
