import { goroutineName } from "../model/ids.js";
import type { Outcome } from "../model/run/outcome.js";
import type { Stack } from "../model/goroutine/stack.js";
import { crashOutcome } from "./guest/crash.js";
import { GuestExit } from "./guest/guest-imports.js";
import { GuestStopped } from "./guest/jumps.js";
import { exitsBefore } from "./quits.js";
import type { GoRun } from "./run/go-run.js";
import { userFrames } from "./run/go-trace-recorder.js";

/** What is asked about a guest that did not come back. */
interface EndedGuest {
  readonly run: GoRun | undefined;
  stderr(): string;
  /** Where it was when it was stopped. */
  stack(error: GuestStopped): Stack;
}

/** The outcome of what kept the guest from coming back. Throws what is a fault of the host. */
export function guestEnd(error: unknown, guest: EndedGuest): Outcome {
  const { run } = guest;
  if (error instanceof GuestStopped && run?.hasFailed === true) return { kind: "failed", cutShort: 0 };
  if (error instanceof GuestStopped && error.why === "time") return { kind: "horizon", scopeOver: run?.scopeOver ?? false, cutShort: 0, limit: "budget" };
  if (error instanceof GuestStopped) return ranAway(error, guest);
  if (error instanceof GuestExit) return crashed(crashOutcome(error.code, guest.stderr(), run?.asking()?.name), run);
  if (error instanceof RangeError) return { kind: "unsupported", what: `the host's stack overflowed: ${error.message}` };
  if (error instanceof WebAssembly.RuntimeError) return { kind: "unsupported", what: `the module trapped: ${error.message}` };
  throw error;
}

/** What ended a module before control began, in words. */
export function bootFailure(error: unknown, name: string, stderr: string): string {
  if (error instanceof GuestExit) {
    const said = stderr.trim().split("\n").slice(0, 12).join("\n");
    return `${name} ${exitsBefore(error.code)}${said ? `:\n${said}` : ""}`;
  }
  if (error instanceof WebAssembly.RuntimeError || error instanceof RangeError) return `${name} dies while it starts: ${error.message}`;
  throw error;
}

/** What goes wrong once time has passed since a test's end: natively its process may have ended by then, and the test has passed or failed. */
function crashed(outcome: Outcome, run: GoRun | undefined): Outcome {
  if (run?.isAfterTest !== true || (outcome.kind !== "panic" && outcome.kind !== "exit")) return outcome;
  return run.hasFailed ? { kind: "failed", cutShort: 0 } : { ...outcome, late: true };
}

/** The looping goroutine by name, and where it loops, where nobody else can go on who might end that; its line is that of the function, for it stands at no call. */
function ranAway(error: GuestStopped, guest: EndedGuest): Outcome {
  const { run } = guest;
  const goroutine = run?.asking()?.name ?? goroutineName("1");
  const scopeOver = run?.scopeOver ?? false;
  if (error.why === "others" || run?.othersCanGoOn === true) return { kind: "computes", goroutine, scopeOver };
  const stack = userFrames(guest.stack(error));
  // In the runtime's own code: nothing is known of who loops.
  return stack.length === 0 ? { kind: "horizon", scopeOver, cutShort: 0, limit: "budget" } : { kind: "runaway", goroutine, stack, scopeOver };
}
