import { findings } from "../diagnose/run/findings.js";
import { NO_TRACE } from "../diagnose/run/run-index.js";
import type { Snapshot } from "../model/goroutine/snapshot.js";
import { GoroutinesLeft, verifyNone as verify, type Baseline, type LeftoverOptions } from "../runtime/observe/leftovers.js";
import { callSite, currentTest, fileOf } from "./call-site.js";
import { sourceLines } from "../pipeline/examine/source-lines.js";
import { runnerRequest, writeExamination, type RunnerRequest } from "../pipeline/typescript/runner-protocol.js";

export { baseline, GoroutinesLeft, type Baseline, type LeftoverOptions as VerifyOptions } from "../runtime/observe/leftovers.js";

/**
 * For tests that are not explored: every goroutine has ended, or is given time to. Under
 * `unpark test` who is left is told to that command, too.
 *
 * @param options whom to leave out, and how many milliseconds to wait.
 * @throws GoroutinesLeft, which lists those that are left.
 * @example
 * go(() => new Chan<void>().recv());
 * await assert.rejects(leak.verifyNone(), /1 goroutine is left over/);
 */
export function verifyNone(options: LeftoverOptions & { readonly since?: Baseline } = {}): Promise<void> {
  const by = runnerRequest();
  if (by === undefined) return verify(options);
  const site = callSite(verifyNone);
  const file = fileOf(site, by.cwd);
  const name = currentTest(site) ?? (site === undefined ? "verifyNone" : `${file}:${site.line}`);
  const wait = verify(options);
  if (by.replay !== undefined) return wait;
  wait.then(
    () => tellLeft(by, name, file, []),
    (error: unknown) => tellLeft(by, name, file, error instanceof GoroutinesLeft ? error.goroutines : []),
  );
  return wait;
}

function tellLeft(by: RunnerRequest, name: string, file: string, goroutines: Snapshot["goroutines"]): void {
  const snapshot: Snapshot = { provenance: { source: file, how: "run" }, goroutines, losses: [] };
  const left = findings(NO_TRACE, snapshot, { kind: "quiescent", exitCode: 0, cutShort: 0 }, { package: file, test: name, closedWorld: false, lines: sourceLines() });
  const coverage = { schedules: 1, complete: false, bounds: [], depth: 0, milliseconds: 0, native: true as const };
  writeExamination(by, { name, package: file, coverage, outcome: "passed", findings: left, limits: [] });
}
