// Bad input and interruptions of `unpark test --native`, and of the explored commands, with real Go and the real bin:
// the exit code, one sentence, the user's files as they were (by hash), no temporary files, no process left.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, describe, it } from "node:test";
import { BIN } from "./testing/bin.js";
const root = mkdtempSync(join(tmpdir(), "unpark-input-"));
after(() => rmSync(root, { recursive: true, force: true }));
const scratch = join(root, "tmp");
mkdirSync(scratch);
const base: NodeJS.ProcessEnv = { ...process.env, UNPARK_CACHE: join(root, "cache"), TMPDIR: scratch, GITHUB_ACTIONS: "", GOFLAGS: "-count=1" };

function tree(name: string, files: Readonly<Record<string, string>>): string {
  const folder = join(root, name);
  mkdirSync(folder);
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  return folder;
}

/** Names, modes and contents of all files below a folder. */
function hashOf(folder: string): string {
  const hash = createHash("sha256");
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" }).sort()) {
    const { mode } = statSync(join(folder, name));
    hash.update(`${name}\0${mode}\0${statSync(join(folder, name)).isFile() ? readFileSync(join(folder, name), "hex") : ""}\0`);
  }
  return hash.digest("hex");
}

const mod = (name: string, go = "1.24"): string => `module example.com/${name}\n\ngo ${go}\n`;
const leak = (name: string): string => `package ${name}\n\nimport "testing"\n\nfunc TestX(t *testing.T) { go func() { <-make(chan int) }() }\n`;

interface Row {
  readonly title: string;
  readonly files: Readonly<Record<string, string>>;
  readonly argv?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly code: number;
  /** On stdout or stderr, once. */
  readonly says: RegExp;
}

const other = toolchainOf("1.25.4");

