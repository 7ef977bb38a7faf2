import type { Examination } from "../../model/results/examination.js";
import type { Finding } from "../../model/finding/finding.js";
import type { FixMiss, FixProof, PatchedFile } from "../../model/results/fix.js";

/** What came of one patch. */
export type Trial = { readonly proof: FixProof } | { readonly miss: FixMiss };

/** A finding that a patch must mend, with the program that showed it. */
export interface FixTarget {
  readonly program: Examination;
  readonly finding: Finding;
}

/** One blocked line, in whichever programs it was found. */
export type Defect = readonly FixTarget[];

/** Tries patches, of one language: the same programs with it, under the same bounds, then what runs natively. */
export interface Prover {
  try(files: readonly PatchedFile[], targets: readonly FixTarget[]): Promise<Trial>;
}

/** Milliseconds of the first look. */
export const QUICK = 1_000;
const MORE_TIME = 5;
/** Runs for each schedule that is wanted, and for all of them where before there was time for few. */
const RUNS = 4;
export const LEAST_RUNS = 200;

/** P2 (fix/compare.ts): with the patch there may be more schedules than without, so there is more time for them. The limit counts runs that turn out to be repetitions, too. */
export function moreOf(budget: number, { coverage }: Examination): { readonly budget: number; readonly schedules?: number } {
  const time = Math.max(budget, coverage.milliseconds) * MORE_TIME;
  return coverage.complete ? { budget: time } : { budget: time, schedules: Math.max(coverage.schedules * RUNS, LEAST_RUNS) };
}
