import type { ObjectId } from "../../model/ids.js";
import type { Body } from "../core/goroutine.js";
import type { AwaitProver, AwaitRecording } from "./await-prover.js";
import type { AwaitWatch } from "./await-watch.js";
import type { StableIds } from "./controlled-goroutine.js";
import type { GlobalsSandbox } from "./globals-sandbox.js";
import type { LateAnswers } from "./late-answers.js";
import type { LostRejections } from "./lost-rejections.js";

/** What a run is given by the program that it is a run of. */
export interface RunPlan {
  readonly name: string;
  readonly body: Body;
  /** `main`: the process ends when it returns, and what others print then is not printed. `test`: others live on. */
  readonly scope: "main" | "test";
  /** Virtual nanoseconds and steps after which a run is over. */
  readonly horizon: number;
  readonly maxSteps: number;
  /** The same for all runs of a program. */
  readonly root: StableIds;
  readonly freshObject: () => ObjectId;
  readonly sandbox: GlobalsSandbox;
  /** ProgramOptions.variables: every step depends on every other. */
  readonly sharedVariables: boolean;
  /** RunOptions.arrival. */
  readonly arrival: boolean;
  /** Record a trace. */
  readonly traced: boolean;
  /** Capture stacks: for traces, and for runs that are done again to say where each goroutine is. */
  readonly captures: boolean;
  /** ProgramOptions.onFailure. */
  readonly onFailure?: (error: unknown) => void;
  /** Ordinary async code: an await that can never go on is proved, not refused. */
  readonly prover?: AwaitProver;
  /** The run is done again to prove its awaits, and thrown away. */
  readonly proving?: AwaitRecording;
  /** Of the program: has a run of it asked the platform's threads for something, as far as it is known? */
  readonly asksThreads: { yes: boolean };
  /** Of the program. */
  readonly lateAnswers: LateAnswers;
  /** Of the program. */
  readonly rejections: LostRejections;
  /** Notes every await: for runs that are done again to say which of them is foreign. */
  readonly watch?: AwaitWatch;
}
