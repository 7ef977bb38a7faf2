import type { GuestMemory } from "../guest/guest-memory.js";
import type { Descriptors } from "./descriptors.js";
import type { FileNames } from "./names.js";
import type { Tree } from "./tree.js";

/** What the calls about files work on. */
export interface FileContext {
  readonly memory: GuestMemory;
  readonly tree: Tree;
  readonly names: FileNames;
  readonly descriptors: Descriptors;
  readonly stdin: Uint8Array;
  readonly output: (stream: "stdout" | "stderr", bytes: Uint8Array) => void;
}
