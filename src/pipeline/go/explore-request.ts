import type { BuildProgress } from "../../toolchain/go/build.js";
import type { Examination } from "../../model/results/examination.js";
import type { KeptThreads } from "../pool/kept-threads.js";
import type { ResultCache } from "../results/result-cache.js";
import type { ExploreSettings } from "../../explore/explore-settings.js";
import type { PackageOverride } from "../config/package-match.js";
import type { Skip } from "../config/config.js";
import type { Progress } from "../config/progress.js";
import type { TestSelection } from "./test-selection.js";
import type { TotalTime } from "./total-time.js";

/** What `unpark run` and `unpark test` are asked for. */
export interface ExploreRequest extends TestSelection {
  readonly command: "run" | "test";
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Package patterns, or Go files. */
  readonly patterns: readonly string[];
  readonly args: readonly string[];
  readonly tags?: string;
  /** go test's flags of which the native run alone has a use: `-race`, `-timeout=60s`. */
  readonly nativeFlags?: readonly string[];
  /** The Go that a recorded schedule was made with; by default the one that `go` chooses. */
  readonly goVersion?: string;
  /** As given, for the report: `10m`. */
  readonly horizonText?: string;
  readonly settings: ExploreSettings;
  /** Where some packages have others (`.unpark.yaml`). */
  readonly overrides?: readonly PackageOverride[];
  /** Tests that are not explored, with reasons. */
  readonly skips?: readonly Skip[];
  readonly unparkVersion: string;
  readonly signal?: AbortSignal;
  /** Of a process that explores more than once. */
  readonly threads?: KeptThreads;
  /** Bounds the whole command; its end comes with `signal`. */
  readonly total?: { readonly time: TotalTime; readonly text: string; readonly ended: AbortSignal; /** By the user. */ readonly interrupted?: AbortSignal };
  /** Ended at the first finding; its end comes with `signal`. */
  readonly failFast?: { readonly ended: AbortSignal };
  /** A queue of work that other machines share (pipeline/queue/). */
  readonly queue?: QueueRequest;
  /** Results of earlier runs; undefined: everything is explored anew. */
  readonly results?: ResultUse;
}

export interface QueueRequest {
  /** `nats://…` */
  readonly url: string;
  /** What people should know while it goes on, a sentence each. */
  readonly say: (words: string) => void;
}

/** `further`: what is not complete is explored on, with random numbers that were not used before. */
export interface ResultUse {
  readonly cache: ResultCache;
  readonly further: boolean;
}

/** Who listens while it goes on. */
export interface Listener {
  readonly output?: (stream: "stdout" | "stderr", bytes: Uint8Array) => void | Promise<void>;
  readonly building?: (event: BuildProgress) => void;
  readonly progress?: (progress: Progress) => void;
  /** There are so many more programs to be done than was said before; fewer, where it is negative. */
  readonly planned?: (more: number) => void;
  /** A program is done. */
  readonly examined?: (examination: Examination) => void;
}
