import type { Outcome } from "../../model/run/outcome.js";
import type { Stack } from "../../model/goroutine/stack.js";
import { FatalError, panicText } from "../api/panic.js";
import { framesOf } from "../observe/stack-trace.js";
import type { ControlledGoroutine } from "./controlled-goroutine.js";

/** How a run ends before it has come to rest: by a panic, by what Go calls a fatal error, by what cannot be controlled. */
export class RunTermination {
  outcome: Outcome | undefined;
  /** The test's own assertion failed. */
  failed = false;
  /** The panic's place is unknown: it was raised by an operation, and where its goroutine is stopped was not captured. */
  needsPlace = false;
  #over = false;
  /** Errors of operations, and where the goroutine was stopped before each. */
  readonly #raised = new WeakMap<Error, Error | undefined>();

  /** No goroutine goes on any more. */
  get over(): boolean {
    return this.#over;
  }

  raised(member: ControlledGoroutine, error: unknown, captures: boolean): void {
    if (error instanceof Error) this.#raised.set(error, member.stoppedAt);
    if (error instanceof FatalError) this.dies(member, error, captures);
  }

  /** The run is over with this step. */
  dies(member: ControlledGoroutine, error: unknown, captures: boolean): void {
    if (this.#over) return;
    this.#over = true;
    // What an operation raised was raised where its goroutine is stopped, not where the explorer called it.
    const raised = error instanceof Error && this.#raised.has(error);
    this.needsPlace = raised && !captures;
    const stack = raised ? framesOf(this.#raised.get(error)) : error instanceof Error ? framesOf(error) : [];
    const message = (error instanceof FatalError ? "fatal error: " : "panic: ") + panicText(error);
    this.outcome = { kind: "panic", message, goroutine: member.name, stack };
  }

  /** What the program asked for cannot be: the run is over, even if the error is caught. */
  refused(member: ControlledGoroutine, error: Error, at: Error | undefined, captures: boolean): void {
    this.#raised.set(error, at);
    this.dies(member, error, captures);
  }

  runaway(member: ControlledGoroutine, stack: Stack, scopeOver: boolean, milliseconds: number): void {
    this.#over = true;
    this.outcome = { kind: "runaway", goroutine: member.name, stack, scopeOver, milliseconds };
  }

  unsupported(what: string): void {
    this.#over = true;
    this.outcome = { kind: "unsupported", what };
  }
}

/** In the form of `go test`, so that the place is read from it: `    file.ts:12: message`. */
export function failureText(error: unknown): string {
  const [frame] = error instanceof Error ? framesOf(error) : [];
  const where = frame === undefined ? "" : `${frame.file}:${frame.line}: `;
  return `    ${where}${panicText(error)}\n`;
}
