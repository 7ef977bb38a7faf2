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
export function outcomeFindings(scene: RunIndex, left: readonly Verdict[]): readonly Finding[] {
  const { outcome, context } = scene;
  switch (outcome.kind) {
    case "panic":
      return [{ ...ending(scene, "panics", "panic", outcome.stack, outcome.message), ...(outcome.late === true ? LATE : {}) }];
    case "failed":
      return [...failed(scene), ...cutShort(scene, left, outcome.cutShort)];
    case "exit":
      return outcome.exitCode === 0 || outcome.late === true || sameExit(scene, outcome.exitCode)
        ? []
        : [ending(scene, "flaky", "exit", [], `the program exits with code ${outcome.exitCode}; not so in the natural schedule`)];
    case "runaway": {
      if (left.includes("runaway") || scene.snapshot.goroutines.some(({ name, asksWeak }) => asksWeak === true && name === outcome.goroutine)) return [];
      return [runaway(scene, outcome)];
    }
    case "quiescent":
    case "horizon":
      return cutShort(scene, left, outcome.cutShort);
    case "deadlock":
      return left.includes("deadlock") ? [] : [ending(scene, "deadlock", context.test === undefined ? "main is blocked" : "the test is blocked", [], undefined)];
    case "skipped":
    case "computes":
    case "unsupported":
      return [];
  }
}

function runaway(scene: RunIndex, { goroutine, stack: running, milliseconds }: Extract<Outcome, { kind: "runaway" }>): Finding {
  // Without a stack it was ended between two operations: it goes round on what is always ready.
  const looks = running.length === 0 && milliseconds === undefined;
  const stack = looks ? (scene.goroutine(goroutine)?.stack ?? []) : running;
  return { ...ending(scene, "runaway", "running", stack, undefined), ...endlessLoop(stack, looks ? SPINS : spinning(milliseconds), scene.context) };
}

const LATE = { severity: "note", evidence: ["time has passed since the test's end: natively its process may have ended by then"] } as const;

const sameExit = ({ context: { natural } }: RunIndex, exitCode: number): boolean =>
  natural === undefined || (natural.kind === "exit" && natural.exitCode === exitCode);

function failed(scene: RunIndex): readonly Finding[] {
  const { context } = scene;
  // A test that fails in its natural schedule is a failed test (the examination's outcome), not a flaky one.
  if (context.natural === undefined || context.natural.kind === "failed") return [];
  const said = failedAssertion(context.output ?? "", (file, line) => lineIn(scene, file, line));
  const evidence = ["the test passes in the natural schedule and fails in this one"];
  const found = ending(scene, "flaky", "test failed", [], said?.message);
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
function cutShort(scene: RunIndex, left: readonly Verdict[], many: number): readonly Finding[] {
  // Nothing cuts short what goes on a little after a test: the process lives on.
  if (many === 0 || scene.context.test !== undefined || left.includes("cut-short") || left.includes("runaway")) return [];
  return [{ ...ending(scene, "cut-short", "still running", [], undefined), goroutines: many, evidence: ["still had work to do when the scope ended"] }];
}

function ending(scene: RunIndex, verdict: Verdict, reason: string, stack: Stack, message: string | undefined): Finding {
  const frame = stack.length > 0 ? place(stack) : { function: scene.context.test ?? "main", file: "", line: 0 };
  return {
    verdict,
    cause: "unknown",
    evidence: [],
    goroutines: 1,
    blocked: { reason, function: frame.function, file: frame.file, line: frame.line },
    stack,
    ...optional({ message, package: scene.context.package, test: scene.context.test }),
  };
}
