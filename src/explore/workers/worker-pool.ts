import { receiveMessageOnPort, type MessagePort } from "node:worker_threads";
import { systemWallClock } from "../../base/wall-clock.js";
import type { ChoicePairs } from "../choice-pairs.js";
import type { StatsDelta } from "../finding-accumulator.js";
import type { SharedCounters } from "./shared-counters.js";
import type { WorkQueue, Subtree } from "./work-queue.js";
import type { FromHelper, WorkerConfig, SubtreeResult, ToHelper } from "./worker-messages.js";

/** Where helpers come from: the caller's business (the pool of the pipeline; threads of their own in tests). */
export interface WorkerSource {
  /** Called at most once, when there is enough to do. `join` is called with a port to each helper that comes, at any time. */
  call(join: (port: MessagePort) => void): void;
  /** There is nothing more to do. */
  dismiss(): void;
  /** What the helpers' judges have to know. Plain data. */
  readonly context?: unknown;
}

/** What is explored, and what came of its parts. */
export interface ParallelRound {
  readonly subtrees: WorkQueue;
  explored(part: SubtreeResult): void;
}

interface Member {
  readonly port: MessagePort;
  subtree: Subtree | undefined;
  /** Its program is loaded. */
  ready: boolean;
  readonly closed: () => void;
}

/**
 * Milliseconds that helpers get to end their current run once all is over: far more than any but a very long run takes,
 * on a busy machine too, for what is not heard is missing from the counts. Of the real clock: threads know no other.
 */
const GRACE = 2_000;

/** What becomes of what helpers say. */
export interface Heard<T> {
  readonly account: (account: StatsDelta<T>) => void;
  readonly pairs: ChoicePairs | undefined;
}

/**
 * The helpers of one exploration, as the lead sees them: gives them work, and takes in what they say between two of its
 * own runs.
 *
 * K1. A helper's messages arrive in order: what it demanded is heard before it says that it is done.
 * K2. What a helper took along when it died is known to be lost, and said.
 */
export class WorkerPool<T> {
  readonly #counters: SharedCounters;
  readonly #config: Omit<WorkerConfig, "seed">;
  readonly #members: Member[] = [];
  readonly #heard: Heard<T>;
  /** What the hosts of its programs say (Program.limits). */
  readonly limits = new Set<string>();
  /** One of them says that not every choice was there (Program.isRefuted). */
  isRefuted = false;
  #seed: number;
  #round: ParallelRound | undefined;
  #lost: string | undefined;

  constructor(board: SharedCounters, orders: Omit<WorkerConfig, "seed">, seed: number, heard: Heard<T>) {
    this.#counters = board;
    this.#config = orders;
    this.#seed = seed;
    this.#heard = heard;
  }

  get size(): number {
    return this.#members.length;
  }

  /** From now on it works on this; no helper is at work on the last one any more. */
  begin(round: ParallelRound): void {
    this.#round = round;
  }

  get busy(): boolean {
    return this.#members.some(({ subtree }) => subtree);
  }

  /** Why not everything will have been tried. */
  get lost(): string | undefined {
    return this.#lost;
  }

  join(port: MessagePort): void {
    const member: Member = { port, subtree: undefined, ready: false, closed: () => this.#gone(member, "it ended") };
    this.#members.push(member);
    // Comes only after all messages were read; to read from a closed port would crash Node 20.
    port.on("close", member.closed);
    this.#send(member, { kind: "orders", orders: { ...this.#config, seed: (this.#seed += 2) } });
  }

  /** Hears what there is to hear, and gives out what waits. */
  serviceMessages(leadIdles = false): void {
    if (this.#counters.hasMail()) for (const member of [...this.#members]) this.#listen(member);
    this.#assign(leadIdles);
  }

  #listen(member: Member): void {
    while (this.#members.includes(member)) {
      const received = receiveMessageOnPort(member.port);
      if (!received) return;
      this.#hear(member, received.message as FromHelper);
    }
  }

  /** No more runs. What the helpers have found is still heard; those in the middle of a very long run are left alone. */
  async end(): Promise<void> {
    this.#counters.end();
    const late = systemWallClock.now() + GRACE;
    for (this.serviceMessages(); this.busy && systemWallClock.now() < late; this.serviceMessages()) {
      this.#counters.awaitMail(10);
      await systemWallClock.turn();
    }
    for (const member of this.#members.splice(0)) {
      this.#send(member, { kind: "over" });
      member.port.off("close", member.closed);
      member.port.close();
    }
  }

  #assign(leadIdles: boolean): void {
    let idle = leadIdles ? 1 : 0;
    for (const member of this.#members) {
      if (!member.ready || member.subtree) continue;
      const next = this.#counters.over ? undefined : this.#round?.subtrees.take();
      if (next) {
        member.subtree = next;
        this.#send(member, { kind: "job", job: next.job });
      } else idle++;
    }
    if (idle > 0 || this.#counters.idle > 0) this.#counters.idle = idle;
  }

  #hear(member: Member, message: FromHelper): void {
    switch (message.kind) {
      case "ready":
        member.ready = true;
        return;
      case "split":
        return this.#round!.subtrees.split(member.subtree!, message.nodes);
      case "demand":
        return this.#round!.subtrees.demand(member.subtree!, message.demand);
      case "found":
        return this.#count(message);
      case "done":
        this.#count(message);
        return this.#done(member, message.part);
      case "left":
        if (member.subtree) this.#round!.subtrees.putBack(member.subtree); // it was on its way when the helper left
        return this.#part(member);
      case "failed":
        return this.#gone(member, message.error);
    }
  }

  #count({ account, pairs = [] }: Extract<FromHelper, { kind: "found" | "done" }>): void {
    this.#heard.account(account as StatsDelta<T>); // helpers judge as the lead does: they are the same program's
    this.#heard.pairs?.add(pairs);
  }

  #done(member: Member, part: SubtreeResult): void {
    this.#round!.explored(part);
    for (const limit of part.limits) this.limits.add(limit);
    if (part.isRefuted) this.isRefuted = true;
    if (part.exhausted) this.#round!.subtrees.done(member.subtree!);
    member.subtree = undefined;
  }

  #gone(member: Member, why: string): void {
    if (!this.#members.includes(member)) return;
    this.#part(member);
    if (!member.subtree) return;
    this.#lost ??= `one of its workers failed (${why}): what that one was exploring was not finished`;
    this.#round!.subtrees.done(member.subtree);
  }

  #part(member: Member): void {
    this.#members.splice(this.#members.indexOf(member), 1);
    member.port.off("close", member.closed);
    member.port.close();
  }

  #send({ port }: Member, message: ToHelper): void {
    port.postMessage(message);
  }
}
