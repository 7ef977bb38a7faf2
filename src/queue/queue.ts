/**
 * Where work lies that many machines share: what the rest of Unpark knows of NATS, or of a model of it in tests.
 *
 * Q1. A task that was published is kept until it is acknowledged. It is leased by one worker at a time; where that one says nothing
 *     for a lease's time, it is leased to another one.
 * Q2. All of it is at least once: a task may be done twice, an answer may come twice, and in any order. Whoever publishes tasks
 *     takes the first answer to each, and only that.
 * Q3. An object is found by its content's hash, so that it is put once, and two machines mean the same by it.
 * Q4. While the queue cannot be reached nothing fails: what is asked waits until it is there again, or the queue is closed.
 */
export interface Queue {
  /** Without secrets, for people. */
  readonly name: string;
  publish(task: Task): Promise<void>;
  /** The next task for workers of this version; undefined: none came within some seconds. */
  lease(): Promise<Lease | undefined>;
  answer(answer: Answer): Promise<void>;
  /** Calls for each answer to a session, until it is forgotten. An answer stays until `heard` has returned. */
  answers(session: string, heard: (answer: Answer) => void): Promise<void>;
  /** Its tasks that nobody has leased, of one program or all, are not wanted any more. */
  withdraw(session: string, program?: string): Promise<void>;
  /** Nothing of the session is left. */
  forget(session: string): Promise<void>;
  /** False: it lies there already. */
  put(hash: string, bytes: () => Uint8Array): Promise<boolean>;
  get(hash: string): Promise<Uint8Array | undefined>;
  /** To all who are there now; lost for those who are not. */
  tell(news: News): void;
  onNews(heard: (news: News) => void): void;
  /** Bytes sent and received so far. */
  traffic(): { readonly sent: number; readonly received: number };
  close(): Promise<void>;
}

/** Bytes for a worker to make something of. `id` is unique within the session. */
export interface Task {
  readonly session: string;
  /** Of which program it is a part, as one word. */
  readonly program: string;
  readonly id: string;
  readonly body: Uint8Array;
}

export interface Lease {
  readonly task: Task;
  /** It was leased so many times, this one included. */
  readonly times: number;
  /** Still at it: the lease begins again. */
  renew(): void;
  /** Done: an answer is there. */
  ack(): Promise<void>;
  /** Somebody else may try, after so many milliseconds. */
  giveBack(after: number): void;
}

export interface Answer {
  readonly session: string;
  /** The task's. */
  readonly id: string;
  readonly body: Uint8Array;
}

/** What sessions and workers let each other know. */
export type News =
  /** A worker with so many threads, each second. `version`: Unpark's own. */
  | { readonly kind: "worker"; readonly worker: string; readonly host: string; readonly threads: number; readonly version: string; readonly shown: string }
  /** A session with work, each second. */
  | { readonly kind: "session"; readonly session: string; readonly host: string; readonly version: string; readonly shown: string }
  /** A worker ends. */
  | { readonly kind: "gone"; readonly worker: string }
  /** A program's tasks are to come to an end soon; without one: the session's. */
  | { readonly kind: "end"; readonly session: string; readonly program?: string };

/** Milliseconds after which a lease that was not renewed is over. */
export const LEASE_MS = 10_000;
/** Milliseconds between two signs of life, and after how many without one somebody is gone. */
export const BEAT_MS = 1_000;
export const GONE_MS = 5_000;
