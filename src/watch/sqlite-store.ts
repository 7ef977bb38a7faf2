import Database from "libsql";
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { err, ok, type Result } from "../base/result.js";
import type { Frame } from "../model/stack.js";
import type { WaitKind } from "../model/wait.js";
import type { Scrape, Store, StoredGroup } from "./store.js";

/**
 * The embedded store: SQLite (libsql, prebuilt: nothing is compiled at installation). One row a scrape, its counts
 * packed into a blob of numbers; measured, this layout writes ten times as fast as a row for each group, and is a
 * quarter of the size. libsql 0.5 aborts the process on `get()` without parameters: only `all` and `run` are used.
 */
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS target (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
  CREATE TABLE IF NOT EXISTS grp (id INTEGER PRIMARY KEY, fingerprint TEXT NOT NULL UNIQUE, data TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS scrape (target INTEGER NOT NULL, at INTEGER NOT NULL, total INTEGER NOT NULL, counts BLOB NOT NULL, PRIMARY KEY (target, at)) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS scrape_at ON scrape (at);
`;
const VERSION = 1;

export function openSqliteStore(file: string): Result<Store, string> {
  try {
    mkdirSync(dirname(file), { recursive: true });
    const db = new Database(file);
    db.exec("PRAGMA journal_mode = WAL");
    db.exec("PRAGMA synchronous = NORMAL");
    const [row] = db.prepare("PRAGMA user_version").all() as { user_version: number }[];
    if (row && row.user_version > VERSION) return err(`${file}: written by a newer unpark (format ${row.user_version}, this one knows ${VERSION})`);
    db.exec(SCHEMA);
    db.exec(`PRAGMA user_version = ${VERSION}`);
    return ok(new SqliteStore(db));
  } catch (error) {
    return err(`${file}: cannot be opened as a store (${(error as Error).message})`);
  }
}

type Db = InstanceType<typeof Database>;

class SqliteStore implements Store {
  readonly #db: Db;
  readonly #targets = new Map<string, number>();
  readonly #groups = new Map<string, number>();

  constructor(db: Db) {
    this.#db = db;
  }

  async put(scrape: Scrape, groups: readonly StoredGroup[]): Promise<void> {
    this.#db.exec("BEGIN IMMEDIATE");
    try {
      for (const group of groups) this.#groupId(group);
      const packed = new Uint32Array(scrape.counts.size * 2);
      let i = 0;
      for (const [fingerprint, count] of scrape.counts) {
        packed[i++] = this.#groups.get(fingerprint) ?? this.#lookUp(fingerprint);
        packed[i++] = count;
      }
      this.#db
        .prepare("INSERT OR REPLACE INTO scrape (target, at, total, counts) VALUES (?, ?, ?, ?)")
        .run(this.#targetId(scrape.target), scrape.at, scrape.total, Buffer.from(packed.buffer));
      this.#db.exec("COMMIT");
    } catch (error) {
      this.#db.exec("ROLLBACK");
      throw error;
    }
  }

  async targets(): Promise<readonly string[]> {
    return (this.#db.prepare("SELECT name FROM target ORDER BY name").all() as { name: string }[]).map(({ name }) => name);
  }

  async scrapes(target: string, since: number): Promise<readonly Scrape[]> {
    const rows = this.#db
      .prepare("SELECT at, total, counts FROM scrape WHERE target = (SELECT id FROM target WHERE name = ?) AND at >= ? ORDER BY at")
      .all(target, since) as { at: number; total: number; counts: ArrayBuffer | Uint8Array }[];
    const names = this.#fingerprints();
    return rows.map(({ at, total, counts }) => ({ target, at, total, counts: unpackCounts(counts, names) }));
  }

  async groups(fingerprints: Iterable<string>): Promise<ReadonlyMap<string, StoredGroup>> {
    const found = new Map<string, StoredGroup>();
    for (const fingerprint of fingerprints) {
      const [row] = this.#db.prepare("SELECT data FROM grp WHERE fingerprint = ?").all(fingerprint) as { data: string }[];
      if (!row) continue;
      const { kind, waitReason, frame } = JSON.parse(row.data) as { kind: WaitKind; waitReason: string; frame: Frame };
      found.set(fingerprint, { fingerprint, kind, waitReason, frame });
    }
    return found;
  }

  async prune(before: number): Promise<number> {
    return Number(this.#db.prepare("DELETE FROM scrape WHERE at < ?").run(before).changes);
  }

  async close(): Promise<void> {
    this.#db.close();
  }

  #targetId(name: string): number {
    let id = this.#targets.get(name);
    if (id !== undefined) return id;
    this.#db.prepare("INSERT OR IGNORE INTO target (name) VALUES (?)").run(name);
    id = (this.#db.prepare("SELECT id FROM target WHERE name = ?").all(name) as { id: number }[])[0]!.id;
    this.#targets.set(name, id);
    return id;
  }

  #groupId({ fingerprint, ...data }: StoredGroup): void {
    if (this.#groups.has(fingerprint)) return;
    // A later build may have moved its line: the newest is kept.
    this.#db
      .prepare("INSERT INTO grp (fingerprint, data) VALUES (?, ?) ON CONFLICT (fingerprint) DO UPDATE SET data = excluded.data")
      .run(fingerprint, JSON.stringify(data));
    this.#lookUp(fingerprint);
  }

  #lookUp(fingerprint: string): number {
    const { id } = (this.#db.prepare("SELECT id FROM grp WHERE fingerprint = ?").all(fingerprint) as { id: number }[])[0]!;
    this.#groups.set(fingerprint, id);
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
  const packed = new Uint32Array(bytes.buffer);
  const counts = new Map<string, number>();
  for (let i = 0; i + 1 < packed.length; i += 2) counts.set(names.get(packed[i]!) ?? `#${packed[i]}`, packed[i + 1]!);
  return counts;
}
