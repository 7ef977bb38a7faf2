import { goroutineName, type GoroutineName } from "../ids.js";

const MAIN = goroutineName("1");
const TEST = goroutineName("1.1");

/** The goroutine whose end is the scope's: main's is the first; a Go test's is the first that package testing's own starts; or the one that is said (`scope`). */
export const scopeGoroutine = ({ test, scope }: { readonly test?: string | undefined; readonly scope?: GoroutineName | undefined }): GoroutineName => scope ?? (test === undefined ? MAIN : TEST);
