import { createHash } from "node:crypto";
import type { Stack } from "../model/goroutine/stack.js";

/** A stack as stores have it: once, however many groups, targets and looks it was seen in. */
export interface StoredStack {
  /** Of its text: 32 hexadecimal digits of SHA-256. */
  readonly hash: string;
  readonly text: string;
}

/** Functions, files and lines, innermost first; what changes with each build, and the source's text, is left out. */
export function storedStack(stack: Stack): StoredStack {
  const text = JSON.stringify(stack.map(({ function: name, file, line }) => [name, file, line]));
  return { hash: createHash("sha256").update(text).digest("hex").slice(0, 32), text };
}

export const readStack = (text: string): Stack =>
  (JSON.parse(text) as readonly [string, string, number][]).map(([name, file, line]) => ({ function: name, file, line }));
