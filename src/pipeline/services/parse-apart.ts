import { Worker } from "node:worker_threads";
import { err, type Result } from "../../base/result.js";
import { CollectError, type CollectOptions } from "../../collect/collected.js";
import { MemoryBudget } from "../../parse/memory.js";
import { AnyParser } from "../../parse/parse.js";
import type { InputOrigin, Parsed, ParseFailure } from "../../parse/result.js";
import { unpacked, type PackedParsed } from "./packed-result.js";

/**
 * Reads what a stranger sent. Little of it at once, here; more in a thread with a memory limit of its own: so that
 * Ctrl-C is obeyed while it is read, and whatever it holds, it ends that thread and not the watch of a hundred others.
 */
export async function parseApart(chunks: AsyncIterable<Uint8Array>, origin: InputOrigin, options: Pick<CollectOptions, "signal" | "budget">): Promise<Result<Parsed, ParseFailure>> {
  const budget = new MemoryBudget(options.budget);
  const iterator = chunks[Symbol.asyncIterator]();
  const next = (): Promise<IteratorResult<Uint8Array>> => interruptible(iterator.next(), options.signal);
  const first: Uint8Array[] = [];
  let size = 0;
  try {
    while (size <= MOST_HERE) {
      const piece = await next();
      if (piece.done === true) return parseHere(first, origin, budget);
      first.push(piece.value);
      size += piece.value.length;
    }
    return await inThread(first, next, { origin, limit: budget.limit, signal: options.signal });
  } finally {
    void iterator.return?.()?.catch(() => undefined); // not waited for: a source that says nothing would hold us
  }
}

/** A tenth of a second of work at most, within the budget of memory: a thread costs as much. */
const MOST_HERE = 4 << 20;

function parseHere(chunks: readonly Uint8Array[], origin: InputOrigin, budget: MemoryBudget): Result<Parsed, ParseFailure> {
  const parser = new AnyParser(origin, budget);
  for (const chunk of chunks) parser.push(chunk);
  return parser.end();
}

interface ThreadOptions {
  readonly origin: InputOrigin;
  /** Bytes. */
  readonly limit: number;
  readonly signal: AbortSignal;
}

async function inThread(first: readonly Uint8Array[], next: () => Promise<IteratorResult<Uint8Array>>, options: ThreadOptions): Promise<Result<Parsed, ParseFailure>> {
  const { limit } = options;
  const thread = new ParserThread(options);
  // A thousand small messages and their answers would take as long as reading what is in them.
  const parcel = new Parcel(PARCEL);
  try {
    for (const piece of first) {
      const failed = await thread.giveAll(parcel.add(piece));
      if (failed) return died(failed, limit);
    }
    for (let piece = await next(); piece.done !== true; piece = await next()) {
      const failed = await thread.giveAll(parcel.add(piece.value));
      if (failed) return died(failed, limit);
    }
    const last = await thread.give(parcel.rest(), MOST_OPEN);
    if (last instanceof Error) return died(last, limit);
    const reply = await thread.give(null, 0);
    if (reply instanceof Error) return died(reply, limit);
    return reply?.kind === "parsed" ? unpacked(reply.result) : err({ kind: "broken", at: "its end", because: "it could not be read" });
  } finally {
    await thread.end();
  }
}

const PARCEL = 1 << 20;
/** One is read, the other waits. */
const MOST_OPEN = 2;

/** A thread that parses the pieces that it is given. */
class ParserThread {
  readonly #worker: Worker;
  readonly #replies = new Replies();
  readonly #signal: AbortSignal;
  /** Pieces that were given and not taken yet. */
  #open = 0;

  constructor({ origin, limit, signal }: ThreadOptions) {
    this.#signal = signal;
    this.#worker = new Worker(new URL("./parse-worker.js", import.meta.url), {
      workerData: { origin, limit },
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: Math.ceil((2 * limit) / 2 ** 20) + 64 },
    });
    this.#worker.on("message", (reply: ParseReply) => this.#replies.add(reply));
    this.#worker.on("error", (error) => this.#replies.add(error));
  }

  /** Gives it a piece (null: there is no more), and waits until it has few enough: the next is fetched while it reads. */
  async give(piece: Uint8Array | null, most: number): Promise<ParseReply | Error | undefined> {
    if (piece === null) this.#worker.postMessage(null);
    else this.#worker.postMessage(piece, [piece.buffer as ArrayBuffer]);
    let reply: ParseReply | Error | undefined;
    for (this.#open++; this.#open > most; this.#open--) {
      reply = await interruptible(this.#replies.next(), this.#signal);
      if (reply instanceof Error) return reply;
    }
    return reply;
  }

  async giveAll(pieces: Iterable<Uint8Array>): Promise<Error | undefined> {
    for (const full of pieces) {
      const reply = await this.give(full, MOST_OPEN);
      if (reply instanceof Error) return reply;
    }
    return undefined;
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }
}

/** Answers in the order of their coming, whoever asks first. */
class Replies {
  readonly #came: (ParseReply | Error)[] = [];
  #waiting: ((reply: ParseReply | Error) => void) | undefined;

  add(reply: ParseReply | Error): void {
    if (this.#waiting) this.#waiting(reply);
    else this.#came.push(reply);
    this.#waiting = undefined;
  }

  next(): Promise<ParseReply | Error> {
    const reply = this.#came.shift();
    return reply === undefined ? new Promise((resolve) => (this.#waiting = resolve)) : Promise.resolve(reply);
  }
}

/** Copies pieces together (Node reads on into the same memory); each array that it gives away is the taker's own. */
class Parcel {
  readonly #size: number;
  #bytes: Uint8Array;
  #used = 0;

  constructor(size: number) {
    this.#size = size;
    this.#bytes = new Uint8Array(size);
  }

  *add(piece: Uint8Array): Iterable<Uint8Array> {
    for (let at = 0; at < piece.length; ) {
      const part = piece.subarray(at, at + this.#size - this.#used);
      this.#bytes.set(part, this.#used);
      this.#used += part.length;
      at += part.length;
      if (this.#used < this.#size) continue;
      const full = this.#bytes;
      this.#bytes = new Uint8Array(this.#size);
      this.#used = 0;
      yield full;
    }
  }

  rest(): Uint8Array {
    return this.#bytes.slice(0, this.#used);
  }
}

export type ParseReply = { readonly kind: "taken" } | { readonly kind: "parsed"; readonly result: Result<PackedParsed, ParseFailure> };

function died(error: Error, limit: number): Result<never, ParseFailure> {
  if ((error as NodeJS.ErrnoException).code === "ERR_WORKER_OUT_OF_MEMORY") return err({ kind: "too-large", because: `what it says needs more than ${Math.floor(limit / 2 ** 20)} MiB of memory` });
  return err({ kind: "broken", at: "a place that is not known", because: error.message });
}

/** Ctrl-C ends the wait, though not what is waited for. */
function interruptible<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(new CollectError("interrupted"));
    if (signal.aborted) return stop();
    signal.addEventListener("abort", stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}
