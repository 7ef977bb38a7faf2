import { StoreError } from "../store-error.js";
import { inAddress, without } from "../../model/public-name.js";
import type { Pool } from "./postgres-client.js";

/** Runs one statement; answers its rows. */
export type Query = (text: string, values?: readonly unknown[]) => Promise<readonly unknown[]>;

/** A server's database: what fails is one sentence, without the address's secrets. */
export class Database {
  readonly #pool: Pool;
  readonly #name: string;
  readonly #secrets: readonly string[];

  constructor(pool: Pool, name: string, address: string) {
    this.#pool = pool;
    this.#name = name;
    this.#secrets = inAddress(address);
    pool.on("error", () => undefined); // of a connection that nobody uses at the moment: the next one is new
  }

  query: Query = (text, values = []) => this.#told(async () => (await this.#pool.query<object>(text, [...values])).rows);

  /** All of it, or nothing. */
  transaction<T>(work: (query: Query) => Promise<T>): Promise<T> {
    return this.#told(async () => {
      const client = await this.#pool.connect();
      let broken: Error | undefined;
      try {
        await client.query("BEGIN");
        const done = await work(async (text, values = []) => (await client.query<object>(text, [...values])).rows);
        await client.query("COMMIT");
        return done;
      } catch (error) {
        await client.query("ROLLBACK").catch((failed: Error) => (broken = failed)); // the first error is the one to tell
        throw error;
      } finally {
        client.release(broken);
      }
    });
  }

  close(): Promise<void> {
    return this.#told(() => this.#pool.end());
  }

  async #told<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof StoreError) throw error;
      const { code, message } = error as { readonly code?: string; readonly message: string };
      throw new StoreError(this.#name, { code, message: without(this.#secrets, message) });
    }
  }
}
