import { hostname } from "node:os";
import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { systemWallClock } from "../../base/wall-clock.js";
import { decode, encode } from "../../queue/codec.js";
import { BEAT_MS, GONE_MS, LEASE_MS, type Lease, type News, type Queue } from "../../queue/queue.js";
import type { Result } from "../../base/result.js";
import type { AnswerBody, TaskBody } from "./messages.js";

/** What does tasks: a thread, or a model in tests. */
export interface Slot {
  do(task: TaskBody, end: AbortSignal): Promise<Result<AnswerBody, string>>;
  close(): Promise<void>;
}

export interface WorkerOptions {
  readonly version: string;
  readonly shown: string;
  readonly signal: AbortSignal;
  readonly say: (words: string) => void;
  /** Called after each task. */
  readonly progress?: (done: { readonly tasks: number; readonly schedules: number; readonly busy: number }) => void;
}

/**
 * Takes tasks from a queue until `signal` says to end; then what is under way is given back.
 *
 * W1. A task is acknowledged only when its answer lies in the queue.
 * W2. A task whose session shows no sign of life waits; after ten minutes it is dropped.
 * W3. A task that could not be done is tried by others; the fifth who fails answers that.
 */
export class QueueWorker {
  readonly #queue: Queue;
  readonly #slots: readonly Slot[];
  readonly #options: WorkerOptions;
  readonly #id = randomUUID();
  readonly #began = systemWallClock.now();
  readonly #sessions = new Map<string, number>();
  readonly #ends = new Map<string, AbortController>();
  readonly #told = new Set<string>();
  #done = { tasks: 0, schedules: 0, busy: 0 };

  constructor(queue: Queue, slots: readonly Slot[], options: WorkerOptions) {
    this.#queue = queue;
    this.#slots = slots;
    this.#options = options;
  }

  async run(): Promise<void> {
    const { signal } = this.#options;
    this.#queue.onNews((news) => this.#hear(news));
    this.#beat();
    const beating = setInterval(() => this.#beat(), BEAT_MS);
    await Promise.all(this.#slots.map((slot) => this.#work(slot)));
    clearInterval(beating);
    this.#queue.tell({ kind: "gone", worker: this.#id });
    await Promise.all(this.#slots.map((slot) => slot.close()));
    if (!signal.aborted) this.#options.say("ended");
  }

  async #work(slot: Slot): Promise<void> {
    while (!this.#options.signal.aborted) {
      const lease = await this.#queue.lease();
      if (lease === undefined) continue;
      if (this.#options.signal.aborted) return lease.giveBack(0);
      if (await this.#isWanted(lease)) await this.#do(lease, slot);
    }
  }

  /** W2 */
  async #isWanted(lease: Lease): Promise<boolean> {
    const since = systemWallClock.now() - (this.#sessions.get(lease.task.session) ?? this.#began);
    if (since <= GONE_MS) return true;
    if (since > DROPPED_MS) await lease.ack();
    else lease.giveBack(ABSENT_MS);
    return false;
  }

  async #do(lease: Lease, slot: Slot): Promise<void> {
    const { task } = lease;
    const end = this.#endOf(task.session, task.program);
    const signal = AbortSignal.any([end.signal, this.#options.signal]);
    const renewing = setInterval(() => lease.renew(), LEASE_MS / 3);
    this.#done = { ...this.#done, busy: this.#done.busy + 1 };
    try {
      const body = readable(task.body);
      const result: Result<AnswerBody, string> = body === undefined ? { ok: false, error: "the task cannot be read" } : await slot.do(body, signal);
      this.#done = { ...this.#done, busy: this.#done.busy - 1 };
      if (this.#options.signal.aborted) return lease.giveBack(0);
      if (!result.ok && lease.times < TRIES && !end.signal.aborted) {
        this.#sayOnce(`a task could not be done here, and is tried again: ${result.error}`);
        await pause(RETRY_MS);
        return lease.giveBack(0);
      }
      const answer: AnswerBody = result.ok ? result.value : { kind: "failed", error: result.error };
      await this.#queue.answer({ session: task.session, id: task.id, body: encode(answer) });
      await lease.ack(); // W1
      this.#count(answer);
    } finally {
      clearInterval(renewing);
    }
  }

  #count(answer: AnswerBody): void {
    const runs = answer.kind === "subtree" ? answer.said.reduce((sum, one) => sum + (one.kind === "done" ? one.account.counts.runs : 0), 0)
      : answer.kind === "program" && answer.result.ok ? answer.result.value.coverage.schedules : 0;
    this.#done = { ...this.#done, tasks: this.#done.tasks + 1, schedules: this.#done.schedules + runs };
    this.#options.progress?.(this.#done);
  }

  #endOf(session: string, program: string): AbortController {
    const key = `${session} ${program}`;
    const end = this.#ends.get(key) ?? new AbortController();
    this.#ends.set(key, end);
    return end;
  }

  #hear(news: News): void {
    if (news.kind === "session") {
      if (news.version === this.#options.version) this.#sessions.set(news.session, systemWallClock.now());
      else this.#sayOnce(`a command on ${news.host} is of another Unpark (${news.shown}; this one is ${this.#options.shown}): nothing of it is done here; install the same version on both`);
    }
    if (news.kind !== "end") return;
    for (const [key, end] of this.#ends) if (key === `${news.session} ${news.program}` || (news.program === undefined && key.startsWith(`${news.session} `))) {
      end.abort();
      if (news.program === undefined) this.#ends.delete(key);
    }
  }

  #beat(): void {
    const { version, shown } = this.#options;
    this.#forget();
    this.#queue.tell({ kind: "worker", worker: this.#id, host: hostname(), threads: this.#slots.length, version, shown });
  }

  /** W2: what is known of sessions that are gone without a word. A worker may be there for months. */
  #forget(): void {
    const now = systemWallClock.now();
    for (const [session, seen] of this.#sessions) if (now - seen > DROPPED_MS) this.#sessions.delete(session);
    for (const key of this.#ends.keys()) if (!this.#sessions.has(key.slice(0, key.indexOf(" "))) && now - this.#began > DROPPED_MS) this.#ends.delete(key);
  }

  #sayOnce(words: string): void {
    if (this.#told.has(words)) return;
    this.#told.add(words);
    this.#options.say(words);
  }
}

const DROPPED_MS = 600_000;
const ABSENT_MS = 2_000;
const TRIES = 5;
const RETRY_MS = 200;

function readable(body: Uint8Array): TaskBody | undefined {
  try {
    return decode<TaskBody>(body);
  } catch {
    return undefined;
  }
}
