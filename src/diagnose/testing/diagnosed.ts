import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import type { Finding } from "../../model/finding/finding.js";
import type { Outcome } from "../../model/run/outcome.js";
import type { FileSyntax } from "../../model/source/syntax.js";
import type { DiagnosisContext } from "../run/diagnosis-context.js";
import { findings } from "../run/findings.js";
import { picture } from "./run-picture.js";

export interface DiagnosisCase {
  readonly name: string;
  /** As in run-picture.ts. */
  readonly run: string;
  /** As `said` prints it. */
  readonly want: readonly string[];
  /** Sentences of the first finding's evidence. */
  readonly evidence?: readonly string[];
  readonly outcome?: Outcome;
  readonly context?: Partial<DiagnosisContext>;
}

export const QUIET: Outcome = { kind: "quiescent", exitCode: 0, cutShort: 0 };
const MAIN: DiagnosisContext = { closedWorld: true, lines: () => undefined };

/** The findings of a run that is written as text. */
export function diagnosed(text: string, outcome: Outcome = QUIET, context: Partial<DiagnosisContext> = {}): readonly Finding[] {
  const { trace, snapshot } = picture(text);
  return findings(trace, snapshot, outcome, { ...MAIN, ...context });
}

/** A line for each finding: its verdict, its cause, its goroutines, and how many are blocked because of it. */
export const said = (found: readonly Finding[]): string[] => found.map((f) => `${f.verdict} ${f.cause} x${f.goroutines}${f.consequences ? ` so x${f.consequences.reduce((sum, one) => sum + one.goroutines, 0)}` : ""}`);

/** A test for each case: its findings, and the first one's evidence where the case names it. */
export function causesAre(cases: readonly DiagnosisCase[]): void {
  for (const { name, run, want, evidence, outcome, context } of cases) {
    void test(`cause: ${name}`, () => {
      const found = diagnosed(run, outcome, context);
      assert.deepEqual(said(found), want);
      if (evidence) assert.deepEqual(found[0]!.evidence, evidence);
    });
  }
}

/** `source` is the file of every frame, read by the user's Go. */
export function goSource(source: string): Pick<DiagnosisContext, "lines" | "syntax"> {
  let syntax: FileSyntax | undefined;
  return { lines: () => source.split("\n"), syntax: () => (syntax ??= syntaxOf(source)) };
}

/** Where go/syntax was built, once a rule has asked, and how many files have been written there. */
let folder: string | undefined;
let files = 0;

function syntaxOf(source: string): FileSyntax {
  folder ??= builtSyntax();
  const file = join(folder, `source${files++}.go`);
  writeFileSync(file, source);
  return JSON.parse(spawnSync(join(folder, "syntax"), [file], { encoding: "utf8" }).stdout) as FileSyntax;
}

function builtSyntax(): string {
  const built = mkdtempSync(join(tmpdir(), "unpark-syntax-"));
  process.once("exit", () => rmSync(built, { recursive: true, force: true }));
  const { status, stderr } = spawnSync("go", ["build", "-o", join(built, "syntax"), "."], { cwd: fileURLToPath(new URL("../../../../go/syntax", import.meta.url)), encoding: "utf8" });
  assert.equal(status, 0, stderr);
  return built;
}
