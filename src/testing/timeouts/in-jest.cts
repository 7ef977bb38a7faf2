/**
 * `setupFilesAfterEnv: ["unpark/jest/timeouts"]`: as unpark/vitest/timeouts. A CommonJS file, for jest without
 * --experimental-vm-modules loads no other.
 *
 * T1. The notes are made outside of jest's own realm, by Node's own loader: fake timers, resetModules and what jest does to
 *     modules do not reach them. A file of Node's realm loads them (testing/timeouts/outside-jest.cts), for jest has no import() here.
 * T2. jest-circus keeps a test's errors in its state, by a symbol in the realm's global object; a time-out is there before
 *     afterEach runs (jest-circus 29 and 30, run.js, _callCircusTest). Its runner jest-jasmine2 has none: nothing is said.
 */
import type * as files from "./file-awaits.js" with { "resolution-mode": "import" };

interface Loader {
  load(): Promise<typeof files>;
}

interface OuterModules {
  createRequire(file: string): (path: string) => unknown;
}

const LONG = 60_000;

/** In Node's own realm: jest 30 gives its own process a getBuiltinModule of its own. */
const OUTER = "() => process.getBuiltinModule?.('node:module')";

interface JestGlobals {
  readonly beforeAll: (body: () => Promise<void>, timeout: number) => void;
  readonly beforeEach: (body: () => void) => void;
  readonly afterEach: (body: () => void) => void;
  readonly afterAll: (body: () => Promise<void>, timeout: number) => void;
  readonly expect: { getState(): { readonly currentTestName?: string } };
}

/** jest-circus's, as far as it is needed: a time-out is a string, with the error that says where. */
interface CircusState {
  readonly currentlyRunningTest: { readonly errors: unknown[] } | null;
}

/* eslint-disable @typescript-eslint/no-require-imports -- a CommonJS file; and jest answers these two itself */
const { beforeAll, beforeEach, afterEach, afterAll, expect } = require("@jest/globals") as JestGlobals;
const { runInThisContext } = require("node:vm") as { readonly runInThisContext: (code: string) => unknown };
/* eslint-enable @typescript-eslint/no-require-imports */

let awaits: files.FileAwaits | undefined;
let tell: (lines: readonly string[]) => readonly string[] = (lines) => lines;

beforeAll(async () => {
  const outer = (runInThisContext(OUTER) as () => OuterModules | undefined)()?.createRequire(__filename);
  if (outer === undefined) throw new Error("unpark/jest/timeouts needs process.getBuiltinModule: Node 20.16, 22.3, or later");
  const { FileAwaits: Awaits, prefixed } = await (outer("./outside-jest.cjs") as Loader).load();
  tell = prefixed;
  awaits = new Awaits(globalThis);
}, LONG);

const current = (): string => expect.getState().currentTestName ?? "a test";

beforeEach(() => awaits?.begin(current()));

afterEach(() => {
  const errors = stateOf(globalThis)?.currentlyRunningTest?.errors ?? [];
  const timedOut = errors.findIndex((error) => isTimeOut(messageOf(error)));
  if (timedOut >= 0 && awaits !== undefined) explainIn(errors, timedOut, awaits.explain(current()));
  awaits?.end(current());
});

afterAll(async () => {
  const lines = tell((await awaits?.left()) ?? []);
  if (lines.length > 0) process.stderr.write(`${lines.join("\n")}\n`);
}, LONG);

function stateOf(realm: object): CircusState | undefined {
  const symbol = Object.getOwnPropertySymbols(realm).find(({ description }) => description === "JEST_STATE_SYMBOL");
  return symbol && (realm as Readonly<Record<symbol, CircusState | undefined>>)[symbol];
}

const isTimeOut = (message: string): boolean => /^Exceeded timeout of .* for a (test|hook)/.test(message);

function messageOf(error: unknown): string {
  const thrown: unknown = Array.isArray(error) ? error[0] : error;
  return typeof thrown === "string" ? thrown : thrown instanceof Error ? thrown.message : "";
}

/** A string stays one: jest takes what is no error for thrown, and prints it with the line of the test. */
function explainIn(errors: unknown[], index: number, lines: readonly string[]): void {
  if (lines.length === 0) return;
  const error = errors[index];
  const message = [messageOf(error), ...tell(lines)].join("\n");
  errors[index] = Array.isArray(error) ? [message, ...(error.slice(1) as unknown[])] : message;
}
