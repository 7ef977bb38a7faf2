import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { guestEnvironment, processCalls } from "../wasi/environment.js";
import { FileSystem } from "./file-system.js";
import { GuestMemory } from "../guest/guest-memory.js";

const fixture = fileURLToPath(new URL("../../../../fixtures/file-system", import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), "unpark-fs-go-"));
after(() => rmSync(scratch, { recursive: true, force: true }));
const STDIN = "typed by\nsomebody\n";

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function build(name: string, env: Record<string, string>): string {
  const file = join(scratch, name);
  const { status, stderr } = spawnSync("go", ["build", "-o", file, "."], {
    cwd: fixture,
    encoding: "utf8",
    env: { ...process.env, CGO_ENABLED: "0", ...env },
  });
  assert.equal(status, 0, stderr);
  return file;
}

function native(): Ran {
  const [cwd, temp] = [join(scratch, "work"), join(scratch, "temp")];
  cpSync(fixture, cwd, { recursive: true, verbatimSymlinks: true });
  mkdirSync(temp);
  const { status, stdout, stderr } = spawnSync(build("native", {}), [], {
    cwd,
    encoding: "utf8",
    input: STDIN,
    env: { PWD: cwd, TMPDIR: temp, TZ: "UTC" },
  });
  return { code: status ?? -1, stdout, stderr };
}

class Exit extends Error {
  readonly code: number;

  constructor(code: number) {
    super(`exit ${code}`);
    this.code = code;
  }
}

/** The least that a Go program needs beside its files: a clock that only moves, random bytes, an end. */
function controlled(): Ran {
  const printed = { stdout: "", stderr: "" };
  const memory = new GuestMemory();
  let time = 1_000_000_000_000_000_000n;
  const tick = (): bigint => (time += 1000n);
  const files = new FileSystem(
    {
      mounts: [{ at: "/src/filesystem", from: fixture }],
      cwd: "/src/filesystem",
      stdin: Buffer.from(STDIN),
      output: (stream, bytes) => (printed[stream] += Buffer.from(bytes).toString()),
      now: tick,
    },
    memory,
  );
  const environment = guestEnvironment({ cwd: "/src/filesystem", user: {} });
  assert.ok(environment.ok);
  let random = 1;
  const wasi = {
    ...files.table,
    ...processCalls(["filesystem"], environment.value, memory),
    clock_time_get: (_id: number, _precision: bigint, result: number) => (memory.setU64(result, tick()), 0),
    random_get: (buffer: number, length: number) => {
      memory.bytes(buffer, length).forEach((_, i, bytes) => (bytes[i] = (random = (random * 48271) % 2147483647) & 255));
      return 0;
    },
    poll_oneoff: (_in: number, _out: number, _count: number, result: number) => (memory.setU32(result, 0), 0),
    sched_yield: () => 0,
    proc_exit: (code: number) => {
      throw new Exit(code);
    },
  };
  const module = new WebAssembly.Module(readFileSync(build("guest.wasm", { GOOS: "wasip1", GOARCH: "wasm" })));
  const instance = new WebAssembly.Instance(module, { wasi_snapshot_preview1: wasi });
  memory.attach(instance.exports["memory"] as WebAssembly.Memory);
  try {
    (instance.exports["_start"] as () => void)();
  } catch (error) {
    if (error instanceof Exit) return { code: error.code, ...printed };
    throw error;
  }
  return { code: 0, ...printed };
}

test("a Go program sees and does the same with files under control as natively", () => {
  const before = readdirSync(fixture, { recursive: true }).sort();
  const expected = native();
  assert.equal(expected.code, 0, expected.stdout + expected.stderr);
  assert.deepEqual(controlled(), expected);
  assert.deepEqual(readdirSync(fixture, { recursive: true }).sort(), before, "the real folder is as it was");
});
