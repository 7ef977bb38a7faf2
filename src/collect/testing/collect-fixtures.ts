import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import type { AddressInfo, ListenOptions, Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { nanos } from "../../model/ids.js";
import { collect } from "../collect.js";
import { CollectError, type CollectOptions } from "../collected.js";
import { parseSource } from "../source.js";

export const options = (overrides: Partial<CollectOptions> = {}): CollectOptions => ({
  profile: "goroutine", headers: [], timeoutMs: 5000, maxBytes: 1 << 20, signal: new AbortController().signal,
  stdin: (async function* () {})(), env: {}, cwd: tmpdir(), now: () => nanos(1n), ...overrides,
});

/** All the bytes as text, or the sentence that says why not. */
export async function fetched(source: string, overrides: Partial<CollectOptions> = {}): Promise<string> {
  const parsed = parseSource(source);
  if (!parsed.ok) return `error: ${parsed.error}`;
  const chunks: Uint8Array[] = [];
  try {
    for await (const chunk of collect(parsed.value, options(overrides)).chunks) chunks.push(chunk);
  } catch (error) {
    if (error instanceof CollectError) return `error: ${error.message}`;
    throw error;
  }
  return Buffer.concat(chunks).toString();
}

export async function listen(server: Server, where: ListenOptions = { port: 0, host: "127.0.0.1" }): Promise<number> {
  server.listen(where);
  await new Promise((done) => server.once("listening", done));
  return (server.address() as AddressInfo).port;
}

export const scratch = (): { folder: string; remove(): void } => {
  const folder = mkdtempSync(join(tmpdir(), "unpark-collect-"));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
};

/** A self-signed certificate for 127.0.0.1, made by the program that comes with Go: no key is kept in the repository. */
export function selfSigned(folder: string): { cert: string; key: string } {
  const root = spawnSync("go", ["env", "GOROOT"], { encoding: "utf8" }).stdout.trim();
  const made = spawnSync("go", ["run", join(root, "src/crypto/tls/generate_cert.go"), "--host", "127.0.0.1", "--ca"], { cwd: folder, encoding: "utf8" });
  if (made.status !== 0) throw new Error(made.stderr);
  return { cert: readFileSync(join(folder, "cert.pem"), "utf8"), key: readFileSync(join(folder, "key.pem"), "utf8") };
}

