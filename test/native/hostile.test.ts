import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { BIN } from "../../src/cli/testing/bin.js";
import { TestOutput } from "../../src/pipeline/native/native-output.js";
import { sweepRunFolders } from "../../src/toolchain/go/lifeline.js";

/** What a test writes without end, a reader that does not read, and the end of everything at once. */
const folder = mkdtempSync(join(tmpdir(), "unpark-hostile-native-"));
const own = join(folder, "tmp");
const previous = process.env["TMPDIR"];
before(() => {
  mkdirSync(own);
  process.env["TMPDIR"] = own;
  writeFileSync(join(folder, "go.mod"), "module m\n\ngo 1.24\n");
  writeFileSync(join(folder, "m_test.go"), `package m

import (

	"bytes"
	"os"
	"strconv"
	"testing"
	"time"
)

func TestLoud(t *testing.T) {
	line := bytes.Repeat([]byte("0123456789abcde\\n"), 1<<16)
	for i := 0; i < 256; i++ {
		os.WriteFile(os.Getenv("WROTE"), []byte(strconv.Itoa(i)), 0o666)
		os.Stdout.Write(line)
	}
}

func TestLong(t *testing.T) {
	os.WriteFile(os.Getenv("WROTE"), []byte(strconv.Itoa(os.Getpid())), 0o666)
	time.Sleep(10 * time.Minute)
}
`);
});
after(() => {
  if (previous === undefined) delete process.env["TMPDIR"];
  else process.env["TMPDIR"] = previous;
  rmSync(folder, { recursive: true, force: true });
});

const until = async (what: () => boolean): Promise<void> => {
  for (let i = 0; i < 1200 && !what(); i++) await new Promise((done) => setTimeout(done, 50));
  assert.ok(what());
};
const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return !readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");
  } catch {
    return false;
  }
};

test("a line without an end costs no more than its bytes, and what follows it is read", () => {
  const output = new TestOutput();
  const piece = Buffer.alloc(1 << 16, "x");
  const cost = (pieces: number): number => {
    const before = process.cpuUsage();
    for (let i = 0; i < pieces; i++) output.push("stdout", piece);
    const { user, system } = process.cpuUsage(before);
    return user + system;
  };
  cost(50);
  const [small, large] = [Math.min(...[1, 2, 3].map(() => cost(100))), cost(800)];
  assert.ok(large < 24 * Math.max(small, 2000), `${small} ${large}`);
  output.push("stdout", Buffer.from("\nok  \texample.com/m\t0.5s\n"));
  assert.deepEqual(output.end(), [{ path: "example.com/m", kind: "passed", milliseconds: 500 }]);
});

// Without a package: with one, `go test` itself keeps all output until the test is over.
test("a reader that reads nothing keeps the tests waiting, as with go test", async () => {
    const wrote = join(folder, "wrote-loud");
    const child = spawn(process.execPath, [BIN, "test", "--native", "-run", "TestLoud"], { cwd: folder, env: { ...process.env, WROTE: wrote }, stdio: ["ignore", "pipe", "pipe"] });
    child.stderr.resume();
    await until(() => existsSync(wrote));
    let last = "";
    await until(() => {
      const now = readFileSync(wrote, "utf8");
      const still = now !== "" && now === last;
      last = now;
      return still;
    });
    await new Promise((done) => setTimeout(done, 500));
    assert.ok(Number(readFileSync(wrote, "utf8")) < 100, `${readFileSync(wrote, "utf8")} of 256 MiB were taken`);
    child.stdout.resume();
    const code = await new Promise((done) => child.on("close", done));
    assert.equal(code, 0);
    assert.equal(readFileSync(wrote, "utf8"), "255");
  });

test("SIGKILL: no test runs on, and no folder stays", { skip: process.platform === "win32" }, async () => {
  const wrote = join(folder, "wrote-long");
  const child = spawn(process.execPath, [BIN, "test", "--native", "-run", "TestLong", "."], { cwd: folder, env: { ...process.env, WROTE: wrote }, stdio: "ignore" });
  await until(() => existsSync(wrote) && readFileSync(wrote, "utf8") !== "");
  const pid = Number(readFileSync(wrote, "utf8"));
  assert.ok(alive(pid));
  child.kill("SIGKILL");
  await until(() => !alive(pid));
  await until(() => readdirSync(own).filter((name) => /^(unpark-native-|go-build)/.test(name)).length === 0);
});

test("what earlier runs left is swept: a day old, and of a process that is gone", () => {
  const old = new Date(Date.now() - 2 * 86_400_000);
  for (const name of ["unpark-native-999999999-abc", `unpark-native-${process.pid}-abc`, "unpark-native-999999998-new", "unpark-nativeish"]) mkdirSync(join(own, name));
  for (const name of ["unpark-native-999999999-abc", `unpark-native-${process.pid}-abc`, "unpark-nativeish"]) utimesSync(join(own, name), old, old);
  sweepRunFolders();
  assert.deepEqual(readdirSync(own).filter((name) => name.startsWith("unpark-native")).sort(), [`unpark-native-${process.pid}-abc`, "unpark-native-999999998-new", "unpark-nativeish"].sort());
});
