// What is proposed for small sources: the changed lines of each candidate, or why there is none. The comment `here` marks the line
// at which somebody waits.
import assert from "node:assert/strict";
import { mkdtempSync, realpathSync, rmSync, symlinkSync, mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { applyEdits } from "../../../fix/apply-edits.js";
import { unifiedDiff } from "../../../fix/unified-diff.js";
import type { Way } from "../../../model/results/fix.js";
import { proposals } from "./propose.js";
import { Sources } from "./sources.js";

const ROOT = fileURLToPath(new URL("../../../../../", import.meta.url));
const folder = realpathSync(mkdtempSync(join(tmpdir(), "unpark-propose-")));
after(() => rmSync(folder, { recursive: true, force: true }));
mkdirSync(join(folder, "node_modules"));
symlinkSync(ROOT, join(folder, "node_modules", "unpark"));
writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module" }));
writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions: { target: "ES2022", lib: ["ES2023", "ESNext.Disposable", "DOM"], module: "NodeNext", moduleResolution: "NodeNext", strict: true, noEmit: true, types: [] } }));

const CASES: readonly (readonly [name: string, way: Way, source: string, expected: readonly string[] | RegExp])[] = [
  ["room for a loop over what is given", "buffer", `
import { Chan, go } from "unpark";
export async function first(prices: readonly number[]): Promise<number | undefined> {
  const answers = new Chan<number>();
  for (const price of prices) go(() => answers.send(price)); // here
  return answers.recv();
}`, ["-  const answers = new Chan<number>();", "+  const answers = new Chan<number>(prices.length);"]],
  ["room for nested loops, calls and a send of its own", "buffer", `
import { Chan, go } from "unpark";
export async function all(): Promise<void> {
  const out = new Chan<number>(1);
  const twice = async (n: number): Promise<void> => {
    await out.send(n); // here
    await out.send(n);
  };
  for (let i = 0; i < 3; i++) for (const n of [1, 2]) go(twice, n + i);
  go(() => out.send(0));
}`, ["-  const out = new Chan<number>(1);", "+  const out = new Chan<number>(13);"]],
  ["no room for what has no bound", "buffer", `
import { Chan, go } from "unpark";
export function endless(): void {
  const out = new Chan<number>();
  go(async () => {
    for (;;) await out.send(1); // here
  });
}`, /has no bound in the source/],
  ["no room by a name that changes", "buffer", `
import { Chan, go } from "unpark";
export function some(): void {
  let n = 2;
  const out = new Chan<number>();
  n++;
  for (let i = 0; i < n; i++) go(() => out.send(i)); // here
}`, /has no bound in the source/],
  ["a lock kept by a throw", "unlock", `
import { sync } from "unpark";
const mu = new sync.Mutex();
export async function change(n: number): Promise<void> {
  await mu.lock(); // here
  if (n < 0) throw new Error("negative");
  await mu.unlock();
}`, ["-  await mu.lock(); // here", "+  await using _held = await mu.lock(); // here", "-  await mu.unlock();",
      "-  if (n < 0) throw new Error(\"negative\");", "-  await mu.unlock();", "+  try {", "+    if (n < 0) throw new Error(\"negative\");", "+  } finally {", "+    await mu.unlock();", "+  }"]],
  ["a lock that is given back on each path", "unlock", `
import { sync } from "unpark";
const mu = new sync.Mutex();
export async function change(n: number): Promise<void> {
  await mu.lock(); // here
  if (n < 0) {
    await mu.unlock();
    return;
  }
  await mu.unlock();
}`, /gives it back on each path/],
  ["a text of several lines keeps its own indentation", "give-back", `
export async function ask(pool: { acquire(): Promise<{ query(sql: string): Promise<string> }>; release(client: object): void }): Promise<string> {
  const client = await pool.acquire(); // here
  const rows = await client.query(\`
select 1
  from rows\`);
  pool.release(client);
  return rows;
}`, ["-  const rows = await client.query(\`", "+  try {", "+    const rows = await client.query(\`", "-  pool.release(client);", "-  return rows;", "+    return rows;", "+  } finally {", "+    pool.release(client);", "+  }"]],
  ["a loop over promises that nobody waits for", "await-added", `
export async function save(rows: readonly string[], write: (row: string) => Promise<void>): Promise<void> {
  rows.forEach(async (row) => {
    await write(row);
  });
  await write("end"); // here
}`, ["-  rows.forEach(async (row) => {", "+  await Promise.all(rows.map(async (row) => {", "-  });", "+  }));"]],
  ["what is awaited is left alone", "await-added", `
export async function save(write: () => Promise<void>): Promise<void> {
  await write(); // here
}`, /every call that gives a promise is awaited/],
  ["a signal of another name, for a function that takes options", "signal-passed", `
declare function load(url: string, options?: { readonly signal?: AbortSignal }): Promise<string>;
export async function page(stop: AbortSignal): Promise<string> {
  return load("a"); // here
}`, ["-  return load(\"a\"); // here", "+  return load(\"a\", { signal: stop }); // here"]],
  ["a signature that others see stays", "quit-added", `
import { go, time } from "unpark";
export async function tick(): Promise<void> {
  for (;;) {
    await time.sleep(time.second); // here
  }
}
go(tick);`, /its handle is kept|by go alone/],
  ["a listener of a function that waits for nothing", "listener-removed", `
export function hear(signal: AbortSignal): void {
  signal.addEventListener("abort", () => undefined); // here
}`, /does not wait behind it/],
];

for (const [i, [, , source]] of CASES.entries()) writeFileSync(join(folder, `case${i}.ts`), `${source.trimStart()}\n`);
const sources = Sources.opener(ts, folder, [])();

describe("proposals", () => {
  for (const [i, [name, way, source, expected]] of CASES.entries()) {
    it(name, () => {
      const file = join(folder, `case${i}.ts`);
      const text = `${source.trimStart()}\n`;
      const line = text.split("\n").findIndex((one) => one.includes("// here")) + 1;
      const [answer] = proposals(sources, [{ ways: [way], stack: [{ file, line }], others: [] }]);
      if (expected instanceof RegExp) {
        assert.deepEqual(answer!.candidates, []);
        assert.match(answer!.refused[0]!.why, expected);
        return;
      }
      const changed = answer!.candidates.flatMap(({ edits }) => {
        const after = Buffer.from(applyEdits(Buffer.from(text), edits)!).toString("utf8");
        assert.deepEqual(ts.transpileModule(after, { reportDiagnostics: true, compilerOptions: { target: ts.ScriptTarget.ESNext } }).diagnostics, []);
        return unifiedDiff("a", text, after).split("\n").slice(2).filter((one) => /^[+-]/.test(one));
      });
      assert.deepEqual(changed, expected);
    });
  }
});
