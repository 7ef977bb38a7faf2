// `unpark test --native` wraps `go test` faithfully: the same exit code and the same stdout, row by row, as the plain
// command in the same folder, once times and addresses are taken out; and beside it what Unpark says.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, describe, it } from "node:test";
import { nativeTest } from "../pipeline/native/native.js";

const root = mkdtempSync(join(tmpdir(), "unpark-faithful-"));
after(() => rmSync(root, { recursive: true, force: true }));
const environment = (more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({ ...process.env, UNPARK_CACHE: join(root, "cache"), GOFLAGS: "", ...more });

function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, folder, file)), { recursive: true });
    writeFileSync(join(root, folder, file), text);
  }
}

write("m", {
  "go.mod": "module example.com/m\n\ngo 1.24\n",
  "calm/calm.go": "package calm\n\nfunc Twice(n int) int {\n\tif n < 0 {\n\t\treturn 0\n\t}\n\treturn 2 * n\n}\n",
  "calm/calm_test.go": `package calm

import (
	"flag"
	"fmt"
	"testing"
)

var word = flag.String("word", "none", "")

func TestTwice(t *testing.T) { t.Log("word", *word); if Twice(2) != 4 { t.Fatal() } }
func TestShort(t *testing.T) { if testing.Short() { t.Skip("short") } }
func TestSub(t *testing.T)   { t.Run("one", func(t *testing.T) {}); t.Run("two", func(t *testing.T) { t.Parallel() }) }
func TestPrints(t *testing.T) { fmt.Println("{not json") }
func BenchmarkTwice(b *testing.B) { for range b.N { Twice(1) } }
func ExampleTwice() { fmt.Println(Twice(3)) // Output: 6
}
func FuzzTwice(f *testing.F) { f.Add(1); f.Fuzz(func(t *testing.T, n int) { Twice(n) }) }
`,
  "leaks/x_test.go": "package leaks\n\nimport \"testing\"\n\nfunc TestLeak(t *testing.T) { go func() { <-make(chan int) }() }\n",
  "fails/x_test.go": "package fails\n\nimport \"testing\"\n\nfunc TestFail(t *testing.T) { t.Error(\"own words\") }\nfunc TestPass(t *testing.T) {}\n",
  "panics/x_test.go": "package panics\n\nimport \"testing\"\n\nfunc TestPanic(t *testing.T) { panic(\"own words\") }\n",
  "exits/x_test.go": "package exits\n\nimport (\n\t\"os\"\n\t\"testing\"\n)\n\nfunc TestMain(m *testing.M) { m.Run(); os.Exit(7) }\nfunc TestPass(t *testing.T) {}\n",
  "hangs/x_test.go": "package hangs\n\nimport (\n\t\"testing\"\n\t\"time\"\n)\n\nfunc TestHang(t *testing.T) { time.Sleep(time.Hour) }\n",
  "races/x_test.go": "package races\n\nimport \"testing\"\n\nfunc TestRace(t *testing.T) { n := 0; done := make(chan bool); go func() { n++; close(done) }(); n++; <-done }\n",
  "broken/x_test.go": "package broken\n\nfunc x() { y() }\n",
  "none/x.go": "package none\n",
  "tagged/x_test.go": "//go:build extra\n\npackage tagged\n\nimport \"testing\"\n\nfunc TestTagged(t *testing.T) {}\n",
  "tagged/y.go": "package tagged\n",
  "overlaid/x_test.go": "package overlaid\n\nimport \"testing\"\n\nfunc TestOld(t *testing.T) { t.Fatal() }\n",
  "overlaid/new.txt": "package overlaid\n\nimport \"testing\"\n\nfunc TestNew(t *testing.T) {}\n",
  "overlay.json": '{"Replace":{"overlaid/x_test.go":"overlaid/new.txt"}}',
});
write("dep", { "go.mod": "module example.com/dep\n\ngo 1.24\n", "dep.go": "package dep\n\nfunc Go(f func()) { go f() }\n" });
write("vendored", {
  "go.mod": "module example.com/vendored\n\ngo 1.24\n\nrequire example.com/dep v0.0.0\n\nreplace example.com/dep => ../dep\n",
  "x_test.go": 'package vendored\n\nimport (\n\t"testing"\n\n\t"example.com/dep"\n)\n\nfunc TestDep(t *testing.T) { c := make(chan int); dep.Go(func() { c <- 1 }) }\n',
});
write("space", { "go.work": "go 1.24\n\nuse (\n\t./a\n\t./b\n)\n", "a/go.mod": "module example.com/a\n\ngo 1.24\n", "a/a.go": "package a\n\nconst N = 1\n", "b/go.mod": "module example.com/b\n\ngo 1.24\n", "b/b_test.go": 'package b\n\nimport (\n\t"testing"\n\n\t"example.com/a"\n)\n\nfunc TestA(t *testing.T) { go func() { <-make(chan int, a.N) }() }\n' });
assert.equal(spawnSync("go", ["mod", "vendor"], { cwd: join(root, "vendored"), env: environment() }).status, 0);

