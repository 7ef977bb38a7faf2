import type { Result } from "../../base/result.js";
import type { ExploreSettings } from "../../explore/explore-settings.js";
import type { FromHelper, SubtreeJob, WorkerConfig } from "../../explore/workers/worker-messages.js";
import type { Examination, Failure } from "../../model/results/examination.js";
import type { ModuleSpec, ProgramRef } from "../go/module-spec.js";

/** What a session and its workers say to each other, as bodies of tasks and answers (queue/codec.ts). */

/** Which program: the object that holds a PortableSpec, and the program's number in it. */
export interface ProgramAddress {
  readonly spec: string;
  readonly which: ProgramRef;
}

export type TaskBody =
  /** A part of the tree of schedules. All of it, or what can be explored in a while: then the rest comes back as nodes to share. */
  | { readonly kind: "subtree"; readonly program: ProgramAddress; readonly config: RemoteConfig; readonly job: SubtreeJob }
  /** A program from its natural schedule to its findings. */
  | { readonly kind: "program"; readonly program: ProgramAddress; readonly settings: ExploreSettings };

/** Without what only threads can share. */
export type RemoteConfig = Omit<WorkerConfig, "counters" | "seed">;

export type AnswerBody =
  /** What the helper said, in its order: splits and demands, then that it is done, with all that it found. */
  | { readonly kind: "subtree"; readonly said: readonly FromHelper[] }
  | { readonly kind: "program"; readonly result: Result<Examination, Failure> }
  /** It could not be done, on any machine that tried, in words. */
  | { readonly kind: "failed"; readonly error: string };

/** A module and how it is started, for another machine: files are objects of the queue, by hash. */
export interface PortableSpec {
  /** `wasm` and `mounts` mean nothing here. */
  readonly spec: ModuleSpec;
  readonly wasm: string;
  /** `from`: where the folder lies on the session's machine. */
  readonly mounts: readonly { readonly at: string; readonly from: string; readonly folder: string }[];
}
