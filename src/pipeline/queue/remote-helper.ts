import type { MessagePort } from "node:worker_threads";
import { SharedCounters } from "../../explore/workers/shared-counters.js";
import type { FromHelper, SubtreeJob, ToHelper, WorkerConfig } from "../../explore/workers/worker-messages.js";
import type { AnswerBody, ProgramAddress, RemoteConfig, TaskBody } from "./messages.js";

/** What it needs of a session. */
export interface Asking {
  ask(program: string, body: TaskBody): Promise<AnswerBody | undefined>;
}

/**
 * Helps a thread to explore a program as explore/workers/helper.ts does, but by whoever on the queue takes the job. To the thread it
 * is a helper as any other.
 *
 * R1. What a job came to is told in one piece, when the first answer to it is there: splits and demands in their order, then that it
 *     is done. A worker that dies, or two that do the same job, change nothing.
 * R2. A job that nobody does goes back, and nothing of it was begun; the helper then leaves.
 */
export class RemoteHelper {
  readonly #port: MessagePort;
  readonly #session: Asking;
  readonly #name: string;
  readonly #program: ProgramAddress;
  readonly #failed: (why: string) => void;
  #counters: SharedCounters | undefined;
  #config: RemoteConfig | undefined;
  #closed = false;

  /** `name`: the program's in the session. `failed` is told why a job could not be done by workers. */
  constructor(port: MessagePort, session: Asking, name: string, program: ProgramAddress, failed: (why: string) => void) {
    this.#port = port;
    this.#session = session;
    this.#name = name;
    this.#program = program;
    this.#failed = failed;
    port.on("message", (message: ToHelper) => this.#hear(message));
    port.on("close", () => (this.#closed = true));
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  #hear(message: ToHelper): void {
    if (message.kind === "orders") this.#begin(message.orders);
    else if (message.kind === "job") void this.#explore(message.job);
    else this.#port.close();
  }

  #begin({ counters, seed: _, ...config }: WorkerConfig): void {
    this.#counters = new SharedCounters(counters);
    this.#config = config;
    this.#say({ kind: "ready" });
  }

  async #explore(job: SubtreeJob): Promise<void> {
    const answer = await this.#session.ask(this.#name, { kind: "subtree", program: this.#program, config: this.#config!, job });
    if (this.#closed) return;
    if (answer?.kind === "subtree") return this.#tell(answer.said);
    if (answer?.kind === "failed") this.#failed(answer.error);
    this.#say({ kind: "left" }); // R2
    this.#closed = true;
  }

  /** R1 */
  #tell(said: readonly FromHelper[]): void {
    for (const message of said) {
      if (message.kind === "done") this.#counters!.took(message.account.counts.runs);
      this.#say(message);
    }
  }

  #say(message: FromHelper): void {
    this.#port.postMessage(message);
    this.#counters!.post();
  }
}