interface Row {
  readonly args: readonly string[];
  readonly folder?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Findings' tests, and packages without a verdict. */
  readonly finds?: readonly string[];
  readonly open?: readonly string[];
  /** Compare only lines that fit: a dying process tells stacks, in which testing's lines are ours. */
  readonly lines?: RegExp;
  /** A file that both must have written alike. */
  readonly file?: string;
}

const VERDICTS = /^(ok|FAIL|PASS|---|===|\?|panic:|exit status|\s+\w+_test\.go)/;
const LEAK = ["TestLeak"];

const ROWS: readonly Row[] = [
  { args: ["./calm"] },
  { args: ["-v", "./calm", "./leaks", "./none"], finds: LEAK },
  { args: ["-json", "./calm", "./leaks"], finds: LEAK },
  { args: ["-json", "./fails", "./broken"] },
  { args: ["-race", "./calm", "./leaks"], finds: LEAK },
  { args: ["-race", "./races"], lines: VERDICTS },
  { args: ["-cover", "./calm", "./none"] },
  { args: ["-coverprofile=c.out", "-covermode=count", "./calm"], file: "c.out" },
  { args: ["-coverpkg=./...", "./calm", "./leaks"], finds: LEAK },
  { args: ["-count=3", "-v", "./leaks"], finds: LEAK },
  { args: ["-count", "2", "-cpu=1,2", "-v", "./calm"] },
  { args: ["-run", "TestSub/two", "-v", "./calm"] },
  { args: ["-run=Nothing", "./calm"] },
  { args: ["-skip=TestLeak", "-v", "./leaks"] },
  { args: ["-short", "-v", "./calm"] },
  { args: ["-failfast", "./fails"] },
  { args: ["-shuffle=1", "-v", "./calm"] },
  { args: ["-list=.", "./calm"], open: ["example.com/m/calm"] },
  { args: ["-bench=.", "-benchtime=1x", "-run=^$", "./calm"] },
  { args: ["-fuzz=FuzzTwice", "-fuzztime=5x", "-run=^$", "-parallel=1", "./calm"], lines: VERDICTS },
  { args: ["-run=FuzzTwice", "-v", "./calm"] },
  { args: ["-tags=extra", "-v", "./tagged"] },
  { args: ["./tagged"] },
  { args: ["-trimpath", "-v", "./leaks"], finds: LEAK },
  { args: ["-gcflags=-N -l", "-ldflags=-s -w", "./leaks"], finds: LEAK },
  { args: ["-vet=off", "-p=1", "-parallel=1", "./calm", "./leaks"], finds: LEAK },
  { args: ["-v", "./calm", "-args", "-word=given"] },
  { args: ["./calm", "-word=given", "-v"] },
  { args: ["-C", "calm", "-v"] },
  { args: [], folder: "m/leaks", finds: LEAK },
  { args: ["-v", "./fails"] },
  { args: ["./calm", "./fails", "./leaks"], finds: LEAK },
  { args: ["./panics"], lines: VERDICTS, open: ["example.com/m/panics"] },
  { args: ["./exits"] },
  { args: ["-timeout=300ms", "./hangs"], lines: VERDICTS, open: ["example.com/m/hangs"] },
  { args: ["./broken", "./calm"] },
  { args: ["./nope"] },
  { args: ["-overlay=overlay.json", "-v", "./overlaid"] },
  { args: ["-v", "./overlaid"], env: { GOFLAGS: "-overlay=overlay.json" } },
  { args: ["./calm"], env: { GOFLAGS: "-v -count=2" } },
  { args: ["-v", "."], folder: "vendored", finds: ["TestDep"] },
  { args: ["-mod=mod", "-v", "."], folder: "vendored", finds: ["TestDep"] },
  { args: ["-v", "./a/...", "./b/..."], folder: "space", finds: ["TestA"] },
  { args: ["-v", "example.com/b"], folder: "space", finds: ["TestA"] },
];

