import { Worker, type Transferable } from "node:worker_threads";
import { err, ok, type Result } from "../../base/result.js";
import { ROOM_FOR_A_RUN } from "../../host/guest/short-lived.js";
import type { Examination, Failure } from "../../model/results/examination.js";
import type { ExamineJob, FromWorker, HelpJob, Job, ListJob, ToWorker } from "./examine-worker.js";
import type { Progress } from "../config/progress.js";

const FILE = new URL("./examine-worker.js", import.meta.url);

export interface Listening {
  readonly output?: (stream: "stdout" | "stderr", bytes: Uint8Array) => void | Promise<void>;
  readonly progress?: (progress: Progress) => void;
}

interface Attention extends Listening {
  readonly signal?: AbortSignal;
  /** Whether help is wanted, when that changes. */
  readonly calls?: (calls: boolean) => void;
}

type Ended = Extract<FromWorker, { kind: "listed" | "examined" | "helped" }>;

/** One thread of the pool, and what is heard of it. */
export class PoolWorker {
  readonly #worker = new Worker(FILE, { resourceLimits: ROOM_FOR_A_RUN });
  readonly #unread = new Int32Array(new SharedArrayBuffer(4));
  /** It is as good as new. */
  reusable = true;
  #gone: (() => void) | undefined;

  async programs(job: ListJob): Promise<Result<readonly string[], string>> {
    const ended = await this.#attend(job, {});
    return ended.ok && ended.value.kind === "listed" ? ended.value.programs : err(ended.ok ? "it did something else" : ended.error);
  }

  /** An error: it failed, or died, in words. */
  async examine(job: Omit<ExamineJob, "unread">, attention: Attention): Promise<Result<Result<Examination, Failure>, string>> {
    const ended = await this.#attend({ ...job, unread: this.#unread.buffer }, attention);
    return ended.ok && ended.value.kind === "examined" ? ok(ended.value.result) : err(ended.ok ? "it did something else" : ended.error);
  }

  /** Until it is over; what goes wrong is noticed by whoever is helped. */
  async help(job: HelpJob): Promise<void> {
    await this.#attend(job, {}, [job.port]);
  }

  send(message: ToWorker, transfer: readonly Transferable[] = []): void {
    this.#worker.postMessage(message, transfer);
  }

  #read(bytes: number): void {
    Atomics.sub(this.#unread, 0, bytes);
    Atomics.notify(this.#unread, 0);
  }

  /** It forgets the module that it has loaded, and keeps no process alive. `gone`: it will not be there any more. */
  rest(gone: () => void): void {
    this.send({ kind: "forget" });
    this.#worker.on("error", gone).on("exit", gone).unref();
    this.#gone = gone;
  }

  resume(): void {
    if (this.#gone !== undefined) this.#worker.off("error", this.#gone).off("exit", this.#gone);
    this.#worker.ref();
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  /** Sends the job and listens until it is done, or the worker dies. */
  #attend(job: Job, attention: Attention, transfer: readonly Transferable[] = []): Promise<Result<Ended, string>> {
    return new Promise((resolve) => {
      Atomics.store(this.#unread, 0, 0);
      const end = (result: Result<Ended, string>): void => {
        stopWaiting();
        // One by one: removeAllListeners would take the Worker's own ones along, and it would never speak again.
        this.#worker.off("message", heard).off("error", died).off("exit", left);
        resolve(result);
      };
      const failed = (message: string): void => {
        this.reusable = false;
        end(err(message));
      };
      const heard = (message: FromWorker): void => {
        switch (message.kind) {
          case "listed":
          case "examined":
          case "helped":
            return end(ok(message));
          case "crashed":
            return failed(`Unpark itself failed here (please report it): ${message.message}${message.stack === undefined ? "" : `\n${message.stack}`}`);
          default:
            return this.#passOn(message, attention);
        }
      };
      const died = (error: Error): void => failed(`its worker died: ${error.message}`);
      const left = (code: number): void => failed(`its worker ended with code ${code}`);
      this.#worker.on("message", heard).on("error", died).on("exit", left);
      const stopWaiting = onInterrupt(attention.signal, () => this.#askToEnd(), () => {
        failed("interrupted in the middle of one long run");
        void this.#worker.terminate();
      });
      this.send(job, transfer);
    });
  }

  /** What it says while it works. */
  #passOn(message: Exclude<FromWorker, Ended | { readonly kind: "crashed" }>, { output, progress, calls }: Attention): void {
    switch (message.kind) {
      case "output":
        return void Promise.resolve(output?.(message.stream, message.bytes)).then(() => this.#read(message.bytes.length));
      case "progress":
        return progress?.(message.progress);
      case "call":
      case "dismiss":
        return calls?.(message.kind === "call");
    }
  }

  #askToEnd(): void {
    this.#read(NEVER_FULL); // it may be waiting for a reader
    this.send({ kind: "end" });
  }
}

/** What to do at an interrupt, and what where the job is not over a moment later; answers what forgets both. */
function onInterrupt(signal: AbortSignal | undefined, ask: () => void, giveUp: () => void): () => void {
  let patience: NodeJS.Timeout | undefined;
  const abort = (): void => {
    ask();
    // In the middle of one long run it hears nothing: whoever interrupts waits for no more than a second.
    patience = setTimeout(giveUp, INTERRUPT_MS);
  };
  signal?.addEventListener("abort", abort);
  return () => {
    signal?.removeEventListener("abort", abort);
    clearTimeout(patience);
  };
}

const NEVER_FULL = 1 << 30;
/** Milliseconds until a thread that does not answer an interrupt is ended. */
const INTERRUPT_MS = 800;
