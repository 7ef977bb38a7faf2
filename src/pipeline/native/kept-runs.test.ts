// With real Go: R1 to R5 of kept-runs.ts, each as a sequence of runs. Each test binary counts its runs in a file outside its module.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, it } from "node:test";
import { nativeTest } from "./native.js";

const home = mkdtempSync(join(tmpdir(), "unpark-kept-"));
after(() => rmSync(home, { recursive: true, force: true }));
const cache = join(home, "cache");
const counts = join(home, "counts");

/** A package that leaks from a function of this name; `fails`: what its test ends with. */
const source = (name: string, leaky: string, fails = ""): string => `package ${name}

import (
	"os"
	"testing"
)

func ${leaky}() {
	c := make(chan int)
	go func() { c <- 1 }()
}

func Test${name.toUpperCase()}(t *testing.T) {
	f, _ := os.OpenFile(${JSON.stringify(join(counts, name))}, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o666)
	f.WriteString("x")
	f.Close()
	${leaky}()
	${fails}
}
`;

function write(module: string, name: string, text: string): void {
  const dir = join(home, module, name);
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(home, module, "go.mod"), "module example.test/kept\n\ngo 1.24\n");
  writeFileSync(join(dir, "x_test.go"), text);
}

/** What was run now, what was judged by an earlier run, of whose run nothing is known; and where goroutines leak. */
async function runs(module: string, more: Readonly<Record<string, string>> = {}): Promise<string> {
  mkdirSync(counts, { recursive: true });
  const before = timesOf();
  const { report, unknown } = await nativeTest({ cwd: join(home, module), env: { ...process.env, UNPARK_CACHE: cache, ...more }, args: ["./..."], unparkVersion: "test", kept: true }, () => undefined);
  const ran = Object.entries(timesOf()).filter(([name, times]) => times !== (before[name] ?? 0)).map(([name]) => name);
  const short = (path: string): string => path.split("/").at(-1)!;
  const kept = report.examinations.filter(({ coverage, outcome }) => coverage.cached === true && outcome !== "no verdict").map((one) => short(one.package));
  const leaks = report.examinations.flatMap(({ findings }) => findings.map((one) => one.blocked.function.split(".").at(-2)!));
  return `ran ${ran.join(" ") || "-"}, kept ${kept.join(" ") || "-"}, unknown ${unknown.map(short).join(" ") || "-"}: ${leaks.sort().join(" ")}`;
}

const timesOf = (): Readonly<Record<string, number>> => Object.fromEntries((existsSync(counts) ? readdirSync(counts) : []).sort().map((name) => [name, readFileSync(join(counts, name)).length]));

it("a package that go test repeats from its cache is judged by the report of that very run", async () => {
  write("m", "a", source("a", "first"));
  write("m", "b", source("b", "other"));
  assert.equal(await runs("m"), "ran a b, kept -, unknown -: first other");
  assert.equal(await runs("m"), "ran -, kept a b, unknown -: first other");
  write("m", "a", source("a", "second"));
  assert.equal(await runs("m"), "ran a, kept b, unknown -: other second");
  assert.equal(await runs("m"), "ran a, kept b, unknown -: other second", "R3: another run began with the token");
  assert.equal(await runs("m"), "ran -, kept a b, unknown -: other second");
  write("m", "a", source("a", "first"));
  assert.equal(await runs("m"), "ran a, kept b, unknown -: first other", "what Go has kept of the first run stands for another token");
});

it("a run that fails is run each time, and its repair is kept at once", async () => {
  write("f", "c", source("c", "leaks", `t.Fatal("no")`));
  assert.equal(await runs("f"), "ran c, kept -, unknown -: leaks");
  assert.equal(await runs("f"), "ran c, kept -, unknown -: leaks");
  write("f", "c", source("c", "leaks"));
  assert.equal(await runs("f"), "ran c, kept -, unknown -: leaks");
  assert.equal(await runs("f"), "ran -, kept c, unknown -: leaks");
});

it("what Go repeats, and nobody has kept, is not judged: it has to be run again", async () => {
  write("u", "d", source("d", "leaks"));
  assert.equal(await runs("u"), "ran d, kept -, unknown -: leaks");
  const folders = readdirSync(join(cache, "native")).map((name) => join(cache, "native", name));
  for (const file of folders.flatMap((dir) => readdirSync(dir).map((name) => join(dir, name)))) rmSync(file);
  assert.equal(await runs("u"), "ran -, kept -, unknown d: ");
  assert.equal(await runs("u"), "ran d, kept -, unknown -: leaks");
  assert.equal(await runs("u"), "ran -, kept d, unknown -: leaks");
});

it("beside another command that uses the folder nothing is kept; what a killed one has left is taken over", async () => {
  write("l", "e", source("e", "leaks"));
  assert.equal(await runs("l"), "ran e, kept -, unknown -: leaks");
  const dir = readdirSync(join(cache, "native")).map((name) => join(cache, "native", name)).find((one) => readdirSync(one).length === 2 && readdirSync(one).every((name) => name.includes("..")))!;
  const busy = readdirSync(join(cache, "native")).map((name) => join(cache, "native", name, "busy"));
  for (const file of busy) writeFileSync(file, String(process.pid));
  assert.equal(await runs("l"), "ran e, kept -, unknown -: leaks");
  for (const file of busy) writeFileSync(file, "4194305"); // above the largest process id of Linux
  assert.equal(await runs("l"), "ran -, kept e, unknown -: leaks");
  assert.ok(!existsSync(join(dir, "busy")));
});
