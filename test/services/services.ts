import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { nanos } from "../../src/model/ids.js";
import { type Targets, targetsOf } from "../../src/pipeline/services/targets.js";
import type { InspectOptions } from "../../src/pipeline/services/inspect.js";

/** The real Go services of fixtures/services: built once, started on loopback, ended by closing their stdin. */
const FOLDER = fileURLToPath(new URL("../../../fixtures/services", import.meta.url));

export interface Service extends AsyncDisposable {
  readonly url: string;
  readonly pid: number;
}

/** Builds all services into a folder of their own. */
export function buildServices(env: Readonly<Record<string, string>> = {}): { readonly bin: string; readonly gops: string; remove(): void } {
  const bin = mkdtempSync(join(tmpdir(), "unpark-services-"));
  const { status, stderr } = spawnSync("go", ["build", "-o", `${bin}/`, "./..."], { cwd: FOLDER, encoding: "utf8", env: { ...process.env, ...env } });
  if (status !== 0) throw new Error(`the services do not build: ${stderr}`);
  return { bin, gops: join(bin, "gops-config"), remove: () => rmSync(bin, { recursive: true, force: true }) };
}

export async function startService(built: ReturnType<typeof buildServices>, name: string, ...flags: string[]): Promise<Service> {
  const child: ChildProcess = spawn(join(built.bin, name), flags, {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, GOPS_CONFIG_DIR: built.gops },
  });
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout!.once("data", (data: Buffer) => resolve(String(data)));
    child.once("exit", (code) => reject(new Error(`${name} ended with ${code}`)));
  });
  const [, url, pid] = /listening on (\S+) pid (\d+)/.exec(line) ?? [];
  if (url === undefined) throw new Error(`${name} said: ${line}`);
  return {
    url,
    pid: Number(pid),
    [Symbol.asyncDispose]: async () => {
      const ended = new Promise((done) => child.once("exit", done));
      child.stdin!.end();
      await ended;
    },
  };
}

/** A bounded load: `n` requests, four at a time. */
export async function load(url: string, n: number): Promise<void> {
  let left = n;
  const one = async (): Promise<void> => {
    while (left-- > 0) await (await fetch(url)).text();
  };
  await Promise.all([one(), one(), one(), one()]);
}

/** The line of a service's source that holds `mark`, 1-based. */
export function lineOf(name: string, mark: string): number {
  const lines = readFileSync(join(FOLDER, name, "main.go"), "utf8").split("\n");
  return lines.findIndex((line) => line.includes(mark)) + 1;
}

export function inspectOptions(overrides: Partial<InspectOptions> = {}): InspectOptions {
  return {
    profile: "goroutine", headers: [], timeoutMs: 10_000, maxBytes: 2 ** 28, signal: new AbortController().signal,
    stdin: (async function* () {})(), env: process.env, cwd: FOLDER, now: () => nanos(BigInt(Date.now()) * 1_000_000n),
    ...overrides,
  };
}

/** Targets that were named, as on a command line. */
export const named = (sources: readonly string[]): Targets => {
  const targets = targetsOf(sources, [], { env: {}, cwd: "/", timeoutMs: 1000 });
  if (!targets.ok) throw new Error(targets.error);
  return targets.value;
};

/** Waits until `test` is true: real servers need a moment to notice that a client went away. */
export async function until(test: () => Promise<boolean>, what: string): Promise<void> {
  for (let i = 0; i < 2_400; i++) {
    if (await test()) return;
    await new Promise((done) => setTimeout(done, 25));
  }
  throw new Error(`did not happen within a minute: ${what}`);
}
