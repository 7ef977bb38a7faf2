// goleak and the native mode on the same table of cases, test/native/cases. Writes
// test/native/GOLEAK.md.   node scripts/goleak-table.mjs      Needs the Go module proxy once.
// goleak is used in its kindest form: `defer goleak.VerifyNone(t, goleak.IgnoreCurrent())` as the first statement of
// each test, so that what was left before is not blamed again. All tests run in one process, as `go test` runs them.
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const GOLEAK = "v1.3.0";
const root = fileURLToPath(new URL("..", import.meta.url));
const cases = join(root, "test", "native");
const work = mkdtempSync(join(tmpdir(), "unpark-goleak-"));
const go = (...args) => spawnSync("go", args, { cwd: work, encoding: "utf8" });

cpSync(join(cases, "cases"), work, { recursive: true });
writeFileSync(join(work, "go.mod"), `module example.com/native/cases\n\ngo 1.24\n`);
let names = [];
for (const file of ["cases_test.go", "synctest_test.go"]) {
  const source = readFileSync(join(work, file), "utf8");
  names = [...names, ...[...source.matchAll(/^func (Test(?!Main)\w+|Example\w+|Benchmark\w+|Fuzz\w+)\(/gm)].map((m) => m[1])];
  const checked = source
    .replace(/^(func Test(?!Main)\w+\(t \*testing\.T\)\s*\{)/gm, "$1 defer goleak.VerifyNone(t, goleak.IgnoreCurrent());")
    .replace(/^import \(\n/m, 'import (\n\t"go.uber.org/goleak"\n');
  writeFileSync(join(work, file), checked);
}
const got = go("get", `go.uber.org/goleak@${GOLEAK}`);
if (got.status !== 0) throw new Error(got.stderr);
const tested = go("test", "-count=1", "-json", "-vet=off", ".");
if (!tested.stdout.includes('"Test":"TestLeak"')) throw new Error(tested.stdout + tested.stderr);
const events = tested.stdout.split("\n").filter((line) => line.startsWith("{")).map((line) => JSON.parse(line));
rmSync(work, { recursive: true, force: true });

/** Test -> the tests whose goroutines goleak told in it. */
const told = new Map(names.map((name) => [name, new Set()]));
for (const { Test, Output } of events) {
  const name = Test?.split("/")[0];
  if (!told.has(name)) continue;
  for (const match of (Output ?? "").matchAll(/^\s*(?:created by )?example\.com\/native\/cases\.((?:Test|Example|Benchmark|Fuzz|init)\w*)/gm)) told.get(name).add(match[1]);
}
const native = (...flags) => {
  const { stdout } = spawnSync(process.execPath, [join(root, "bin", "unpark.js"), "test", "--native", "--json", ...flags, "-bench=.", "-benchtime=1x", "-count=1", "./cases"], { cwd: cases, encoding: "utf8", maxBuffer: 1 << 28 });
  const found = new Map();
  for (const finding of JSON.parse(stdout).programs.flatMap((program) => program.findings)) {
    const name = finding.test?.split("/")[0] ?? "TestAfterFunc";
    found.set(name, [...(found.get(name) ?? []), `${finding.verdict}${finding.test === undefined ? " (no test named)" : finding.test.includes("/") ? ` in ${finding.test}` : ""}`]);
  }
  return found;
};
const [light, deep] = [native(), native("--deep")];
const leaks = (name) => (deep.get(name) ?? []).length > 0;

function verdict(name) {
  if (!name.startsWith("Test")) return "cannot be asked";
  const own = told.get(name).has(name);
  const others = [...told.get(name)].filter((other) => other !== name);
  const about = own ? (leaks(name) ? "reported" : "**reported, though its cleanup ends it**") : leaks(name) ? "**missed**" : "clean";
  const which = others.length > 2 ? `goroutines of ${others.length} other tests` : others.join(", ");
  return others.length > 0 ? `${about}; **blamed for ${which}**` : about;
}
const line = (cells) => `| ${cells.join(" | ")} |`;
const rows = names.map((name) => [name, verdict(name), (light.get(name) ?? ["–"]).join(", "), (deep.get(name) ?? ["–"]).join(", ")]);
const text = `# goleak and the native mode, side by side

Written by \`node scripts/goleak-table.mjs\`: go.uber.org/goleak ${GOLEAK}, ${spawnSync("go", ["version"], { encoding: "utf8" }).stdout.trim()}. The cases are
\`test/native/cases\`; goleak as \`defer goleak.VerifyNone(t, goleak.IgnoreCurrent())\` at the top of each test.

goleak looks at all goroutines of the process when the deferred call runs: it cannot tell parallel tests' goroutines apart
(its issues 16 and 83), and what begins or ends after that call (cleanups, parallel subtests) is missed or blamed. It does
not say whether anything can still wake a goroutine. It adds a line to each test; Unpark adds none.

${[line(["case", "goleak", "native, light", "native, --deep"]), line(["---", "---", "---", "---"]), ...rows.map(line)].join("\n")}
`;
writeFileSync(join(cases, "GOLEAK.md"), text);
console.log(text);
