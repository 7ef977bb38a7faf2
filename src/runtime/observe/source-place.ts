import type { ErrorClass, Prepare, EngineFrame } from "./engine-frames.js";
import { parseText, plainPath } from "./stack-text.js";

interface SourceMapLike {
  findEntry(line: number, column: number): { readonly originalSource?: string; readonly originalLine?: number };
}
interface ModuleLike {
  findSourceMap?(path: string): SourceMapLike | undefined;
}

const places = new Map<string, { readonly file: string; readonly line: number }>();
/** Where a frame is in the source, where a map leads there; remembered, for that is what is slow. */
export function place(site: EngineFrame, file: string, prepare: Prepare | undefined): { readonly file: string; readonly line: number } {
  const line = site.getLineNumber() ?? 0;
  const column = site.getColumnNumber() ?? 0;
  const key = `${file}:${line}:${column}`;
  let found = places.get(key);
  if (found === undefined) places.set(key, (found = map(site, file, line, column, prepare)));
  return found;
}

/** Node's own map first: it is exact. Else a test runner's own mapping (vitest's, jest's), asked for this one place. */
function map(site: EngineFrame, file: string, line: number, column: number, prepare: Prepare | undefined): { file: string; line: number } {
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
