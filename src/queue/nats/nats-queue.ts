import { createHash } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { err, ok, type Result } from "../../base/result.js";
import { decode, encode } from "../codec.js";
import { LEASE_MS, type Answer, type Lease, type News, type Queue, type Task } from "../queue.js";
import type * as clientModule from "./nats-client.js";
import type { Consumer, JetStreamClient, JetStreamManager, JsMsg, NatsConnection, ObjectStore } from "./nats-client.js";

type Client = typeof clientModule;

/** Milliseconds that a worker waits for a task before it asks anew. */
const WAIT = 3_000;
/** Between two attempts while the queue cannot be reached. */
const AGAIN = 500;
/** What nobody wants any more goes by itself, in nanoseconds and milliseconds. */
const KEPT_DAYS = 7;
const DAY_MS = 86_400_000;
/** A message of at most so many bytes goes by itself; a larger one lies in the object store (a server takes 1 MiB by default). */
const LARGEST = 768 * 1024;

/**
 * A queue in NATS JetStream. All is on disk: a server that is started again goes on where it was.
 *
 * - `UNPARK_WORK`, a work queue: `unpark.work.<version>.<session>.<program>`, one durable consumer for all workers of a version.
 * - `UNPARK_ANSWERS`, a work queue: `unpark.answer.<session>`, a durable consumer for each session.
 * - `unpark-objects`, an object store: modules, folders, large messages, by hash.
 * - `unpark.news`: not kept.
 */
export class NatsQueue implements Queue {
  readonly name: string;
  readonly #client: Client;
  readonly #connection: NatsConnection;
  readonly #manager: JetStreamManager;
  readonly #jetstream: JetStreamClient;
  readonly #objects: ObjectStore;
  readonly #version: string;
  #worker: Consumer | undefined;
  #closed = false;

  private constructor(client: Client, connection: NatsConnection, name: string, version: string, manager: JetStreamManager, objects: ObjectStore) {
    this.#client = client;
    this.#connection = connection;
    this.name = name;
    this.#version = createHash("sha256").update(version).digest("hex").slice(0, 12);
    this.#manager = manager;
    this.#jetstream = client.jetstream(connection);
    this.#objects = objects;
  }

  /** An error: JetStream is not there, or what Unpark keeps in it may not be made. */
  static async open(client: Client, connection: NatsConnection, name: string, version: string): Promise<Result<Queue, string>> {
    try {
      const manager = await client.jetstreamManager(connection);
      const stream = { retention: client.RetentionPolicy.Workqueue, storage: client.StorageType.File, max_age: KEPT_DAYS * DAY_MS * 1e6 };
      await made(manager, { ...stream, name: WORK, subjects: ["unpark.work.>"] });
      await made(manager, { ...stream, name: ANSWERS, subjects: ["unpark.answer.>"] });
      const objects = await new client.Objm(connection).create(OBJECTS, { storage: client.StorageType.File, ttl: KEPT_DAYS * DAY_MS * 1e6 });
      return ok(new NatsQueue(client, connection, name, version, manager, objects));
    } catch (error) {
      return err(`the queue ${name} has no JetStream for Unpark (nats-server -js; a user who may make the streams ${WORK} and ${ANSWERS} and the object store ${OBJECTS}): ${(error as Error).message}`);
    }
  }

  async publish({ session, program, id, body }: Task): Promise<void> {
    await this.#send(`unpark.work.${this.#version}.${session}.${program}`, { session, program, id }, body);
  }

  async answer({ session, id, body }: Answer): Promise<void> {
    await this.#send(`unpark.answer.${session}`, { session, id }, body);
  }

