import type { GoroutineName, Nanos } from "../ids.js";
import type { Stack } from "../goroutine/stack.js";

/** How a run ended. Leaks are no part of it: they are found in the snapshot of a run that came to rest. */
export type Outcome =
  /** The scope is over, and nothing can go on. `cutShort`: goroutines that still had work when main returned. */
  | { readonly kind: "quiescent"; readonly exitCode: number; readonly cutShort: number }
  /** The scope itself is blocked for ever. */
  | { readonly kind: "deadlock" }
  /**
   * Virtual time passed the horizon, or steps their limit, with goroutines still going; or main waits for what comes from
   * outside (a connection, a signal) and does not come here; or it waits for the collector (a finalizer, a cleanup), which does not come in a run. `scopeOver`: had main returned? `timeout`: go test ends a test after so much time (RunOptions.timeout). `budget`: there was no more real time for
   * this run, which says nothing about the program. `watched`: for how long after
   * that (virtual time), where the host says so.
   */
  | { readonly kind: "horizon"; readonly scopeOver: boolean; readonly cutShort: number; readonly limit?: "time" | "timeout" | "steps" | "outside" | "collector" | "budget"; readonly watched?: Nanos }
  /**
   * A goroutine goes on for ever without an operation that others could notice. `milliseconds`: where that is not known by
   * counting, but by so much real time.
   */
  | { readonly kind: "runaway"; readonly goroutine: GoroutineName; readonly stack: Stack; readonly scopeOver: boolean; readonly milliseconds?: number }
  /**
   * A goroutine computes on and on while others, or the clock, could go on: it may wait for plain memory that they would change (the
   * len of a channel, a variable), and nothing here can take it from the processor. Says nothing about the program.
   */
  | { readonly kind: "computes"; readonly goroutine: GoroutineName; readonly scopeOver: boolean }
  /** An unrecovered panic or a fatal error of the runtime, with the runtime's own words. `late`: time has passed since the test was over. */
  | { readonly kind: "panic"; readonly message: string; readonly goroutine?: GoroutineName; readonly stack: Stack; readonly late?: true }
  /** os.Exit, log.Fatal: the process ended in the middle. `late`: as of a panic. */
  | { readonly kind: "exit"; readonly exitCode: number; readonly late?: true }
  /** A test failed by its own assertion, or was skipped; the world came to rest. */
  | { readonly kind: "failed"; readonly cutShort: number }
  | { readonly kind: "skipped" }
  /** The run could not be carried on: memory limit, an unsupported call. `what` is a sentence. */
  | { readonly kind: "unsupported"; readonly what: string };

/** Outcomes that leave goroutines behind which could have gone on. */
const ABRUPT: ReadonlySet<Outcome["kind"]> = new Set(["panic", "exit", "runaway", "computes", "unsupported"]);

export const endedAbruptly = (outcome: Outcome | undefined): boolean => outcome !== undefined && ABRUPT.has(outcome.kind);

/** Outcomes after which the snapshot may hold leaks. */
export const cameToRest = (outcome: Outcome): boolean =>
  outcome.kind === "quiescent" || outcome.kind === "deadlock" || outcome.kind === "failed" || (outcome.kind === "horizon" && outcome.limit !== "budget") ||
  outcome.kind === "skipped" || outcome.kind === "runaway";