const ROWS: readonly Row[] = [
  { title: "not a module", files: {}, code: 2, says: /^CANNOT \.\/\.\.\.: its tests do not build: pattern \.\/\.\.\.: directory prefix \. does not contain main module/m },
  { title: "no such package", files: { "go.mod": mod("a"), "x_test.go": leak("a") }, argv: ["./nope"], code: 2, says: /^CANNOT \.\/nope: its tests do not build/m },
  { title: "no tests", files: { "go.mod": mod("a"), "x.go": "package a\n" }, code: 0, says: /^Nothing was run: there are no tests, or none that was asked for\.$/m },
  { title: "no test that -run lets through", files: { "go.mod": mod("a"), "x_test.go": leak("a") }, argv: ["-run=Nope", "./..."], code: 0, says: /^Nothing was run: there are no tests, or none that was asked for\.$/m },
  { title: "what go vet refuses", files: { "go.mod": mod("a"), "x_test.go": 'package a\n\nimport "testing"\n\nfunc TestX(t *testing.T) { t.Logf("%d", "x") }\n' }, code: 2, says: /^CANNOT example\.com\/a: go test ran none of its tests natively: go vet finds fault with it \(-vet=off\): \.\/x_test\.go:5:\d+: .*Logf format %d/m },
  { title: "a build failure", files: { "go.mod": mod("a"), "x_test.go": "package a\n\nvar x int = y\n" }, code: 2, says: /^CANNOT example\.com\/a: its tests do not build: \.\/x_test\.go:3:13: undefined: y$/m },
  { title: "a go.mod that is none", files: { "go.mod": "modul x\n" }, code: 2, says: /^CANNOT \.\/\.\.\.: `go env` failed:$|^CANNOT \.\/\.\.\.: go test ran nothing/m },
  { title: "a Go that is too old", files: { "go.mod": mod("a", "1.20"), "x_test.go": leak("a") }, env: { GOTOOLCHAIN: "go1.23.12" }, code: 2, says: /^CANNOT .*Go 1\.23\.12 is too old: Unpark works with Go 1\.24 to 1\.27; |^CANNOT .*`go env` failed/m },
  { title: "a Go that does not exist", files: { "go.mod": mod("a"), "x_test.go": leak("a") }, env: { GOTOOLCHAIN: "go1.26.99" }, code: 2, says: /^CANNOT \.\/\.\.\.: `go env` failed:$/m },
  { title: "a module that asks for a newer Go than there may be", files: { "go.mod": mod("a", "1.99"), "x_test.go": leak("a") }, env: { GOTOOLCHAIN: "local" }, code: 2, says: /^CANNOT \.\/\.\.\.: go test ran nothing: go: go\.mod requires go >= 1\.99 /m },
  { title: "no go command", files: { "go.mod": mod("a"), "x_test.go": leak("a") }, env: { PATH: "/nonexistent" }, code: 2, says: /^CANNOT \.\/\.\.\.: there is no `go` command on PATH: install Go 1\.24 or later/m },
  { title: "a GOROOT that is not there", files: { "go.mod": mod("a"), "x_test.go": leak("a") }, env: { GOROOT: "/nonexistent" }, code: 2, says: /^CANNOT \.\/\.\.\.: `go env` failed:$/m },
  { title: "a folder for reports that cannot be made", files: { "go.mod": mod("a"), "x_test.go": leak("a") }, env: { TMPDIR: "/nonexistent", GOTMPDIR: scratch }, code: 2, says: /^CANNOT \.\/\.\.\.: cannot make a folder for the reports in \/nonexistent: .*; set TMPDIR/m },
  { title: "a cache that cannot be written", files: { "go.mod": mod("a"), "x_test.go": leak("a"), file: "" }, env: { UNPARK_CACHE: join(root, "a cache that cannot be written", "file") }, code: 2, says: /^CANNOT \.\/\.\.\.: cannot write the overlay to /m },
  { title: "a toolchain below the module cache", files: { "go.mod": mod("a"), "x_test.go": leak("a") }, argv: ["--strict", "./..."], env: { GOTOOLCHAIN: "go1.25.4" }, code: other === undefined ? 2 : 1, says: /go1\.25\.4 has no leak collection|`go env` failed/ },
  ...(other === undefined ? [] : [
    { title: "a GOROOT of another Go", files: { "go.mod": mod("a"), "x_test.go": leak("a") }, env: { GOROOT: other, GOTOOLCHAIN: "local" }, code: 2, says: /^CANNOT \.\/\.\.\.: GOROOT is \S+, which is Go 1\.25\.4, but the `go` command is \S+: unset GOROOT, or put \S+bin first on PATH\.$/m },
  ]),
  { title: "an unknown flag of go test's", files: { "go.mod": mod("a"), "x_test.go": leak("a") }, argv: ["-nonsense", "./..."], code: 1, says: /^\? {7}example\.com\/a {2}\[no verdict: the test binary ended by .* a flag that it does not know\][^]*^No verdict: 1 package\.$/m },
  { title: "a report that cannot be written", files: { "go.mod": mod("a"), "x_test.go": leak("a") }, argv: ["--json=no/such/folder.json", "./..."], code: 2, says: /^unpark: cannot write .*no\/such\/folder\.json: ENOENT/m },
  { title: "a baseline that is none", files: { "go.mod": mod("a"), "x_test.go": leak("a"), "b.json": "[]" }, argv: ["--baseline=b.json", "./..."], code: 2, says: /^unpark: .*b\.json is no baseline of Unpark: delete it, and --baseline makes a new one$/m },
  { title: "a .unpark.yaml with an unknown setting", files: { "go.mod": mod("a"), "x_test.go": leak("a"), ".unpark.yaml": "ignored: []\n" }, code: 2, says: /^unpark: .*\.unpark\.yaml:1: unknown setting 'ignored'; did you mean 'ignore'\?$/m },
  { title: "a .unpark.yaml with a day that is none", files: { "go.mod": mod("a"), "x_test.go": leak("a"), ".unpark.yaml": "ignore:\n  - { function: a, reason: b, expires: 2027-02-30 }\n" }, code: 2, says: /^unpark: .*\.unpark\.yaml:2: 'expires' is a day such as 2027-03-31, but got '2027-02-30'$/m },
  { title: "a .unpark.yaml that is a folder", files: { "go.mod": mod("a"), "x_test.go": leak("a"), ".unpark.yaml/x": "" }, code: 2, says: /^unpark: .*\.unpark\.yaml is a folder: settings are a file of that name \(docs\/config\.md\); rename it$/m },
  { title: "an ignore entry that has expired", files: { "go.mod": mod("a"), "x_test.go": leak("a"), ".unpark.yaml": "ignore:\n  - { function: 'example.com/a.*', reason: b, expires: 2020-01-31 }\n" }, code: 1, says: /^unpark: line 2 of the ignore list expired on 2020-01-31, and what it is for is still there: example\.com\/a\.\*$/m },
  { title: "no baseline of what could not be built", files: { "go.mod": mod("a"), "x_test.go": "package a\n\nvar x int = y\n" }, argv: ["--baseline", "./..."], code: 2, says: /^unpark: no baseline was written: not everything could be done/m },
];

