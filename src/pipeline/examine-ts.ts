import type { Examination } from "../model/examination.js";
import { ControlledProgram, type ProgramOptions } from "../runtime/control/controlled-program.js";
import { DEFAULT_CLOCK, type ClockPolicy } from "../explore/gate.js";
import { examine } from "./examine.js";
import { sourceLines } from "./source-lines.js";

export interface ExamineTsOptions extends ProgramOptions {
  /** Real milliseconds. Default 2,000. */
  readonly budget?: number;
  /** At most so many schedules. */
  readonly schedules?: number;
  readonly seed?: number;
  /** `any` (default): a timer may win over work that could still run; `lazy`: only when nothing else can. */
  readonly clock?: "any" | "lazy";
  readonly signal?: AbortSignal;
  /** Where the natural schedule's output goes while it runs. */
  readonly output?: (stream: "stdout" | "stderr", bytes: Uint8Array) => void;
}

const CLOCKS: Readonly<Record<"any" | "lazy", ClockPolicy>> = { any: DEFAULT_CLOCK, lazy: { kind: "lazy" } };

/** Explores a function written on the TypeScript runtime, as `unpark test` explores a Go test. */
export function examineTs(body: () => unknown, options: ExamineTsOptions = {}): Promise<Examination> {
  const program = new ControlledProgram(body, options);
  const { budget = 2_000, schedules, seed = 1, clock = "any", signal, output, scope = "test" } = options;
  return examine(program, {
    package: "main",
    ...(scope === "test" ? { test: program.name } : {}),
    settings: { budget, workers: 1, seed, clock: CLOCKS[clock], ...(schedules === undefined ? {} : { schedules }) },
    lines: sourceLines(),
    ...(signal === undefined ? {} : { signal }),
    ...(output === undefined ? {} : { output }),
  });
}