  async lease(): Promise<Lease | undefined> {
    try {
      this.#worker ??= await this.#workers();
      const message = await this.#worker.next({ expires: WAIT });
      return message === null ? undefined : await this.#leased(message);
    } catch {
      this.#worker = undefined; // the server may have lost it
      if (!this.#closed) await pause(AGAIN);
      return undefined;
    }
  }

  async answers(session: string, heard: (answer: Answer) => void): Promise<void> {
    const config = { durable_name: `session-${session}`, filter_subject: `unpark.answer.${session}`, ack_policy: this.#client.AckPolicy.Explicit, inactive_threshold: DAY_MS * 1e6 };
    await this.#insist(() => this.#manager.consumers.add(ANSWERS, config));
    void this.#listen(session, heard);
  }

  async withdraw(session: string, program = "*"): Promise<void> {
    await this.#insist(() => this.#manager.streams.purge(WORK, { filter: `unpark.work.${this.#version}.${session}.${program}` }));
  }

  async forget(session: string): Promise<void> {
    await this.withdraw(session);
    await this.#manager.consumers.delete(ANSWERS, `session-${session}`).catch(() => undefined);
    await this.#manager.streams.purge(ANSWERS, { filter: `unpark.answer.${session}` }).catch(() => undefined);
  }

  async put(hash: string, bytes: () => Uint8Array): Promise<boolean> {
    const there = await this.#insist(() => this.#objects.info(hash));
    if (there !== null && !there.deleted) return false;
    await this.#insist(() => this.#objects.putBlob({ name: hash }, bytes()));
    return true;
  }

  async get(hash: string): Promise<Uint8Array | undefined> {
    return (await this.#insist(() => this.#objects.getBlob(hash))) ?? undefined;
  }

  tell(news: News): void {
    if (!this.#closed) this.#connection.publish(NEWS, encode(news));
  }

  onNews(heard: (news: News) => void): void {
    this.#connection.subscribe(NEWS, { callback: (error, message) => {
      const news = error === null ? readable<News>(message.data) : undefined;
      if (news !== undefined) heard(news);
    } });
  }

  traffic(): { readonly sent: number; readonly received: number } {
    const { inBytes, outBytes } = this.#connection.stats();
    return { sent: outBytes, received: inBytes };
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.race([this.#connection.flush(), pause(1_000)]).catch(() => undefined);
    await this.#connection.close();
  }

  async #workers(): Promise<Consumer> {
    const name = `workers-${this.#version}`;
    await this.#manager.consumers.add(WORK, { durable_name: name, filter_subject: `unpark.work.${this.#version}.>`, ack_policy: this.#client.AckPolicy.Explicit, ack_wait: LEASE_MS * 1e6, max_ack_pending: -1 });
    return this.#jetstream.consumers.get(WORK, name);
  }

  async #leased(message: JsMsg): Promise<Lease | undefined> {
    const opened = await this.#opened<Omit<Task, "body">>(message);
    if (opened === undefined) {
      message.term("no message of Unpark's");
      return undefined;
    }
    return {
      task: opened,
      times: message.info.deliveryCount,
      renew: () => message.working(),
      ack: async () => void (await message.ackAck().catch(() => false)), // not heard: it comes again, and is answered again (Q2)
      giveBack: (after) => message.nak(after),
    };
  }

  async #listen(session: string, heard: (answer: Answer) => void): Promise<void> {
    while (!this.#closed) {
      try {
        const consumer = await this.#jetstream.consumers.get(ANSWERS, `session-${session}`);
        for await (const message of await consumer.consume({ max_messages: 64 })) {
          const answer = await this.#opened<Omit<Answer, "body">>(message);
          if (answer !== undefined) heard(answer);
          message.ack();
        }
      } catch {
        if (!this.#closed) await pause(AGAIN);
      }
    }
  }

  /** Head and body in one message; a body that is too large for one lies in the object store. */
  async #send(subject: string, head: object, body: Uint8Array): Promise<void> {
    const large = body.length > LARGEST ? createHash("sha256").update(body).digest("hex") : undefined;
    if (large !== undefined) await this.put(large, () => body);
    const first = encode({ ...head, ...(large === undefined ? {} : { large }) });
    const size = Buffer.alloc(4);
    size.writeUInt32BE(first.length);
    const whole = Buffer.concat([size, first, large === undefined ? body : new Uint8Array()]);
    await this.#insist(() => this.#jetstream.publish(subject, whole, { timeout: 5_000 }));
  }

  async #opened<T extends object>({ data }: JsMsg): Promise<(T & { readonly body: Uint8Array }) | undefined> {
    const buffer = Buffer.from(data);
    const size = buffer.length < 4 ? Infinity : buffer.readUInt32BE();
    const head = buffer.length < 4 + size ? undefined : readable<T & { readonly large?: string }>(buffer.subarray(4, 4 + size));
    if (head === undefined) return undefined;
    const body = head.large === undefined ? buffer.subarray(4 + size) : await this.get(head.large);
    return body === undefined ? undefined : { ...head, body };
  }

  /** Q4 */
  async #insist<T>(attempt: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await attempt();
      } catch (error) {
        if (this.#closed) throw error;
        await pause(AGAIN);
      }
    }
  }
}

const WORK = "UNPARK_WORK";
const ANSWERS = "UNPARK_ANSWERS";
const OBJECTS = "unpark-objects";
const NEWS = "unpark.news";

/** A stream that is there is taken as it is: whoever runs the server may have made it otherwise (replicas, limits). */
async function made(manager: JetStreamManager, config: Parameters<JetStreamManager["streams"]["add"]>[0] & { readonly name: string }): Promise<void> {
  const there = await manager.streams.info(config.name).then(() => true, () => false);
  if (!there) await manager.streams.add(config);
}

function readable<T>(bytes: Uint8Array): T | undefined {
  try {
    return decode<T>(bytes);
  } catch {
    return undefined;
  }
}