/** GOROOT of a toolchain that this machine has or can get. */
function toolchainOf(version: string): string | undefined {
  const { status, stdout } = spawnSync("go", ["env", "GOROOT"], { cwd: root, encoding: "utf8", env: { ...process.env, GOTOOLCHAIN: `go${version}` } });
  return status === 0 ? stdout.trim() : undefined;
}

describe("unpark test --native with bad input", () => {
  for (const { title, files, argv = ["./..."], env, code, says } of ROWS) {
    it(title, () => {
      const folder = tree(title, files);
      const before = hashOf(folder);
      const node = spawnSync(process.execPath, [BIN, "test", "--native", ...argv], { cwd: folder, encoding: "utf8", env: { ...base, ...env } });
      const text = `${node.stdout}\n${node.stderr}`;
      assert.equal(node.status, code, text);
      assert.match(text, says);
      assert.equal(text.split("\n").filter((line) => line.startsWith("CANNOT ")).length, says.source.includes("CANNOT") ? 1 : text.split("CANNOT ").length - 1, text);
      assert.doesNotMatch(text, /not expected: please report|\n\s+at /);
      assert.equal(hashOf(folder), before, "the user's files are as they were");
      assert.deepEqual(readdirSync(scratch), [], "no temporary files");
    });
  }

  it("a read-only tree: works, but for what was asked to be written there", (t) => {
    const folder = tree("readonly", { "go.mod": mod("a"), "x_test.go": leak("a") });
    const run = readOnly(folder);
    if (run === undefined) return t.skip("root writes everywhere, and this machine lets nobody mount (unshare -m)");
    const plain = run("test", "--native", "./...");
    assert.equal(plain.status, 1, plain.stdout + plain.stderr);
    assert.match(plain.stdout, /^--- FAIL: TestX .*\n {4}leaked: /m);
    const baseline = run("test", "--native", "--baseline", "./...");
    assert.equal(baseline.status, 2);
    assert.match(baseline.stderr, /^unpark: cannot use .*\.unpark-baseline\.json: (EROFS|EACCES)/m);
    assert.deepEqual(readdirSync(folder).sort(), ["go.mod", "x_test.go"]);
    assert.deepEqual(readdirSync(scratch), []);
  });
});

/** Runs the bin in a folder that cannot be written: root in a mount of its own, anybody else by the folder's mode. */
function readOnly(folder: string) {
  const options = { cwd: folder, encoding: "utf8", env: base } as const;
  if (process.getuid?.() !== 0) {
    chmodSync(folder, 0o555);
    return (...argv: string[]) => spawnSync(process.execPath, [BIN, ...argv], options);
  }
  const mounted = ["-m", "sh", "-c", 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && cd "$0" && exec "$@"', folder];
  if (spawnSync("unshare", [...mounted, "sh", "-c", "! touch x"]).status !== 0) return undefined;
  return (...argv: string[]) => spawnSync("unshare", [...mounted, process.execPath, BIN, ...argv], options);
}

describe("unpark test, both passes", () => {
  it("a baseline holds for both: what is in it does not count, what is new does", () => {
    const folder = tree("both", { "go.mod": mod("a"), "x_test.go": leak("a") });
    const test = (...argv: string[]) => spawnSync(process.execPath, [BIN, "test", "--budget=200ms", ...argv, "."], { cwd: folder, encoding: "utf8", env: base });
    assert.equal(test("--baseline").status, 0);
    const again = test("--baseline");
    assert.equal(again.status, 0, again.stdout);
    assert.match(again.stderr, /^unpark: 1 finding of the baseline is still there and not counted$/m);
    writeFileSync(join(folder, "new_test.go"), 'package a\n\nimport "testing"\n\nfunc TestNew(t *testing.T) { go func() { select {} }() }\n');
    const fresh = test("--baseline");
    assert.equal(fresh.status, 1, fresh.stdout);
    assert.match(fresh.stdout, /^--- FAIL: TestNew .*\n {4}leaked: /m);
    assert.doesNotMatch(fresh.stdout, /in TestX$/m);
  });

  it("a native panic where nothing can be explored is a failure", () => {
    const text = '//go:build !wasip1\n\npackage p\n\nimport "testing"\n\nfunc TestX(t *testing.T) { panic("own words") }\n';
    const folder = tree("native panic", { "go.mod": mod("p"), "x_test.go": text, "y_test.go": 'package p\n\nimport "testing"\n\nfunc TestY(t *testing.T) {}\n' });
    const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, "test", "./..."], { cwd: folder, encoding: "utf8", env: base });
    assert.equal(status, 1, stdout + stderr);
    assert.match(stdout, /^FAIL {4}example\.com\/p [^]*\n\n--- FAIL: example\.com\/p\n {4}\S/m);
    assert.match(stdout, /panic: own words/);
  });
});

