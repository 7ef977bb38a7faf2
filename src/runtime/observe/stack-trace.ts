import type { Frame, Stack } from "../../model/goroutine/stack.js";

/**
 * Stacks from errors. Capturing one costs about 2 µs (bench/runtime); making frames of it is put off until it is asked
 * for, and the mapping to the source is remembered per place, for it is what is slow.
 */
interface Site {
  getFileName(): string | null | undefined;
  getLineNumber(): number | null;
  getColumnNumber(): number | null;
  getFunctionName(): string | null;
  getTypeName?(): string | null;
  getMethodName?(): string | null;
  isAsync?(): boolean;
}
type Prepare = (error: Error, sites: readonly Site[]) => unknown;
interface ErrorClass {
  prepareStackTrace?: Prepare | undefined;
  stackTraceLimit?: number;
}
interface SourceMapLike {
  findEntry(line: number, column: number): { readonly originalSource?: string; readonly originalLine?: number };
}
interface ModuleLike {
  findSourceMap?(path: string): SourceMapLike | undefined;
}

const places = new Map<string, { readonly file: string; readonly line: number }>();
const known = new WeakMap<Error, Stack>();

/** So many frames that the program's awaits still stand below what drives a run: ten are full of that. */
const DEEP = 60;

/** An error that says where this is, down to the goroutine's own awaits. */
export function hereDeep(what: string): Error {
  const errors = Error as unknown as ErrorClass;
  const { stackTraceLimit } = errors;
  errors.stackTraceLimit = DEEP;
  const here = new Error(what);
  errors.stackTraceLimit = stackTraceLimit!;
  return here;
}

/** Innermost first; the runtime's own frames and the platform's left out. */
export function framesOf(error: Error | undefined): Stack {
  if (error === undefined) return [];
  let frames = known.get(error);
  if (frames === undefined) known.set(error, (frames = read(error)));
  return frames;
}

function read(error: Error): Stack {
  const { sites, before } = sitesOf(error);
  return sites.length === 0 ? parseText(error.stack ?? "") : framesAt(sites, before);
}

/** Was the user's code on top, below the runtime's own, when this error was made? Ask before anything reads its stack. */
export function topIsUsers(error: Error): boolean {
  const { sites, before } = sitesOf(error);
  const top = sites.find((site) => !/^node:internal\/promise_hooks/.test(site.getFileName() ?? "") && !isOwn(site.getFileName() ?? ""));
  const file = top?.getFileName() ?? "";
  known.set(error, framesAt(sites, before));
  return file !== "" && !file.startsWith("node:");
}

function sitesOf(error: Error): { readonly sites: readonly Site[]; readonly before: Prepare | undefined } {
  const errors = Error as unknown as ErrorClass;
  const before = errors.prepareStackTrace;
  let sites: readonly Site[] = [];
  errors.prepareStackTrace = (_error, all) => {
    sites = all;
    return "";
  };
  void error.stack;
  errors.prepareStackTrace = before;
  return { sites, before };
}

function framesAt(sites: readonly Site[], before: Prepare | undefined): Stack {
  return sites.flatMap((site) => {
    const file = site.getFileName();
    if (file === null || file === undefined || file.startsWith("node:") || isOwn(file)) return [];
    return [{ function: functionName(site), ...place(site, file, before) }];
  });
}

const plainPath = (file: string): string => (file.startsWith("file://") ? decodeURIComponent(new URL(file).pathname) : file);

/** src/runtime and src/promises, compiled and as source maps name them; engines and runners write paths or URLs. */
const compiled = plainPath(import.meta.url.slice(0, import.meta.url.lastIndexOf("/runtime/observe/") + 1));
const sources = [compiled, compiled.replace("/dist/src/", "/src/")];
const own = sources.flatMap((folder) => [`${folder}runtime/`, `${folder}promises/`]);
const isIn = (folders: readonly string[], file: string): boolean => folders.some((folder) => plainPath(file).startsWith(folder)) && !/\.test\.[jt]s$/.test(file);
const isOwn = (file: string): boolean => isIn(own, file);
/** All of Unpark but its tests. */
export const isUnparks = (file: string): boolean => isIn(sources, file);

