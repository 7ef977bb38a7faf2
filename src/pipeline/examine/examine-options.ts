import type { WallClock } from "../../base/wall-clock.js";
import type { WorkerSource } from "../../explore/workers/worker-pool.js";
import type { Program } from "../../model/run/program.js";
import type { Progress } from "../config/progress.js";
import type { ExploreSettings } from "../config/settings.js";
import type { RaceSource } from "./data-races.js";
import type { NaturalOptions } from "./natural-run.js";
import type { ExaminationTarget } from "./traced-replayer.js";

export interface ExamineOptions extends ExaminationTarget, Pick<NaturalOptions, "output" | "isFastUntraced"> {
  readonly settings: ExploreSettings;
  readonly progress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
  /** The same program, which takes for dependent what `program` takes for independent without being sure of it. */
  readonly thorough?: Program;
  /** Threads that may help, with the same program; their judges get the natural schedule's outcome as context. */
  readonly helpers?: Omit<WorkerSource, "context">;
  readonly wall?: WallClock;
  /** What of the program may be explored by itself in its place; undefined: nothing. */
  readonly subtests?: SubtestSource;
  /** Undefined: data races are not looked for (TypeScript has its own way, two-passes.ts). */
  readonly races?: RaceSource;
}

/** The subtests of a program: those that its last run has come to, and a program whose runs come to all and run none. */
export interface SubtestSource {
  readonly isFuzz: boolean;
  seen(): readonly string[];
  readonly list: Program;
}
