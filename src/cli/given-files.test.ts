// Files that a person names may be pipes, into which nobody may ever write: each command is interrupted before one, as a person does it.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { BIN } from "./testing/bin.js";
import { reportJson } from "../report/exploration/json.js";

const folder = mkdtempSync(join(tmpdir(), "unpark-given-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const windows = { skip: process.platform === "win32" ? "Windows has no named pipes in the file system" : false };
const pipe = join(folder, "pipe.json");
const report = join(folder, "report.json");
if (process.platform !== "win32") assert.equal(spawnSync("mkfifo", [pipe]).status, 0);
writeFileSync(join(folder, "targets.txt"), "http://127.0.0.1:9/\n");
writeFileSync(report, reportJson({ origin: { command: "test", unpark: "0.1.0", goVersion: "1.26.8", packages: ["a"], args: [] }, examinations: [], failures: [] }));

/** Has the process opened the pipe? Where the system does not say, it is given a second. */
async function opened(pid: number): Promise<void> {
  for (let i = 0; i < 3000; i++) {
    await wait(10);
    if (process.platform !== "linux" && i > 100) return;
    try {
      if (readdirSync(`/proc/${pid}/fd`).some((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`) === pipe)) return;
    } catch {
      // A number that was closed in between, or a process that has ended.
    }
  }
}

const ROWS: Readonly<Record<string, readonly string[]>> = {
  replay: [pipe], fix: [pipe], merge: [pipe], inspect: [pipe], diff: [pipe, report],
  "inspect --ca": ["--ca", pipe, "http://127.0.0.1:9/"], "verify --ignore": ["--leaks", "--ignore", pipe, "--targets", "targets.txt"],
};
for (const [name, words] of Object.entries(ROWS)) {
  test(`${name}: interrupted before a pipe`, windows, async () => {
    const child = spawn(process.execPath, [BIN, name.split(" ")[0]!, ...words], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (data: Buffer) => (said += data.toString()));
    const ended = new Promise((done) => child.on("close", (code, signal) => done(code ?? signal)));
    await opened(child.pid!);
    child.kill("SIGINT");
    assert.equal(await ended, 2, said);
    assert.match(said, /pipe\.json: interrupted/);
    assert.equal(said.trim().split("\n").length, 1, said);
  });
}

test("merge reads what a shell's <(command) writes", windows, () => {
  const merged = (words: string): string => spawnSync("bash", ["-c", `"$0" "$1" merge --json ${words}`, process.execPath, BIN], { cwd: folder, encoding: "utf8" }).stdout;
  assert.equal(merged("<(cat report.json)"), merged("report.json"));
  assert.match(merged("report.json"), /"failures"/);
});

test("a file that is written to as well is a plain file", windows, () => {
  const said = (...words: readonly string[]): string => spawnSync(process.execPath, [BIN, ...words], { cwd: folder, encoding: "utf8" }).stderr;
  assert.equal(said("merge", report, `--baseline=${pipe}`), `unpark: cannot use ${pipe}: ${pipe} is no plain file\n`);
  assert.equal(said("verify", "--leaks", "--targets", "targets.txt", "--builds", pipe, "--build", "1"), `unpark: --builds: ${pipe}: it cannot be read (no plain file)\n`);
});
