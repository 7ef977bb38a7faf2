import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { isDeepStrictEqual } from "node:util";
import { fileURLToPath } from "node:url";
import { BIN } from "../../src/cli/testing/bin.js";
import type { Inspection } from "../../src/model/results/inspection.js";
import { inspect } from "../../src/pipeline/services/inspect.js";
import { buildServices, inspectOptions, load, startService, until } from "./services.js";

/** The real gops (fixtures/gops pins it), the real agent, ours for TypeScript, and our client of both. */
const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
let built: ReturnType<typeof buildServices>;
let gops: string;
before(() => {
  built = buildServices();
  gops = join(built.bin, "gops");
  const made = spawnSync("go", ["build", "-o", gops, "github.com/google/gops"], { cwd: join(ROOT, "fixtures/gops"), encoding: "utf8" });
  assert.equal(made.status, 0, made.stderr);
});
after(() => built.remove());

const env = (): Record<string, string | undefined> => ({ ...process.env, GOPS_CONFIG_DIR: built.gops });
const theirs = (...argv: string[]): string => {
  const { stdout, status, stderr } = spawnSync(gops, argv, { encoding: "utf8", env: env() });
  assert.equal(status, 0, stderr);
  return stdout;
};
const ours = (...argv: string[]) => spawnSync(process.execPath, [BIN, ...argv], { encoding: "utf8", env: env() });

/** Without what is there only to answer: the agent's own goroutine, HTTP handlers and their connections. */
const users = ([inspection]: readonly Inspection[]): string[] =>
  inspection!.groups.filter((g) => g.stack.some((f) => f.function === "main.add" || f.function === "main.main")).map((g) => `${g.count} ${g.exact}`);

async function looked(source: string): Promise<readonly Inspection[]> {
  const result = await inspect([source], inspectOptions({ env: env() }));
  assert.ok(result.ok, result.ok ? "" : result.error);
  return result.value;
}

test("pid:N, the real `gops stack` and debug=2 give the same groups", async () => {
  await using service = await startService(built, "sum");
  await load(`${service.url}/sum`, 15);
  // On a busy machine main may still be on its way to where it waits.
  const same = async (): Promise<boolean> => isDeepStrictEqual(users(await looked(`pid:${service.pid}`)), users(await looked(service.url)));
  await until(async () => (await same()) && (await same()), "the service is at rest");
  const byPid = await looked(`pid:${service.pid}`);
  assert.equal(byPid[0]!.snapshot.provenance.how, "gops");
  const file = join(built.bin, "gops.txt");
  writeFileSync(file, theirs("stack", String(service.pid)));
  const byGops = await looked(file);
  // The agent's answer holds the goroutine that writes it; all others are the same, and nothing was lost or left over.
  assert.deepEqual(byGops[0]!.groups.map((g) => `${g.count} ${g.exact}`), byPid[0]!.groups.map((g) => `${g.count} ${g.exact}`));
  assert.deepEqual([byGops[0]!.snapshot.losses, byGops[0]!.outside.lines > byGops[0]!.total], [[], false]);
  assert.ok(users(byPid).length >= 2);
  assert.deepEqual(users(byPid), users(await looked(service.url)));
});

test("unpark ps: the processes, versions and stats that the real gops shows", async () => {
  await using service = await startService(built, "sum");
  const { status, stdout } = ours("ps", "--json");
  assert.equal(status, 0);
  const { processes } = JSON.parse(stdout) as { processes: { pid: number; source: string; version: string; counts: Record<string, number>; program: string }[] };
  const one = processes.find(({ pid }) => pid === service.pid)!;
  assert.equal(one.version, theirs("version", String(service.pid)).trim());
  const stats: Readonly<Record<string, number>> = Object.fromEntries([...theirs("stats", String(service.pid)).matchAll(/^(.+): (\d+)$/gm)].map(([, words, n]) => [words!, Number(n)]));
  assert.deepEqual(Object.keys(one.counts).sort(), Object.keys(stats).sort());
  assert.equal(one.counts["goroutines"], stats["goroutines"]);
  assert.match(one.program, /\/sum$/);
  assert.match(theirs(), new RegExp(`^${service.pid} .*\\* `, "m"), "gops marks it as having an agent");
  const text = ours("ps").stdout.split("\n");
  assert.match(text[0]!, /^SOURCE +GOROUTINES +THREADS +VERSION +PROGRAM$/);
  assert.match(text[1]!, new RegExp(`^pid:${service.pid} +${stats["goroutines"]} +\\d+ +go1\\.\\d+\\S* +\\S+/sum$`));
});

test("the TypeScript agent: unpark ps lists it, the real gops asks it (it lists Go binaries only)", async () => {
  const file = fileURLToPath(new URL("../examples-ts/service.js", import.meta.url));
  const child: ChildProcess = spawn(process.execPath, ["--enable-source-maps", file, "13-sum-server"], { stdio: ["ignore", "pipe", "inherit"], env: env() });
  try {
    await new Promise((done) => child.stdout!.once("data", done));
    const { processes } = JSON.parse(ours("ps", "--json").stdout) as { processes: { pid: number; counts: Record<string, number>; program: string }[] };
    const one = processes.find(({ pid }) => pid === child.pid)!;
    assert.match(one.program, /service\.js 13-s|…$/); // cut where this folder's path is long
    assert.ok(one.counts["goroutines"]! >= 1);
    assert.match(theirs("stats", String(child.pid)), new RegExp(`^goroutines: ${one.counts["goroutines"]}$`, "m"));
    assert.match(theirs("stack", String(child.pid)), /^goroutine \d+ \[/m);
    assert.ok((await looked(`pid:${child.pid}`))[0]!.total >= 1);
  } finally {
    child.kill();
  }
});

test("a port file of a process whose agent is gone, or is something else: said in its row, exit code 0", async () => {
  const rubbish = createServer((socket) => void socket.end("SSH-2.0\r\n")).listen(0, "127.0.0.1");
  await new Promise((done) => rubbish.once("listening", done));
  const folder = join(built.bin, "rubbish");
  spawnSync("mkdir", [folder]);
  writeFileSync(join(folder, String(process.pid)), String((rubbish.address() as AddressInfo).port));
  const run = (): Promise<string> =>
    new Promise((done) => {
      const child = spawn(process.execPath, [BIN, "ps"], { env: { ...process.env, GOPS_CONFIG_DIR: folder }, stdio: ["ignore", "pipe", "inherit"] });
      let text = "";
      child.stdout.on("data", (chunk: Buffer) => (text += chunk.toString()));
      child.once("close", (code) => done(`${code} ${text}`));
    });
  assert.match(await run(), /^0 [^]*its agent does not say how many goroutines it has\)\n$/);
  rubbish.close();
  assert.match(await run(), /^0 [^]*no gops agent listens on 127\.0\.0\.1:\d+; did the process end\?\)\n$/);
});
