import { err, type Result } from "../../base/result.js";
import { inAddress, without } from "../../model/public-name.js";
import type { Queue } from "../queue.js";
import { natsAddress } from "./nats-address.js";
import { NatsQueue } from "./nats-queue.js";
import type * as clientModule from "./nats-client.js";
import type { NatsConnection } from "./nats-client.js";

const NO_NATS = "the NATS client is not installed: npm install @nats-io/transport-node@3.4.0 @nats-io/jetstream@3.4.0 @nats-io/obj@3.4.0, beside unpark (the single executable holds it)";

/** Milliseconds for the first connection. */
const FIRST = 10_000;

/** Connects. `version`: Unpark's own; workers of another one have another part of the queue. `say`: what people should know, a sentence. */
export async function openNats(url: string, env: Readonly<Record<string, string | undefined>>, version: string, say: (words: string) => void = () => undefined): Promise<Result<Queue, string>> {
  const client = await load();
  if (client === undefined) return err(NO_NATS);
  const address = natsAddress(url, env, client);
  if (!address.ok) return address;
  const { name, options } = address.value;
  try {
    const connection = await client.connect({ ...options, name: "unpark", timeout: FIRST, maxReconnectAttempts: -1, reconnectTimeWait: 500, pingInterval: 5_000, maxPingOut: 3 });
    void tellRefusals(connection, name, say);
    const opened = await NatsQueue.open(client, connection, name, version);
    if (!opened.ok) await connection.close();
    return opened;
  } catch (error) {
    return err(`cannot reach the queue ${name}: ${without(url.split(",").flatMap(inAddress), (error as Error).message)}`);
  }
}

/** What waits for the server (Q4) would wait for a right that it has not, too, without a word. */
async function tellRefusals(connection: NatsConnection, name: string, say: (words: string) => void): Promise<void> {
  const told = new Set<string>();
  for await (const status of connection.status()) {
    if (status.type !== "error" || !("operation" in status.error) || !("subject" in status.error)) continue;
    const { operation, subject } = status.error as { readonly operation: string; readonly subject: string };
    // Of a session's subject what all have in common.
    const where = subject.split(".").slice(0, subject.startsWith("$JS.") ? 4 : 2).join(".");
    const words = `the queue ${name} does not let this user ${operation === "publish" ? "publish to" : "subscribe to"} ${where}…: what needs it waits until it may`;
    if (!told.has(words)) say(words);
    told.add(words);
  }
}

async function load(): Promise<typeof clientModule | undefined> {
  try {
    return await import("./nats-client.js");
  } catch {
    return undefined;
  }
}
