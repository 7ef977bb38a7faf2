import type { WatchEvent } from "../../model/results/watching.js";
import { Saver } from "../../watch/saver.js";
import { StoreError } from "../../watch/store-error.js";
import type { Look, StoredGroup } from "../../watch/store.js";
import type { WatchOptions } from "./watch-options.js";

const PRUNE_MS = 60_000;
const HOUR = 3_600_000;
const MOST_STACKS = 50_000;

/** A watch's way to its store: says of each look that it is kept, and of the store when it does not work, and when it does again. */
export class Keeper {
  readonly #options: WatchOptions;
  readonly #saver: Saver;
  readonly #started: { readonly wall: number; readonly steady: number };
  /** Of which groups a stack went to the store, and in which hour. */
  readonly #stacks = new Map<string, number>();
  #failures = 0;
  #dropped = 0;
  #pruned = -Infinity;
  #packing: Promise<void> | undefined;

  constructor(options: WatchOptions) {
    this.#options = options;
    this.#started = { wall: this.#now(), steady: performance.now() };
    this.#saver = new Saver(options.store, {
      onSaved: ({ scrape: { target, at, total, counts } }) => {
        if (this.#failures > 0) this.#tell({ kind: "saved-again", at: this.#now(), afterFailures: this.#failures });
        this.#failures = 0;
        this.#tell({ kind: "scraped", target, at, goroutines: total, groups: counts.size });
      },
      onTrouble: ({ error, waiting, dropped }) => {
        this.#failures++;
        this.#dropped = dropped;
        this.#tell({ kind: "unsaved", at: this.#now(), error, waiting, dropped, inARow: this.#failures });
      },
    }, options.signal);
  }

  get unsaved(): number {
    return this.#saver.waiting + this.#dropped;
  }

  keep = ({ scrape, groups }: Look): Promise<void> => this.#saver.save({ scrape, groups: groups.map((group) => this.#lighter(group, Math.floor(scrape.at / HOUR))) });

  /** A store wants a group's stack once an hour; looks that wait for one would fill the memory with stacks. */
  #lighter(group: StoredGroup, hour: number): StoredGroup {
    if (this.#stacks.size > MOST_STACKS) this.#stacks.clear();
    const { stack, ...rest } = group;
    if (stack === undefined || this.#stacks.get(group.fingerprint) === hour) return rest;
    this.#stacks.set(group.fingerprint, hour);
    return group;
  }

  /** Of a clock that was set forward by mistake the store would be emptied: what is old is old by both clocks. Once a minute, whoever asks. */
  async tidy(): Promise<void> {
    const now = performance.now();
    if (now - this.#pruned < PRUNE_MS) return;
    this.#pruned = now;
    const steady = this.#started.wall + (now - this.#started.steady);
    const { store, keepMs } = this.#options;
    const at = Math.floor(Math.min(this.#now(), steady));
    await this.#saver.also(() => store.prune(at - keepMs));
    // Beside what the saver does: looks need not wait for it. Those of the last minute may be under way still.
    this.#packing ??= store.pack?.(at - PRUNE_MS).then(() => undefined, (error: unknown) => this.trouble(error)).finally(() => (this.#packing = undefined));
  }

  /** What the store says to something other than a look. */
  trouble(error: unknown): void {
    if (!(error instanceof StoreError)) throw error;
    this.#failures++;
    this.#tell({ kind: "unsaved", at: this.#now(), error: error.message, waiting: this.#saver.waiting, dropped: this.#dropped, inARow: this.#failures });
  }

  /** One more attempt for what still waits. */
  async end(): Promise<void> {
    await this.#packing;
    if (this.#saver.waiting > 0) await this.#saver.flush();
  }

  #now = (): number => Number(this.#options.now() / 1_000_000n);

  #tell(event: WatchEvent): void {
    this.#options.onEvent(event);
  }
}
