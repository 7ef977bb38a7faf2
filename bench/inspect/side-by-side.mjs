// `node bench/inspect/side-by-side.mjs GOKER`: what unpark inspect, panicparse, gostackparse, goroutine-inspect and
// `go tool pprof -top` read of the same texts, and what each shows first. Writes bench/inspect/side-by-side.md.
// GOKER is a folder of dumps that `node scripts/goker-dumps.mjs --keep GOKER` has left. goroutine-inspect is no Go module that
// the proxy has: its source is cloned at a fixed commit from GOROUTINE_INSPECT (a folder or URL), or it is left out.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openSuite, table } from "../../scripts/goker-pool.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const unpark = fileURLToPath(new URL("../../bin/unpark.js", import.meta.url));
const { FORMS } = await import("../../dist/src/parse/testing/carried-forms.js");
const goker = process.argv[2];
const scratch = mkdtempSync(join(tmpdir(), "unpark-readers-"));
const COMMIT = "50d967e294de7d1e151c8ace965971e0110c3463";

// ---- the tools

execFileSync("go", ["build", "-o", join(scratch, "readers"), "."], { cwd: join(here, "readers"), stdio: "inherit" });

/** Its own reader (load.go, goroutine.go) behind a main that counts: its own is a prompt. */
function goroutineInspect() {
  const from = process.env.GOROUTINE_INSPECT ?? "https://github.com/linuxerwang/goroutine-inspect";
  const folder = join(scratch, "goroutine-inspect");
  if (spawnSync("git", ["clone", "-q", from, folder], { stdio: "ignore" }).status !== 0 || spawnSync("git", ["-C", folder, "checkout", "-q", COMMIT]).status !== 0) return undefined;
  for (const file of readdirSync(folder)) if (file.endsWith(".go") && !["load.go", "goroutine.go"].includes(file)) rmSync(join(folder, file));
  writeFileSync(join(folder, "main.go"), `package main

import ("fmt"; "os")

func main() {
	dump, err := load(os.Args[1])
	if err != nil { fmt.Println(0, 0); return }
	stacks := 0
	for _, g := range dump.goroutines { if g.lines > 0 { stacks++ } }
	fmt.Println(len(dump.goroutines), stacks)
}
`);
  // What it needs for its prompt (colours, conditions) the module proxy does not have either: reading uses none of it.
  for (const [path, text] of Object.entries(STUBS)) {
    mkdirSync(join(folder, path), { recursive: true });
    writeFileSync(join(folder, path, "stub.go"), text);
    writeFileSync(join(folder, path, "go.mod"), `module ${path}\n`);
  }
  writeFileSync(join(folder, "go.mod"), `module goroutine-inspect\n\ngo 1.21\n\nrequire (\n${Object.keys(STUBS).map((path) => `\t${path} v0.0.0\n`).join("")})\n\nreplace (\n${Object.keys(STUBS).map((path) => `\t${path} => ./${path}\n`).join("")})\n`);
  const run = (...argv) => spawnSync("go", argv, { cwd: folder, encoding: "utf8" });
  const built = run("build", "-o", join(scratch, "inspect"), ".");
  if (built.status !== 0) console.error(`goroutine-inspect does not build: ${built.stderr.slice(0, 300)}`);
  return built.status === 0 ? join(scratch, "inspect") : undefined;
}
const STUBS = {
  "github.com/Knetic/govaluate": `package govaluate

type ExpressionFunction func(arguments ...interface{}) (interface{}, error)
type Expression struct{}

func NewEvaluableExpressionWithFunctions(string, map[string]ExpressionFunction) (*Expression, error) { return nil, nil }
func (*Expression) Evaluate(map[string]interface{}) (interface{}, error) { return nil, nil }
`,
  "github.com/foize/go.sgr": `package sgr

func Printf(string, ...interface{}) {}
func Print(...interface{})          {}
func Println(...interface{})        {}
`,
};
const inspector = goroutineInspect();

