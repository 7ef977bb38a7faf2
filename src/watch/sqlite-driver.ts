import { createRequire } from "node:module";

/** What the store needs of a driver: the same in node:sqlite and libsql. */
export interface SqliteDatabase {
  exec(sql: string): unknown;
  prepare(sql: string): SqliteStatement;
  close(): void;
}

interface SqliteStatement {
  all(...values: readonly SqliteValue[]): unknown[];
  run(...values: readonly SqliteValue[]): { readonly changes: number | bigint };
}

type SqliteValue = string | number | Uint8Array;

/**
 * Node's own SQLite where there is one (22.13 and later, or 22.5 with its flag), so that no native library of others is
 * loaded; else libsql, where the user has installed it beside Unpark (25 MB: too much for all who never need it).
 * Undefined: neither.
 */
export function openDatabase(file: string): SqliteDatabase | undefined {
  const builtin = nodeSqlite();
  if (builtin) return new builtin.DatabaseSync(file);
  const libsql = optionalModule("libsql") as (new (file: string) => SqliteDatabase) | undefined;
  return libsql && new libsql(file);
}

export const hasSqlite = (): boolean => nodeSqlite() !== undefined || optionalModule("libsql") !== undefined;

/** What is to be done about it. */
export const NO_SQLITE = "no SQLite: this Node has none of its own (22.13 and later have), and 'libsql' is not installed (npm install libsql@0.5.29, beside unpark)";

interface NodeSqlite {
  readonly DatabaseSync: new (file: string) => SqliteDatabase;
}

/** Without the sentence that it is experimental: what is used of it is what every SQLite can do. */
function nodeSqlite(): NodeSqlite | undefined {
  const { getBuiltinModule } = process as { getBuiltinModule?: (name: string) => unknown };
  if (getBuiltinModule === undefined) return undefined;
  const warn = process.emitWarning.bind(process);
  process.emitWarning = () => undefined;
  try {
    return getBuiltinModule("node:sqlite") as NodeSqlite | undefined;
  } catch {
    return undefined;
  } finally {
    process.emitWarning = warn;
  }
}

function optionalModule(name: string): unknown {
  try {
    return createRequire(import.meta.url)(name);
  } catch {
    return undefined;
  }
}
