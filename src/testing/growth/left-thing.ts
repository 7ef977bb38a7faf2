import { isPrograms } from "../../promises/promise-record.js";
import { rawFrames, type RawFrame } from "../../runtime/observe/engine-frames.js";
import { isUnparks } from "../../runtime/observe/stack-text.js";

/** What a repetition of a body can leave behind. */
export type LeftKind = "entry" | "listener" | "timer" | "handle" | "await";

/** One thing that a repetition left behind. */
export interface LeftThing {
  readonly kind: LeftKind;
  /** In words: `an entry of a Map`, `a listener of "abort" on an AbortSignal`. */
  readonly what: string;
  /** Where it was added; innermost first. */
  readonly frames: readonly RawFrame[];
  readonly repetition: number;
  /** What holds it came with the same repetition, so that it grows only because its holder does. */
  readonly inNew: boolean;
}

/** Notes one kind of thing while a body is repeated. */
export interface GrowthWatch {
  /** What is there now. */
  left(): readonly LeftThing[];
  /** Gives up the notes of what is gone for sure. */
  forget(): void;
  stop(): void;
}

/** The repetition that runs; undefined: none, and nothing is noted. */
export type CurrentRepetition = () => number | undefined;

const DEPTH = 32;

/** Packages of runners, and of what assertions and mocks are made of. */
const RUNNERS = /\/node_modules\/(?:@vitest\/[^/]+|vitest|@jest\/[^/]+|jest(?:-[^/]+)?|expect|chai|mocha|tinyspy|sinon)\/(?!.*\/node_modules\/)/;

/**
 * Where the program's own code is now. Undefined where none of the user's is: the platform, a runner or Unpark does this for
 * itself; and where a runner notes something of its test (a call of a mock, an assertion that is to be awaited), which goes with the test; with `direct` also where the platform does it for the program (the array in an EventEmitter).
 */
export function placeNow(above: (...args: never[]) => unknown, direct: boolean): readonly RawFrame[] | undefined {
  const frames = rawFrames(above, DEPTH);
  const [top] = frames;
  if (top === undefined || isUnparks(top.file) || RUNNERS.test(top.file) || (direct && !isPrograms(top))) return undefined;
  return frames.some(isUsers) ? frames.filter(isPrograms) : undefined;
}

export const isUsers = (frame: RawFrame): boolean => isPrograms(frame) && !frame.file.includes("/node_modules/");