describe("what does not do under control what it does natively", () => {
  it("who fails for it is left to the native run: a collection, another process; no flag that Ginkgo refuses is set", () => {
    const text = `package p

import (
	"flag"
	"os/exec"
	"runtime"
	"sync/atomic"
	"testing"
	"time"
)

var sink []byte

// What it allocates after the collection that it asked for lets the runtime natively collect once more.
func TestCollects(t *testing.T) {
	runtime.GC()
	var gone atomic.Bool
	runtime.SetFinalizer(new([64]byte), func(*[64]byte) { gone.Store(true) })
	for range 100 {
		sink = make([]byte, 1<<20)
		time.Sleep(time.Millisecond)
		if gone.Load() {
			return
		}
	}
	t.Error("nothing was collected")
}

func TestStarts(t *testing.T) {
	if exec.Command("go", "version").Run() != nil {
		t.Error("it does not end well")
	}
}

func TestGoesOnWithout(t *testing.T) {
	runtime.GC()
	if exec.Command("go", "version").Run() != nil {
		t.Log("no process")
	}
}

func TestFlags(t *testing.T) {
	flag.Visit(func(f *flag.Flag) {
		if f.Name == "test.parallel" || f.Name == "test.count" {
			t.Error(f.Name)
		}
	})
}
`;
    const folder = tree("elsewhere", { "go.mod": mod("p"), "x_test.go": text });
    const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, "test", "-v", "./..."], { cwd: folder, encoding: "utf8", env: { ...base, GOFLAGS: "" } });
    assert.equal(status, 0, stdout + stderr);
    assert.match(stdout, /^limit: natively only: TestCollects asks the runtime to collect \(runtime\.GC\), and nothing else is collected while it is controlled$/m);
    assert.match(stdout, /^limit: natively only: TestStarts starts another process \(os\/exec\.\(\*Cmd\)\.Start\)$/m);
    assert.match(stdout, /1 explored completely, 1 not: orders that its limits name were not tried, 2 more natively only/);
  });
});

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(existsSync(`/proc/${pid}/status`) ? readFileSync(`/proc/${pid}/status`, "utf8") : "");
  } catch {
    return false;
  }
};

