import type { Argument } from "./argument.js";

/** One frame of a goroutine's stack. `function` is Go's full symbol (`net/http.(*conn).serve`), or TypeScript's name. */
export interface Frame {
  readonly function: string;
  readonly file: string;
  /** 1-based; 0 where it is not known. */
  readonly line: number;
  /** `+0x1d` of Go's dump text: where in the function's code. Changes with each build. */
  readonly offset?: number;
  /** The source line's text, where the source was at hand. */
  readonly source?: string;
  /** What the function was called with, where a run was traced with values. */
  readonly arguments?: readonly Argument[];
}

/** Innermost frame first. */
export type Stack = readonly Frame[];
