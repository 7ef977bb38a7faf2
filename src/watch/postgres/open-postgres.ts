import { err, ok, type Result } from "../../base/result.js";
import { inAddress, publicName, without } from "../../model/public-name.js";
import { StoreError } from "../store-error.js";
import type { Store } from "../store.js";
import { Database } from "./database.js";
import { migrate } from "./schema.js";
import { PostgresStore } from "./postgres-store.js";
import type * as clientModule from "./postgres-client.js";

const NO_POSTGRES = "node-postgres is not installed: npm install pg@8.23.1, beside unpark (the single executable holds it)";

/** Milliseconds for a connection, and for a statement. */
const CONNECT = 10_000;
const STATEMENT = 60_000;
const CONNECTIONS = 4;

export const isPostgres = (store: string): boolean => /^postgres(?:ql)?:/.test(store);

/**
 * Connects, and makes what is not there yet.
 *
 * @param address `postgres://user@host:5432/database`; what it does not say, libpq's environment does (PGPASSWORD, ~/.pgpass, PGSSLMODE …)
 * @param leaseMs see PostgresStore
 */
export async function openPostgresStore(address: string, leaseMs: number): Promise<Result<Store, string>> {
  const name = publicName(address);
  if (!/^postgres(?:ql)?:\/\//.test(address) || !URL.canParse(address)) return err(`'${name}' is no store: expected postgres://user@host:5432/database`);
  const client = await load();
  if (client === undefined) return err(`${name}: ${NO_POSTGRES}`);
  try {
    const pool = new client.Pool({ connectionString: address, application_name: "unpark", max: CONNECTIONS, connectionTimeoutMillis: CONNECT, statement_timeout: STATEMENT, query_timeout: STATEMENT + CONNECT, keepAlive: true });
    const database = new Database(pool, name, address);
    const newer = await migrate(database).catch(async (error: unknown) => {
      await database.close().catch(() => undefined);
      throw error;
    });
    if (newer === undefined) return ok(new PostgresStore(database, leaseMs));
    await database.close();
    return err(`${name}: written by a newer unpark (format ${newer})`);
  } catch (error) {
    return err(error instanceof StoreError ? error.message : `${name}: cannot be opened as a store (${without(inAddress(address), (error as Error).message)})`);
  }
}

async function load(): Promise<typeof clientModule | undefined> {
  try {
    return await import("./postgres-client.js");
  } catch {
    return undefined;
  }
}
