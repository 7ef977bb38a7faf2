import { relative } from "node:path";
import { concurrentTest } from "./concurrent-test.js";
import { framesOf } from "../runtime/observe/stack-trace.js";

/** Where a test called Unpark. */
export interface CallSite {
  readonly file: string;
  readonly line: number;
  readonly function: string;
}

/** Deep enough for what `expect` puts between a test and its matcher. */
const DEPTH = 60;

/** Who called `entry`, packages left out; asked before `entry` awaits anything. Undefined where the engine does not tell. */
export function callSite(entry: (...args: never[]) => unknown): CallSite | undefined {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = DEPTH;
  const here = new Error("here");
  Error.captureStackTrace?.(here, entry);
  Error.stackTraceLimit = stackTraceLimit;
  const frame = framesOf(here).find(({ file }) => !file.includes("/node_modules/"));
  return frame && { file: frame.file, line: frame.line, function: frame.function };
}

/** The file as reports name it; `main` where it is not known. */
export function fileOf(site: CallSite | undefined, cwd: string): string {
  if (site === undefined) return "main";
  const path = relative(cwd, site.file);
  return path.startsWith("..") ? site.file : path;
}

interface ExpectLike {
  getState?(): { readonly currentTestName?: string };
}

/** The name of the test that runs, where the runner tells it: vitest and jest do, by their `expect`; `site`: where it called. */
export function currentTest(site?: CallSite): string | undefined {
  const all = globalThis as unknown as Readonly<Record<PropertyKey, ExpectLike | undefined>>;
  const beside = concurrentTest(site);
  if (beside !== undefined) return beside;
  for (const key of [Symbol.for("expect-global"), "expect"]) {
    const name = all[key]?.getState?.().currentTestName;
    if (typeof name === "string" && name !== "") return name;
  }
  return undefined;
}
