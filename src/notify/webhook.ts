import { setTimeout as sleep } from "node:timers/promises";
import { err, ok, type Result } from "../base/result.js";

export interface WebhookOptions {
  readonly url: string;
  /** Sent as `Authorization: Bearer`; the address may hold `user:password` instead. */
  readonly token: string | undefined;
  /** The message for several values, in the order in which they came. */
  message(values: readonly unknown[]): string;
  /** One sentence, without the address's path: that is where services keep their secret. */
  onTrouble(sentence: string, inARow: number): void;
}

/**
 * Posts JSON to an address: what comes while one message is under way goes together in the next. A receiver that fails
 * for a while is asked again (1, 2, 4 … 60 s); what it refuses (4xx) is not sent again. No redirect is followed.
 */
export class Webhook {
  readonly #options: WebhookOptions;
  readonly #address: Address;
  readonly #waiting: unknown[] = [];
  readonly #closed = new AbortController();
  #sending: Promise<void> | undefined;
  #lost = 0;

  private constructor(options: WebhookOptions, address: Address) {
    this.#options = options;
    this.#address = address;
  }

  static to(options: WebhookOptions): Result<Webhook, string> {
    const address = addressOf(options.url, options.token);
    return address.ok ? ok(new Webhook(options, address.value)) : address;
  }

  send(value: unknown): void {
    this.#waiting.push(value);
    if (this.#waiting.length > MOST_WAITING) {
      this.#waiting.shift();
      this.#lost++;
    }
    this.#start();
  }

  /** One more attempt for what still waits; answers how many were never delivered. */
  async close(): Promise<number> {
    this.#closed.abort();
    await this.#sending;
    if (this.#waiting.length > 0) {
      const { length } = this.#waiting;
      if ((await this.#post(this.#waiting.slice(0, MOST_TOGETHER))) === undefined) this.#waiting.splice(0, Math.min(length, MOST_TOGETHER));
    }
    return this.#waiting.length + this.#lost;
  }

  #start(): void {
    this.#sending ??= this.#sendAll().finally(() => {
      this.#sending = undefined;
      if (this.#waiting.length > 0 && !this.#closed.signal.aborted) this.#start();
    });
  }

  async #sendAll(): Promise<void> {
    for (let failures = 0; this.#waiting.length > 0 && !this.#closed.signal.aborted; ) {
      const batch = this.#waiting.slice(0, MOST_TOGETHER);
      const trouble = await this.#post(batch);
      if (trouble === undefined || trouble.final) {
        for (const value of batch) if (this.#waiting[0] === value) this.#waiting.shift();
        failures = 0;
        if (trouble) {
          this.#lost += batch.length;
          this.#options.onTrouble(`${this.#address.name}: ${trouble.why}; ${batch.length === 1 ? "an alert was" : `${batch.length} alerts were`} not delivered`, 1);
        }
        continue;
      }
      failures++;
      this.#options.onTrouble(`${this.#address.name}: ${trouble.why}; ${this.#waiting.length === 1 ? "an alert waits" : `${this.#waiting.length} alerts wait`}`, failures);
      await sleep(Math.min(60_000, 1000 * 2 ** (failures - 1)), undefined, { signal: this.#closed.signal }).catch(() => undefined);
    }
  }

  #post(values: readonly unknown[]): Promise<Trouble | undefined> {
    return post(this.#address, this.#address.href, "application/json", this.#options.message(values));
  }
}

/** Answers why it was not taken. No redirect is followed. */
export async function post({ headers }: Address, href: string, type: string, body: string | Uint8Array<ArrayBuffer>): Promise<Trouble | undefined> {
  try {
    const response = await fetch(href, { method: "POST", redirect: "manual", signal: AbortSignal.timeout(ANSWER_MS), headers: { "content-type": type, "user-agent": "unpark", ...headers }, body });
    await response.body?.cancel();
    if (response.ok) return undefined;
    const { status } = response;
    return { why: `it answered ${status}`, final: status < 500 && status !== 408 && status !== 429 };
  } catch (error) {
    // The system's code alone: messages of fetch may hold the address.
    const { name, cause } = error as { name?: string; cause?: { code?: string } };
    return { why: name === "TimeoutError" ? `no answer within ${ANSWER_MS / 1000} s` : `it cannot be reached (${cause?.code ?? "no connection"})`, final: false };
  }
}

interface Trouble {
  readonly why: string;
  /** Asking again is of no use. */
  readonly final: boolean;
}

export interface Address {
  readonly href: string;
  /** What may be said of it. */
  readonly name: string;
  readonly headers: Readonly<Record<string, string>>;
}

const MOST_WAITING = 1000;
const MOST_TOGETHER = 64;
const ANSWER_MS = 10_000;

export function addressOf(text: string, token: string | undefined): Result<Address, string> {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) return err("it is no address: expected http://… or https://…"); // not repeated: it holds a secret, as a rule
  if (token !== undefined && !/^[\x21-\x7e]+$/.test(token)) return err("the token holds characters that no header can have");
  const user = url.username === "" ? undefined : decoded(`${url.username}:${url.password}`);
  const authorization = token !== undefined ? `Bearer ${token}` : user === undefined ? undefined : `Basic ${Buffer.from(user).toString("base64")}`;
  url.username = url.password = ""; // fetch takes no address that holds them
  return ok({ href: url.href, name: url.origin, headers: authorization === undefined ? {} : { authorization } });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
