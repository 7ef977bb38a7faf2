import { err, type Result } from "../../base/result.js";
import { inAddress, without } from "../../model/public-name.js";
import type { Queue } from "../queue.js";
import { natsAddress } from "./nats-address.js";
import { NatsQueue } from "./nats-queue.js";
import type * as clientModule from "./nats-client.js";

const NO_NATS = "the NATS client is not installed: npm install @nats-io/transport-node@3.4.0 @nats-io/jetstream@3.4.0 @nats-io/obj@3.4.0, beside unpark (the single executable holds it)";

/** Milliseconds for the first connection. */
const FIRST = 10_000;

/** Connects. `version`: Unpark's own; workers of another one have another part of the queue. */
export async function openNats(url: string, env: Readonly<Record<string, string | undefined>>, version: string): Promise<Result<Queue, string>> {
  const client = await load();
  if (client === undefined) return err(NO_NATS);
  const address = natsAddress(url, env, client);
  if (!address.ok) return address;
  const { name, options } = address.value;
  try {
    const connection = await client.connect({ ...options, name: "unpark", timeout: FIRST, maxReconnectAttempts: -1, reconnectTimeWait: 500, pingInterval: 5_000, maxPingOut: 3 });
    const opened = await NatsQueue.open(client, connection, name, version);
    if (!opened.ok) await connection.close();
    return opened;
  } catch (error) {
    return err(`cannot reach the queue ${name}: ${without(url.split(",").flatMap(inAddress), (error as Error).message)}`);
  }
}

async function load(): Promise<typeof clientModule | undefined> {
  try {
    return await import("./nats-client.js");
  } catch {
    return undefined;
  }
}