/** Starts the bin, sends the signal once `ready` says so of its output, and waits for its end. */
async function interrupted(folder: string, env: NodeJS.ProcessEnv, signals: readonly NodeJS.Signals[], ready: () => boolean, ...argv: string[]) {
  const child = spawn(process.execPath, [BIN, ...argv], { cwd: folder, env: { ...base, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  const text = { stdout: "", stderr: "" };
  child.stdout.on("data", (bytes: Buffer) => (text.stdout += bytes.toString()));
  child.stderr.on("data", (bytes: Buffer) => (text.stderr += bytes.toString()));
  const ended = new Promise<number | null>((done) => child.on("close", done));
  while (!ready() && child.exitCode === null) await new Promise((later) => setTimeout(later, 20));
  for (const signal of signals) child.kill(signal);
  return { code: await ended, ...text };
}

/** Package a leaks and ends; b starts another process, says the pids, and stays. */
const STAYS = `package b

import (
	"os"
	"os/exec"
	"strconv"
	"testing"
	"time"
)

func TestStays(t *testing.T) {
	child := exec.Command("sleep", "600")
	child.Start()
	os.WriteFile(os.Getenv("PIDS")+"~", []byte(strconv.Itoa(os.Getpid())+" "+strconv.Itoa(child.Process.Pid)), 0o666)
	os.Rename(os.Getenv("PIDS")+"~", os.Getenv("PIDS"))
	time.Sleep(600 * time.Second)
}
`;

describe("an interrupted run", () => {
  for (const [title, signals, code] of [["SIGINT", ["SIGINT"], 2], ["SIGTERM", ["SIGTERM"], 2], ["a second SIGINT at once", ["SIGINT", "SIGINT"], 130]] as const) {
    it(`${title}: says what it found, and leaves nothing behind`, async () => {
      const folder = tree(title, { "go.mod": mod("i"), "a/x_test.go": leak("a"), "b/x_test.go": STAYS });
      const before = hashOf(folder);
      const pids = join(root, `${title}.pids`);
      const { code: status, stdout, stderr } = await interrupted(folder, { PIDS: pids }, signals, () => existsSync(pids), "test", "--native", "-p=1", "./...");
      assert.ok(status === code || (code === 130 && status === 2), `${status}: ${stdout}${stderr}`);
      if (status === 2) {
        assert.match(stdout, /^--- FAIL: TestX .*\n {4}leaked: /m);
        assert.match(stdout, /^CANNOT -p=1 \.\/\.\.\.: interrupted: packages whose tests had not ended have no verdict$/m);
      }
      for (const pid of readFileSync(pids, "utf8").split(" ")) assert.ok(!alive(Number(pid)), `process ${pid} is gone`);
      assert.equal(hashOf(folder), before);
      assert.deepEqual(readdirSync(scratch).filter((name) => !name.startsWith("go-build")), []);
    });
  }

  const ENDLESS = `package e

import (

	"sync"
	"testing"
)

// More schedules than anybody waits for, and no leak.
func TestMany(t *testing.T) {
	var wg sync.WaitGroup
	var mu sync.Mutex
	for range 8 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for range 8 {
				mu.Lock()
				mu.Unlock()
			}
		}()
	}
	wg.Wait()
}
`;

  it("in the middle of one long run ends it: a thread that computes hears nothing", async () => {
    const COMPUTES = `package e\n\nimport "testing"\n\nvar Sum int\n\nfunc TestComputes(t *testing.T) {\n\tfor i := 0; i < 1<<50; i++ {\n\t\tSum += i\n\t}\n}\n`;
    const folder = tree("computing", { "go.mod": mod("e"), "x_test.go": COMPUTES });
    const cache = join(root, "computing-cache");
    let begun = false;
    const child = interrupted(folder, { UNPARK_CACHE: cache }, ["SIGINT"], () => begun, "test", "--no-native", "--budget=10m");
    const built = join(cache, "modules");
    const timer = setInterval(() => existsSync(built) && readdirSync(built).some((name) => name.endsWith(".wasm")) && (begun = true), 20);
    const { code, stdout, stderr } = await child;
    clearInterval(timer);
    assert.equal(code, 2, stdout + stderr);
    assert.match(stdout, /^CANNOT \.: interrupted: what had not been explored by then has no verdict$/m);
  });

  it("of an exploration is not clean, though nothing was found", async () => {
    const folder = tree("explored", { "go.mod": mod("e"), "x_test.go": ENDLESS });
    let stage = "";
    const cache = join(root, "fresh"); // where its module appears, it is about to be explored
    const own = mkdtempSync(join(root, "own-")); // a go that was killed above may have left something in `scratch`
    const child = interrupted(folder, { UNPARK_CACHE: cache, TMPDIR: own }, ["SIGINT"], () => stage === "built", "test", "--no-native", "--budget=10m");
    const built = join(cache, "modules");
    const timer = setInterval(() => existsSync(built) && readdirSync(built).some((name) => name.endsWith(".wasm")) && (stage = "built"), 20);
    const { code, stdout, stderr } = await child;
    clearInterval(timer);
    assert.equal(code, 2, stdout + stderr);
    assert.match(stdout, /^CANNOT \.: interrupted: what had not been explored by then has no verdict$/m);
    assert.deepEqual(readdirSync(own), []);
  });
});
