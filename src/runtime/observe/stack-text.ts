import type { Frame } from "../../model/goroutine/stack.js";

export const plainPath = (file: string): string => (file.startsWith("file://") ? decodeURIComponent(new URL(file).pathname) : file);

/** src/runtime and src/promises, compiled and as source maps name them; engines and runners write paths or URLs. */
const compiled = plainPath(import.meta.url.slice(0, import.meta.url.lastIndexOf("/runtime/observe/") + 1));
const sources = [compiled, compiled.replace("/dist/src/", "/src/")];
const own = sources.flatMap((folder) => [`${folder}runtime/`, `${folder}promises/`]);
const isIn = (folders: readonly string[], file: string): boolean => folders.some((folder) => plainPath(file).startsWith(folder)) && !/\.test\.[jt]s$/.test(file);
export const isOwn = (file: string): boolean => isIn(own, file);
/** All of Unpark but its tests. */
export const isUnparks = (file: string): boolean => isIn(sources, file);

/** As Go's symbols look in package main: `main.worker`, `main.Store.add`; `main.func` for a literal. */
export const symbol = (name: string): string => `main.${name.replace(/^(async|new|get|set) /, "").replace(/[^\w.$]+/g, "") || "func"}`;

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
