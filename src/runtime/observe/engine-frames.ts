/** A frame as V8 gives it (its CallSite). */
export interface EngineFrame {
  getFileName(): string | null | undefined;
  getLineNumber(): number | null;
  getColumnNumber(): number | null;
  getFunctionName(): string | null;
  getTypeName?(): string | null;
  getMethodName?(): string | null;
  isAsync?(): boolean;
}
/** Writes out the frames of an error: Node's own, or a runner's that maps them. */
export type Prepare = (error: Error, sites: readonly EngineFrame[]) => unknown;
export interface ErrorClass {
  prepareStackTrace?: Prepare | undefined;
  stackTraceLimit: number;
}

/** With what V8 has besides the standard. */
export const errorClass = Error as unknown as ErrorClass;

/** So many frames that the program's awaits still stand below what drives a run: ten are full of that. */
const DEEP = 60;

/** An error that says where this is, down to the goroutine's own awaits. */
export function hereDeep(what: string): Error {
  const { stackTraceLimit } = errorClass;
  errorClass.stackTraceLimit = DEEP;
  const here = new Error(what);
  errorClass.stackTraceLimit = stackTraceLimit;
  return here;
}

/** V8 gives the frames of an error once, when its stack is first read; `before`: who would have written them out. */
export function sitesOf(error: Error): { readonly sites: readonly EngineFrame[]; readonly before: Prepare | undefined } {
  const before = errorClass.prepareStackTrace;
  let sites: readonly EngineFrame[] = [];
  errorClass.prepareStackTrace = (_error, all) => {
    sites = all;
    return "";
  };
  void error.stack;
  errorClass.prepareStackTrace = before;
  return { sites, before };
}

/** A frame as the engine gives it, without what keeps the function alive that it is of. */
export interface RawFrame {
  readonly function: string;
  /** "" for the engine's own (`Promise.all`). */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Not on the stack: it awaits what the frame before it will settle, as the engine found by the promises. */
  readonly awaits: boolean;
}

/** The frames of here, innermost first, those of `above` and within left out; engines that have none give none. */
export function rawFrames(above: (...args: never[]) => unknown, depth: number): readonly RawFrame[] {
  const { prepareStackTrace: before, stackTraceLimit } = errorClass;
  let frames: readonly RawFrame[] = [];
  errorClass.stackTraceLimit = depth;
  errorClass.prepareStackTrace = (_error, sites) => {
    frames = sites.map(rawOf);
    return "";
  };
  const here: { readonly stack?: string } = {};
  Error.captureStackTrace(here, above);
  void here.stack;
  errorClass.prepareStackTrace = before;
  errorClass.stackTraceLimit = stackTraceLimit;
  return frames;
}

const rawOf = (site: EngineFrame): RawFrame => ({
  function: site.getFunctionName() ?? "",
  file: site.getFileName() ?? "",
  line: site.getLineNumber() ?? 0,
  column: site.getColumnNumber() ?? 0,
  awaits: site.isAsync?.() === true,
});

/** What a runner's own mapping asks a frame for. */
export class PlainFrame implements EngineFrame {
  readonly #raw: RawFrame;

  constructor(raw: RawFrame) {
    this.#raw = raw;
  }

  getFileName(): string {
    return this.#raw.file;
  }

  getScriptNameOrSourceURL(): string {
    return this.#raw.file;
  }

  getLineNumber(): number {
    return this.#raw.line;
  }

  getColumnNumber(): number {
    return this.#raw.column;
  }

  getFunctionName(): string {
    return this.#raw.function;
  }

  getMethodName(): null {
    return null;
  }

  getTypeName(): null {
    return null;
  }

  getThis(): undefined {
    return undefined;
  }

  getFunction(): undefined {
    return undefined;
  }

  getEvalOrigin(): undefined {
    return undefined;
  }

  isNative(): boolean {
    return false;
  }

  isToplevel(): boolean {
    return true;
  }

  isEval(): boolean {
    return false;
  }

  isConstructor(): boolean {
    return false;
  }

  isAsync(): boolean {
    return false;
  }

  isPromiseAll(): boolean {
    return false;
  }

  getPromiseIndex(): null {
    return null;
  }

  toString(): string {
    return `${this.#raw.function} (${this.#raw.file}:${this.#raw.line}:${this.#raw.column})`;
  }
}
