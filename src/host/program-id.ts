import type { ProgramPart } from "./guest/guest-imports.js";
import type { Steps } from "./ignored/ignored-by-program.js";

/** Which program of a module a run is one of. */
export interface ProgramId {
  /** Its number among the tests; -1: the main program. */
  readonly test: number;
  readonly part: ProgramPart;
  readonly steps: Steps;
}

/** A part of a test has first runs of its own (ignored/ignored-by-program.ts). */
export const keyOf = ({ test, part, steps }: ProgramId): string => `${test} ${steps} ${JSON.stringify(part)}`;

/** The part by other names. */
export function withNames(part: ProgramPart, change: (name: string) => string): ProgramPart {
  if (part === "whole") return part;
  if ("subtest" in part) return { subtest: change(part.subtest) };
  return { list: part.list === undefined ? undefined : change(part.list) };
}
