import type { Cause } from "../../model/finding/cause.js";
import type { Goroutine } from "../../model/goroutine/snapshot.js";
import type { RunIndex } from "./run-index.js";

/** One cause that diagnosis knows: a file of its own in `rules/`, and a line in `rules.ts`. */
export interface Rule {
  readonly code: Cause;
  /** One sentence: when it applies. */
  readonly doc: string;
  /** Facts, each a sentence, that show it for this blocked goroutine; undefined where they are not all there. */
  run(goroutine: Goroutine, index: RunIndex): readonly string[] | undefined;
}
