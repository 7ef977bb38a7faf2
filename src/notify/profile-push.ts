import { err, ok, type Result } from "../base/result.js";
import { type Address, addressOf, post, type WebhookOptions } from "./webhook.js";

/** A goroutine profile (pprof) of one service at one moment. */
interface PushedProfile {
  readonly service: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly profile: Uint8Array;
}

/**
 * Pushes profiles to a Pyroscope (POST /ingest?format=pprof, which Grafana Alloy and Pyroscopes of before take, too), one after the other. They are many, and
 * old ones are worth little: one that is not taken is told of and left out, and of those that wait the oldest is.
 */
export class ProfilePush {
  readonly #address: Address;
  readonly #onTrouble: WebhookOptions["onTrouble"];
  #waiting: PushedProfile[] = [];
  #sending: Promise<void> | undefined;
  #lost = 0;
  #failures = 0;
  #isClosed = false;

  private constructor(address: Address, onTrouble: WebhookOptions["onTrouble"]) {
    this.#address = address;
    this.#onTrouble = onTrouble;
  }

  static to({ url, token, onTrouble }: Pick<WebhookOptions, "url" | "token" | "onTrouble">): Result<ProfilePush, string> {
    const address = addressOf(url, token);
    return address.ok ? ok(new ProfilePush(address.value, onTrouble)) : err(address.error);
  }

  send(profile: PushedProfile): void {
    this.#waiting.push(profile);
    while (this.#waiting.length > MOST_WAITING) {
      this.#waiting.shift();
      this.#lost++;
    }
    this.#sending ??= this.#sendAll().finally(() => (this.#sending = undefined));
  }

  /** What waits goes out first, until one is not taken; answers how many never were. */
  async close(): Promise<number> {
    this.#isClosed = true;
    await this.#sending;
    return this.#lost;
  }

  async #sendAll(): Promise<void> {
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      const trouble = await post(this.#address, ingestAddress(this.#address.href, next), "application/octet-stream", Uint8Array.from(next.profile));
      if (trouble === undefined) {
        this.#failures = 0;
        continue;
      }
      this.#lost++;
      if (this.#isClosed) this.#lost += this.#waiting.splice(0).length;
      this.#onTrouble(`${this.#address.name}: ${trouble.why}; a profile was not delivered`, ++this.#failures);
    }
  }
}

const MOST_WAITING = 200;

function ingestAddress(base: string, { service, labels, at }: PushedProfile): string {
  const url = new URL(base);
  if (!url.pathname.endsWith("/ingest")) url.pathname = `${url.pathname.replace(/\/$/, "")}/ingest`;
  const pairs = Object.entries(labels).filter(([name, value]) => /^[a-zA-Z_]\w*$/.test(name) && value !== "").map(([name, value]) => `${name}=${plain(value)}`);
  const second = Math.floor(at / 1000);
  for (const [name, value] of [["name", `${plain(service)}{${pairs.join(",")}}`], ["from", second], ["until", second + 1], ["format", "pprof"], ["spyName", "unpark"]] as const) url.searchParams.set(name, String(value));
  return url.href;
}

/** What a name with labels is read by has no quotes: `service{pod=a,target=b}`. */
const plain = (text: string): string => text.replace(/[\s,={}"\p{C}]/gu, "_");
