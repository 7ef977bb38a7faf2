import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { systemWallClock } from "../../base/wall-clock.js";
import { decode, encode } from "../../queue/codec.js";
import { BEAT_MS, GONE_MS, type News, type Queue } from "../../queue/queue.js";
import type { AnswerBody, TaskBody } from "./messages.js";

interface SessionOptions {
  /** Unpark's own version, whole and as it is shown to people. */
  readonly version: string;
  readonly shown: string;
  /** What people should know, a sentence each. */
  readonly say?: (words: string) => void;
}

interface Asked {
  readonly program: string;
  readonly body: Uint8Array;
  readonly resolve: (answer: AnswerBody | undefined) => void;
  at: number;
}

interface KnownWorker {
  readonly threads: number;
  seen: number;
}

/**
 * One command's work on a queue: asks, and takes the first answer to each question.
 *
 * A1. Each question is answered once: an answer to one that was answered, or given up, is dropped whole.
 * A2. A question that is not answered for a minute is put again: a server may have lost it.
 * A3. Where no worker shows a sign of life for a while, what was asked is given up (undefined): whoever asked does it himself.
 */
export class Session {
  readonly #queue: Queue;
  readonly #options: SessionOptions;
  readonly #id = randomUUID();
  readonly #asked = new Map<string, Asked>();
  readonly #workers = new Map<string, KnownWorker>();
  readonly #told = new Set<string>();
  #next = 0;
  #deserted = 0;
  #ticking: NodeJS.Timeout | undefined;
  /** Called when there are more or fewer threads than before. */
  onThreads: () => void = () => undefined;

  constructor(queue: Queue, options: SessionOptions) {
    this.#queue = queue;
    this.#options = options;
  }

  async open(): Promise<void> {
    this.#queue.onNews((news) => this.#hear(news));
    await this.#queue.answers(this.#id, ({ id, body }) => this.#answered(id, body));
    this.#beat();
    this.#ticking = setInterval(() => this.#tick(), BEAT_MS);
  }

  /** Threads of workers of this version that show signs of life. */
  get threads(): number {
    return [...this.#workers.values()].reduce((sum, { threads }) => sum + threads, 0);
  }

  get machines(): number {
    return this.#workers.size;
  }

  /** A word for a program, of which several questions may be a part. */
  program(): string {
    return `p${this.#next++}`;
  }

  /** Undefined: nobody answers (A3), or it was ended. */
  ask(program: string, body: TaskBody): Promise<AnswerBody | undefined> {
    const id = `t${this.#next++}`;
    const encoded = encode(body);
    return new Promise((resolve) => {
      this.#asked.set(id, { program, body: encoded, resolve, at: now() });
      void this.#queue.publish({ session: this.#id, program, id, body: encoded }).catch(() => this.#giveUp(id));
    });
  }

  /** What was asked of it and nobody has begun is withdrawn; who is at it comes to an end. Answers are heard for `patience` ms more. */
  async end(program: string, patience: number): Promise<void> {
    const open = [...this.#asked].filter(([, asked]) => asked.program === program);
    if (open.length === 0) return;
    this.#queue.tell({ kind: "end", session: this.#id, program });
    void this.#queue.withdraw(this.#id, program).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, patience));
    for (const [id] of open) this.#giveUp(id);
  }

  async close(): Promise<void> {
    clearInterval(this.#ticking);
    for (const id of [...this.#asked.keys()]) this.#giveUp(id);
    this.#queue.tell({ kind: "end", session: this.#id });
    await Promise.race([this.#queue.forget(this.#id).catch(() => undefined), new Promise((resolve) => setTimeout(resolve, LAST_WORDS))]);
  }

  #answered(id: string, body: Uint8Array): void {
    const asked = this.#asked.get(id);
    if (asked === undefined) return; // A1
    this.#asked.delete(id);
    asked.resolve(readable(body));
  }

  #giveUp(id: string): void {
    const asked = this.#asked.get(id);
    this.#asked.delete(id);
    asked?.resolve(undefined);
  }

  #hear(news: News): void {
    if (news.kind === "gone") this.#workers.delete(news.worker);
    if (news.kind === "worker" && news.version === this.#options.version) this.#workers.set(news.worker, { threads: news.threads, seen: now() });
    else if (news.kind === "worker") this.#sayOnce(`the worker on ${news.host} is of another Unpark (${news.shown}; this one is ${this.#options.shown}): it gets no work; install the same version on both`);
    if (news.kind === "worker" || news.kind === "gone") this.onThreads();
  }

  #tick(): void {
    this.#beat();
    const before = this.#workers.size;
    for (const [worker, { seen }] of this.#workers) if (now() - seen > GONE_MS) this.#workers.delete(worker);
    if (this.#workers.size !== before) this.onThreads();
    this.#deserted = this.#workers.size > 0 ? 0 : this.#deserted + BEAT_MS;
    for (const [id, asked] of this.#asked) {
      if (this.#deserted > DESERTED_MS) this.#giveUp(id); // A3
      else if (now() - asked.at > AGAIN_MS) this.#askAgain(id, asked);
    }
  }

  #askAgain(id: string, asked: Asked): void {
    asked.at = now(); // A2
    void this.#queue.publish({ session: this.#id, program: asked.program, id, body: asked.body }).catch(() => undefined);
  }

  #beat(): void {
    const { version, shown } = this.#options;
    this.#queue.tell({ kind: "session", session: this.#id, host: hostname(), version, shown });
  }

  #sayOnce(words: string): void {
    if (this.#told.has(words)) return;
    this.#told.add(words);
    this.#options.say?.(words);
  }
}

const AGAIN_MS = 60_000;
const DESERTED_MS = 30_000;
const LAST_WORDS = 3_000;

const now = (): number => systemWallClock.now();

function readable(body: Uint8Array): AnswerBody {
  try {
    return decode<AnswerBody>(body);
  } catch (error) {
    return { kind: "failed", error: `an answer cannot be read: ${(error as Error).message}` };
  }
}
