import type { WaitReason } from "./wait-reason.js";

/** What `go` starts. Its promise is the goroutine's life; what it resolves with is dropped, as in Go. */
export type Body = () => unknown;

/** How a goroutine ended: with what it returned, or with what it threw. */
export type GoroutineResult<T> = { readonly value: T } | { readonly error: unknown };

/** Who is told of a goroutine's end: its handle. */
export interface GoroutineEnd {
  /** Under control, when it is started. */
  named(name: string): void;
  /** False: nobody takes the error, which is a panic. */
  ended(result: GoroutineResult<unknown>): boolean;
}

/** One goroutine, as the scheduler and the dumps see it. Never handed to users: Go has no goroutine identity either. */
export class RuntimeGoroutine {
  readonly id: number;
  /** The goroutine that started it; 0 for main. */
  readonly parent: number;
  /** The name of the function it was started with. */
  readonly entry: string;
  /** `""` while it is in flight; `runnable` in the queue. */
  waitReason: WaitReason = "";
  /** Monotonic milliseconds, as of the event loop's last turn: exact enough for whole minutes. */
  waitSince = 0;
  /** Where it was started, where it waits: only while stacks are on (`setTraceback`). */
  createdAt: Error | undefined = undefined;
  stoppedAt: Error | undefined = undefined;
  /** False for code outside any goroutine, which does not say when it is over. */
  reports = true;
  labels: Readonly<Record<string, string>> | undefined = undefined;
  /** Hears of its end; missing for main, and for what a timer starts. */
  handle: GoroutineEnd | undefined = undefined;

  constructor(id: number, parent: number, entry: string) {
    this.id = id;
    this.parent = parent;
    this.entry = entry;
  }
}

/** A function's name for dumps: `main.worker` has no packages here, so the bare name, or Go's word for a literal. */
export const functionEntryName = (body: { readonly name: string }): string => (body.name === "" ? "func" : body.name);
