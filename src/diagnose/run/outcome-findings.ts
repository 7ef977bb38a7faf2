import { optional } from "../../base/optional.js";
import type { Finding, Verdict } from "../../model/finding/finding.js";
import type { Outcome } from "../../model/run/outcome.js";
import type { Stack } from "../../model/goroutine/stack.js";
import { place } from "../../model/source/blame.js";
import { endlessLoop, SPINS, spinning } from "./endless-loop.js";
import { failedAssertion } from "./failed-assertion.js";
import type { RunIndex } from "./run-index.js";
import { lineAt } from "./syntax.js";

/**
 * Findings about how the run itself ended: a panic, an assertion that failed, an exit in the middle, a goroutine that
 * spins. `left` are the verdicts that the goroutines which are left got, so that nothing is said twice.
 */
export function outcomeFindings(index: RunIndex, left: readonly Verdict[]): readonly Finding[] {
  const { outcome, context } = index;
  switch (outcome.kind) {
    case "panic":
      return [{ ...ending(index, "panics", "panic", outcome.stack, outcome.message), ...(outcome.late === true ? LATE : {}) }];
    case "failed":
      return [...failed(index), ...cutShort(index, left, outcome.cutShort)];
    case "exit":
      return outcome.exitCode === 0 || outcome.late === true || sameExit(index, outcome.exitCode)
        ? []
        : [ending(index, "flaky", "exit", [], `the program exits with code ${outcome.exitCode}; not so in the natural schedule`)];
    case "runaway": {
      if (left.includes("runaway") || index.snapshot.goroutines.some(({ name, asksWeak }) => asksWeak === true && name === outcome.goroutine)) return [];
      return [runaway(index, outcome)];
    }
    case "quiescent":
    case "horizon":
      return cutShort(index, left, outcome.cutShort);
    case "deadlock":
      return left.includes("deadlock") ? [] : [ending(index, "deadlock", context.test === undefined ? "main is blocked" : "the test is blocked", [], undefined)];
    case "skipped":
    case "computes":
    case "unsupported":
      return [];
  }
}

function runaway(index: RunIndex, { goroutine, stack: running, milliseconds }: Extract<Outcome, { kind: "runaway" }>): Finding {
  // Without a stack it was ended between two operations: it goes round on what is always ready.
  const looks = running.length === 0 && milliseconds === undefined;
  const stack = looks ? (index.goroutine(goroutine)?.stack ?? []) : running;
  return { ...ending(index, "runaway", "running", stack, undefined), ...endlessLoop(stack, looks ? SPINS : spinning(milliseconds), index.context) };
}

const LATE = { severity: "note", evidence: ["time has passed since the test's end: natively its process may have ended by then"] } as const;

const sameExit = ({ context: { natural } }: RunIndex, exitCode: number): boolean =>
  natural === undefined || (natural.kind === "exit" && natural.exitCode === exitCode);

function failed(index: RunIndex): readonly Finding[] {
  const { context } = index;
  // A test that fails in its natural schedule is a failed test (the examination's outcome), not a flaky one.
  if (context.natural === undefined || context.natural.kind === "failed") return [];
  const said = failedAssertion(context.output ?? "", (file, line) => lineIn(index, file, line));
  const evidence = ["the test passes in the natural schedule and fails in this one"];
  const found = ending(index, "flaky", "test failed", [], said?.message);
  return [{ ...found, evidence, blocked: { ...found.blocked, function: context.test ?? "", file: said?.file ?? "", line: said?.line ?? 0 } }];
}

/** The test's file is where its frames say. */
function lineIn({ trace, context }: RunIndex, base: string, line: number): string | undefined {
  for (const { acts } of trace.steps) {
    for (const { stack } of acts) {
      const frame = stack.find(({ file }) => file.endsWith(`/${base}`));
      if (frame !== undefined) return lineAt(context, { function: "", file: frame.file, line });
    }
  }
  return undefined;
}

/** Only the number is known when the host no longer lists those that were cut short. */
function cutShort(index: RunIndex, left: readonly Verdict[], many: number): readonly Finding[] {
  // Nothing cuts short what goes on a little after a test: the process lives on.
  if (many === 0 || index.context.test !== undefined || left.includes("cut-short") || left.includes("runaway")) return [];
  return [{ ...ending(index, "cut-short", "still running", [], undefined), goroutines: many, evidence: ["still had work to do when the scope ended"] }];
}

function ending(index: RunIndex, verdict: Verdict, reason: string, stack: Stack, message: string | undefined): Finding {
  const frame = stack.length > 0 ? place(stack) : { function: index.context.test ?? "main", file: "", line: 0 };
  return {
    verdict,
    cause: "unknown",
    evidence: [],
    goroutines: 1,
    blocked: { reason, function: frame.function, file: frame.file, line: frame.line },
    stack,
    ...optional({ message, package: index.context.package, test: index.context.test }),
  };
}
