import type { GoModule } from "../../host/go-module.js";
import type { Mount } from "../../host/files/host-folders.js";
import { goroutineName, type GoroutineName } from "../../model/ids.js";
import type { MovedSource } from "../../model/source/moved.js";
import type { Program } from "../../model/run/program.js";

/** A built module and how it is started: plain data, so that it can be sent to a worker. */
export interface ModuleSpec {
  readonly name: string;
  readonly package: string;
  readonly kind: "main" | "tests";
  /** Path of the .wasm file. */
  readonly wasm: string;
  readonly args: readonly string[];
  readonly environment: readonly string[];
  readonly mounts: readonly Mount[];
  readonly cwd: string;
  readonly goVersion: string;
  /** What was compiled elsewhere than where it lies (toolchain/borrow). */
  readonly moved?: readonly MovedSource[];
  /** Has this Go a leak collection? */
  readonly reachability: boolean;
  /** What of the package is not there under control, each a sentence. */
  readonly limits: readonly string[];
  readonly horizon?: number;
  readonly faults?: number;
  /** Mebibytes that its memory may grow to. */
  readonly memoryLimit?: number;
  readonly testsOnly?: boolean;
  /** Path of the program that reads syntax trees (toolchain/go/syntax-tool.ts), where it could be built. */
  readonly syntaxTool?: string;
}

/** One of a module's programs: its number (a main's is -1), or a subtest of that one, by its full name. */
export interface ProgramRef {
  readonly index: number;
  readonly subtest?: string;
  /** Every step of the standard library's is a choice: for schedules that were found so (model/run/schedule.ts). */
  readonly everyStep?: true;
}

/** The `position`-th of a module's programs: a main's number is -1. */
export const programRef = (spec: ModuleSpec, position: number): ProgramRef => ({ index: spec.kind === "main" ? -1 : position });

/** What a report calls `name` among a module's programs: one of them, or a subtest of one. */
export function programCalled(programs: readonly string[], name: string): ProgramRef | undefined {
  const index = programs.indexOf(name);
  if (index >= 0) return { index };
  const above = programs.findIndex((one) => name.startsWith(`${one}/`));
  return above < 0 ? undefined : { index: above, subtest: name };
}

export const programOf = (module: GoModule, { index, subtest, everyStep }: ProgramRef): Program =>
  module.program(index, subtest === undefined ? "whole" : { subtest }, everyStep ? "every" : "noticed");

export const isFuzzTarget = (test: string): boolean => /^(?:[^./]+_test\.)?Fuzz/.test(test);

/** The goroutine that is a program's scope, where that is not the first that package testing starts: an example is run by main's own. */
export const scopeOf = (test: string | undefined): GoroutineName | undefined => (test !== undefined && /^(?:[^./]+_test\.)?Example/.test(test) ? goroutineName("1") : undefined);