/** Without what differs from run to run of the plain command, too. */
const settled = (text: string): string =>
  text
    .replace(/\(cached\)/g, "0.000s")
    .replace(/\b\d+(\.\d+)?(m?s|µs)\b/g, "0$2")
    .replace(/"(Time|Elapsed)":("[^"]*"|[\d.e-]+)/g, '"$1":0')
    .replace(/\s+\d+(\.\d+)? ns\/op/g, " N ns/op")
    .replace(/execs: \d+ \(\d+\/sec\)/g, "execs")
    .replace(/0x[0-9a-f]+/g, "0x")
    .split("\n")
    .filter((line) => !/^(fuzz: elapsed|cpu:)/.test(line))
    .join("\n");

/** Two packages are built and run at once: their order in the stream of -json is free. */
const sorted = (text: string, args: readonly string[]): string => (args.includes("-json") ? text.split("\n").sort().join("\n") : text);
const only = (text: string, lines: RegExp | undefined): string => (lines === undefined ? text : text.split("\n").filter((line) => lines.test(line)).join("\n"));

describe("unpark test --native is go test", () => {
  for (const { args, folder = "m", env, finds = [], open = [], lines, file } of ROWS) {
    it(`${[...Object.entries(env ?? {}).map(([name, value]) => `${name}='${value}'`), "go test", ...args].join(" ")}${folder === "m" ? "" : ` in ${folder}`}`, async () => {
      const cwd = join(root, folder);
      const plain = spawnSync("go", ["test", ...args], { cwd, encoding: "utf8", env: environment(env) });
      const read = (): string | undefined => (file === undefined ? undefined : readFileSync(join(cwd, file), "utf8"));
      const written = read();
      let stdout = "";
      const { report, goTest } = await nativeTest({ cwd, env: environment(env), args, unparkVersion: "test" }, (stream, bytes) => void (stdout += stream === "stdout" ? Buffer.from(bytes).toString() : ""));
      const shown = (text: string): string => sorted(settled(only(text, lines)), args);
      assert.equal(shown(stdout), shown(plain.stdout), plain.stderr);
      assert.equal(goTest, plain.status);
      assert.deepEqual(read(), written);
      assert.deepEqual(report.examinations.flatMap(({ findings }) => findings.map(({ test }) => test)), finds);
      assert.deepEqual(report.examinations.filter(({ outcome }) => outcome === "no verdict").map((one) => one.package), open);
    });
  }

  it("but for the test cache: a result is never taken from it, for what was left then is not known", async () => {
    const again = async (): Promise<string> => {
      let stdout = "";
      await nativeTest({ cwd: join(root, "m"), env: environment(), args: ["./calm"], unparkVersion: "test" }, (_, bytes) => void (stdout += Buffer.from(bytes).toString()));
      return stdout;
    };
    await again();
    assert.doesNotMatch(await again(), /\(cached\)/);
    spawnSync("go", ["test", "./calm"], { cwd: join(root, "m"), env: environment() });
    const plain = spawnSync("go", ["test", "./calm"], { cwd: join(root, "m"), encoding: "utf8", env: environment() });
    assert.match(plain.stdout, /\(cached\)/); // nor does Unpark's run take the plain one's result away
  });
});
