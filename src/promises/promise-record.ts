import type { RawFrame } from "../runtime/observe/engine-frames.js";
import { isUnparks } from "../runtime/observe/stack-text.js";

/** How a promise came to be, as its stack tells. */
export type PromiseKind =
  | "async" // what an async function returns
  | "await" // V8's own, one for each await; its parent is what is awaited
  | "then" // what then, catch or finally return
  | "adopted" // the engine's own: its result was resolved with its parent, and follows that
  | "element" // the same, of a promise that Promise.all or the like was given
  | "combined" // what Promise.all or the like returns
  | "made"; // by a constructor, or by the platform

/** What is remembered of one promise; not the promise. */
export interface PromiseRecord {
  readonly number: number;
  kind: PromiseKind;
  readonly frames: readonly RawFrame[];
  readonly ref: WeakRef<object>;
  /** What it waits for. */
  parent: PromiseRecord | undefined;
  /**
   * Of an await: what the async function returns that it stands in. Of an element: what its Promise.all returns. Of an
   * adopted one: the promise that follows. */
  readonly result: PromiseRecord | undefined;
  /** Its reaction has begun, or it was resolved. */
  over: boolean;
}

const COMBINERS: ReadonlySet<string> = new Set(["all", "allSettled", "any", "race"]);
const isEngines = (frame: RawFrame | undefined, ...names: readonly string[]): boolean => frame !== undefined && frame.file === "" && names.includes(frame.function);
const isCombiner = (frame: RawFrame | undefined): boolean => frame !== undefined && frame.file === "" && COMBINERS.has(frame.function);

export function kindOf(frames: readonly RawFrame[], hasParent: boolean): PromiseKind {
  const [top, next] = frames;
  if (isEngines(top, "then", "catch", "finally")) return isCombiner(next) ? "element" : "then";
  if (hasParent) return top === undefined || top.file === "" ? "then" : "await";
  if (isCombiner(top)) return "combined";
  return top === undefined || top.file === "" ? "made" : "async";
}

/** Frames of the stack itself, without those that wait for it. */
export const depthOf = (frames: readonly RawFrame[]): number => {
  const first = frames.findIndex(({ awaits }) => awaits);
  return first < 0 ? frames.length : first;
};

export const sameFunction = (a: RawFrame | undefined, b: RawFrame | undefined): boolean => a !== undefined && a.function === b?.function && a.file === b.file;

/** Neither the engine's, nor Node's, nor Unpark's: the user's or a package's. */
export const isPrograms = ({ file }: RawFrame): boolean => file !== "" && !file.startsWith("node:") && !isUnparks(file);