const functionName = (site: Site): string => symbol(site.getFunctionName() ?? "");

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
  const errors = Error as unknown as ErrorClass & { stackTraceLimit: number };
  const { prepareStackTrace: before, stackTraceLimit } = errors;
  let frames: readonly RawFrame[] = [];
  errors.stackTraceLimit = depth;
  errors.prepareStackTrace = (_error, sites) => {
    frames = sites.map(rawOf);
    return "";
  };
  const here: { readonly stack?: string } = {};
  Error.captureStackTrace(here, above);
  void here.stack;
  errors.prepareStackTrace = before;
  errors.stackTraceLimit = stackTraceLimit;
  return frames;
}

const rawOf = (site: Site): RawFrame => ({
  function: site.getFunctionName() ?? "",
  file: site.getFileName() ?? "",
  line: site.getLineNumber() ?? 0,
  column: site.getColumnNumber() ?? 0,
  awaits: site.isAsync?.() === true,
});

/** As reports name it: the source's own line, where a map leads there. */
export function frameOf(raw: RawFrame): Frame {
  return { function: symbol(raw.function), ...place(new PlainSite(raw), raw.file, (Error as unknown as ErrorClass).prepareStackTrace) };
}

/** What a runner's own mapping asks a frame for. */
class PlainSite implements Site {
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

/** As Go's symbols look in package main: `main.worker`, `main.Store.add`; `main.func` for a literal. */
export const symbol = (name: string): string => `main.${name.replace(/^(async|new|get|set) /, "").replace(/[^\w.$]+/g, "") || "func"}`;

function place(site: Site, file: string, prepare: Prepare | undefined): { readonly file: string; readonly line: number } {
  const line = site.getLineNumber() ?? 0;
  const column = site.getColumnNumber() ?? 0;
  const key = `${file}:${line}:${column}`;
  let found = places.get(key);
  if (found === undefined) places.set(key, (found = map(site, file, line, column, prepare)));
  return found;
}

/** Node's own map first: it is exact. Else a test runner's own mapping (vitest's, jest's), asked for this one place. */
function map(site: Site, file: string, line: number, column: number, prepare: Prepare | undefined): { file: string; line: number } {
  const modules = nodeModule();
  const entry = (modules?.findSourceMap?.(file) ?? modules?.findSourceMap?.(plainPath(file)))?.findEntry(line - 1, column - 1);
  if (entry?.originalSource !== undefined && entry.originalLine !== undefined) {
    return { file: plainPath(entry.originalSource), line: entry.originalLine + 1 };
  }
  const mapping = prepare ?? outerPrepare();
  const [frame] = mapping === undefined ? [] : parseText(String(mapping(new Error("place"), [site])));
  return frame === undefined ? { file: plainPath(file), line } : { file: frame.file, line: frame.line };
}

/** Where tests have a realm of their own, the runner maps in Node's (jest 30, vitest's pools vmThreads and vmForks): Node asks that one, too. */
function outerPrepare(): Prepare | undefined {
  const vm = builtin("node:vm") as { runInThisContext?(code: string): unknown } | undefined;
  return (vm?.runInThisContext?.("Error") as ErrorClass | undefined)?.prepareStackTrace;
}

/** Node's own source maps, without an import that a browser would trip over. */
const nodeModule = (): ModuleLike | undefined => builtin("node:module") as ModuleLike | undefined;

function builtin(name: string): unknown {
  const { process } = globalThis as { process?: { getBuiltinModule?(name: string): unknown } };
  return process?.getBuiltinModule?.(name);
}

/** `at worker (file:///x.ts:12:5)`, `at async x.ts:3:1` (V8); `worker@file:1:2` (other engines). */
export function parseText(stack: string): Frame[] {
  const frames: Frame[] = [];
  for (const line of stack.split("\n")) {
    const v8 = /^\s*at (?:async )?(?:(?:new )?(.*?) \()?(.*?):(\d+):\d+\)?$/.exec(line);
    const other = v8 ?? /^(.*?)@(.*?):(\d+):\d+$/.exec(line);
    if (other === null) continue;
    const file = other[2]!;
    if (file.startsWith("node:") || isOwn(file)) continue;
    frames.push({ function: symbol(other[1] ?? ""), file: plainPath(file), line: Number(other[3]) });
  }
  return frames;
}