const run = (argv) => spawnSync(argv[0], argv.slice(1), { encoding: "utf8", maxBuffer: 1 << 28, timeout: 60_000 });
const words = ({ stdout }) => {
  const [, count = "0", stacks = "0", first = ""] = /^(\d+) (\d+) ?(.*)/.exec(stdout) ?? [];
  return { goroutines: Number(count), stacks: Number(stacks), first };
};
function withUnpark(file) {
  const { stdout } = run([process.execPath, unpark, "inspect", "--json", file]);
  const report = stdout.startsWith("{") ? JSON.parse(stdout).snapshots[0] : { goroutines: 0, groups: [], suspects: [], losses: [] };
  const [suspect] = report.suspects.filter(({ confidence }) => confidence !== "low");
  const group = suspect && report.groups.find((one) => one.group === suspect.group);
  const outermost = group?.stack.findLast((frame) => frame.function !== "runtime.goexit")?.function ?? "";
  return {
    goroutines: report.goroutines, stacks: report.groups.reduce((n, one) => n + (one.stack.length > 0 && one.stack[0].line > 0 ? one.count : 0), 0),
    first: group ? `${outermost}(...) [${group.waitReason}]` : "", said: report.losses.length > 0 || !stdout.startsWith("{"),
  };
}
const TOOLS = {
  "unpark inspect": withUnpark,
  panicparse: (file) => words(run([join(scratch, "readers"), "panicparse", file])),
  gostackparse: (file) => words(run([join(scratch, "readers"), "gostackparse", file])),
  ...(inspector ? { "goroutine-inspect": (file) => words(run([inspector, file])) } : {}),
  "go tool pprof -top": (file) => {
    const { status, stdout } = run(["go", "tool", "pprof", "-top", file]);
    const total = /of (\d+) total/.exec(stdout)?.[1] ?? "0";
    const first = /flat%[^\n]*\n\s*\S+\s+\S+\s+\S+\s+\S+\s+\S+\s+(\S+)/.exec(stdout)?.[1] ?? "";
    return status === 0 ? { goroutines: Number(total), stacks: Number(total), first } : { goroutines: 0, stacks: 0, first: "" };
  },
};
const names = Object.keys(TOOLS);

// ---- reading: the same two goroutines in each form

mkdirSync(join(scratch, "forms"));
const forms = Object.entries(FORMS).map(([name, text], i) => {
  const file = join(scratch, "forms", `${i}.txt`);
  writeFileSync(file, text);
  return [name, ...names.map((tool) => TOOLS[tool](file))];
});
const whole = (at) => forms.filter((row) => row[at + 1].goroutines === 2 && row[at + 1].stacks === 2).length;
const some = (at) => forms.filter((row) => row[at + 1].goroutines > 0 && row[at + 1].stacks > 0).length;

// ---- naming: the goroutine that is shown first, of a process that hangs

const { suite } = await openSuite();
const dumps = goker === undefined ? [] : readdirSync(goker).filter((file) => file.endsWith(".txt"));
const shown = dumps.map((file) => {
  const documented = suite.documented.get(file.replace(/\.txt$/, ""));
  const path = join(goker, file);
  const profile = join(scratch, "profile.pb.gz");
  run([process.execPath, unpark, "inspect", "--save", profile, path]);
  return [file.replace(/\.txt$/, ""), ...names.map((tool) => {
    const { first, goroutines } = TOOLS[tool](tool.startsWith("go tool") && existsSync(profile) ? profile : path);
    const plain = first.replace(/^main\./, "");
    return { first, goroutines, right: documented.some((pattern) => pattern.test(plain)) };
  })];
});
rmSync(scratch, { recursive: true, force: true });

const cell = ({ goroutines, stacks }) => (goroutines === 2 && stacks === 2 ? "2" : goroutines === 0 ? "–" : stacks === goroutines ? String(goroutines) : `${goroutines} (${stacks} with a stack)`);
const page = `# The same texts, read by others

Written by \`node bench/inspect/side-by-side.mjs\`; do not edit. panicparse v2.5.0, gostackparse v0.7.0${inspector ? `, goroutine-inspect ${COMMIT.slice(0, 7)}` : ""}, ${execFileSync("go", ["version"], { encoding: "utf8" }).trim()}.

## Read

Two goroutines, pasted or logged in ${forms.length} forms (src/parse/testing/carried-forms.ts). *Whole*: both, each with its stack. *Some*: at least
one goroutine with a stack.

${table(["", ...names], [["whole", ...names.map((_, at) => `${whole(at)} of ${forms.length}`)], ["some", ...names.map((_, at) => `${some(at)} of ${forms.length}`)]])}

## Shown first

${dumps.length} dumps of GoKer's kernels (docs/goker-dumps.md). The first thing that each shows: Unpark's first suspect; panicparse's first bucket; of
gostackparse, which only reads, the largest group; of pprof, given the profile that \`unpark inspect --save\` makes of the same dump, the first
line. Counted where it is a goroutine that Go's test documents as leaked. goroutine-inspect shows what one asks it for.

${table(["", ...names], [["read at all", ...names.map((_, at) => `${shown.filter((row) => row[at + 1].goroutines > 0).length} of ${dumps.length}`)], ["documented", ...names.map((tool, at) => (tool === "goroutine-inspect" ? "–" : `${shown.filter((row) => row[at + 1].right).length} of ${dumps.length}`))]])}

${table(["kernel", ...names], shown.map(([name, ...cells]) => [name, ...cells.map(({ first, right }) => (first === "" ? "–" : `${right ? "" : "✗ "}\`${first.replace(/^main\./, "").replaceAll("|", "\\|")}\``))]))}

## Each form

${table(["form", ...names], forms.map(([name, ...cells]) => [name.replaceAll("|", "\\|"), ...cells.map(cell)]))}
`;
writeFileSync(join(here, "side-by-side.md"), page);
console.error(names.map((tool, at) => `${tool}: ${whole(at)} whole, first ${shown.filter((row) => row[at + 1].right).length}`).join("; "));
