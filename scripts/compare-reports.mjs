// Do two checkouts of Unpark report the same? Runs the command lines of both on the same programs with the same seed and the
// same number of schedules, and compares the JSON reports field by field. A schedule that OLD printed is also replayed by NEW.
//   node scripts/compare-reports.mjs OLD [NEW] [--schedules 200] [words of programs]
// OLD and NEW (default: this one) are built checkouts; the programs in Go are OLD's. Writes what differs to stdout; the kept output,
// with the reason for each difference, is docs/compared-reports.md.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual } from "node:util";

const argv = process.argv.slice(2);
const at = argv.indexOf("--schedules");
const schedules = at < 0 ? "200" : argv.splice(at, 2)[1];
const folders = argv.filter((word) => existsSync(join(word, "bin/unpark.js"))).map((word) => resolve(word));
const words = argv.filter((word) => !existsSync(join(word, "bin/unpark.js")));
const [old, now = resolve(fileURLToPath(new URL("..", import.meta.url)))] = folders;
if (old === undefined) {
  process.stderr.write("compare-reports: give a built checkout to compare with, as in: node scripts/compare-reports.mjs ../old\n");
  process.exit(2);
}

const scratch = mkdtempSync(join(tmpdir(), "unpark-compare-"));
process.on("exit", () => rmSync(scratch, { recursive: true, force: true }));
const SETTINGS = ["--schedules", schedules, "--seed", "1", "--workers", "1", "--budget", "60s"];

/** All programs: a main is run, a package of tests is tested. */
function programs() {
  const go = (folder) => join(old, folder);
  const list = [];
  for (const name of readdirSync(go("examples/go"))) {
    const folder = join(go("examples/go"), name);
    if (!existsSync(folder) || name.includes(".")) continue;
    const files = readdirSync(folder);
    if (files.some((file) => file.endsWith("_test.go"))) list.push({ name: `go/${name}`, cwd: go("examples/go"), words: ["test", "--no-native", ...SETTINGS, `./${name}`] });
    else if (files.includes("main.go")) list.push({ name: `go/${name}`, cwd: go("examples/go"), words: ["run", ...SETTINGS, `./${name}`] });
  }
  for (const name of ["many-schedules", "noise", "testing"]) list.push({ name: `fixtures/${name}`, cwd: go(`fixtures/${name}`), words: ["test", "--no-native", ...SETTINGS, "."] });
  for (const name of readdirSync(go("examples/ts")).filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))) {
    list.push({ name: `ts/${name}`, words: ["run", ...SETTINGS, `dist/examples/ts/${name.replace(/ts$/, "js")}`] });
  }
  return list.filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)));
}

/** A TypeScript program runs in its own checkout, whose runtime it imports. */
function report(tree, { cwd = tree, words: line }, file) {
  const { status, stderr } = spawnSync(process.execPath, [join(tree, "bin/unpark.js"), ...line.slice(0, 1), `--json=${file}`, ...line.slice(1)], { cwd, encoding: "utf8" });
  if (!existsSync(file)) return { status, failed: stderr.trim().split("\n").slice(-2).join(" ") };
  // A TypeScript program's paths are those of its checkout: read, compared and replayed as NEW's.
  if (cwd === tree) writeFileSync(file, readFileSync(file, "utf8").replaceAll(tree, now));
  return { status, report: JSON.parse(readFileSync(file, "utf8")) };
}

/** What depends on the machine's speed or names the build. */
const LEFT_OUT = new Set(["milliseconds", "repeated", "origin", "cached"]);
const settled = (value) => JSON.parse(JSON.stringify(value, (key, one) => (LEFT_OUT.has(key) ? undefined : one)));

/** What was changed on purpose: the field, by its path, and why. Counted, and not printed. */
const EXPECTED = [
  [/\.steps\.\d+\.key: undefined -> true$/, "new field: the step is one of those that matter (docs/report-schema.md)"],
  [/\.steps\.\d+\.text: "the clock moves by /, "the clock's steps are told shorter"],
  [/\.(depth|steps\.\d+\.number): \d+ -> \d+$/, "fewer steps: package testing's own locks and channels, and the network's, take none"],
  [/\.goStatements: undefined -> /, "new field: what each go statement started, and how many of it ended (docs/report-schema.md)"],
  [/\.needsStall: undefined -> true$/, "new field: the schedule needs a machine that stalls"],
  [/\.testCode: true -> undefined$/, "blame.ts: the frame of the tested code is blamed, not the test's"],
];

/** The paths at which two values differ; arrays by index. */
function differences(a, b, path = "") {
  if (isDeepStrictEqual(a, b)) return [];
  const both = [a, b].every((one) => typeof one === "object" && one !== null);
  if (!both || Array.isArray(a) !== Array.isArray(b)) return [`${path}: ${short(a)} -> ${short(b)}`];
  if (Array.isArray(a) && a.length !== b.length) return [`${path}: ${a.length} -> ${b.length} entries${path.endsWith("limits") || path.endsWith("findings") ? ` (${short(b)})` : ""}`];
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((key) => differences(a[key], b[key], path === "" ? key : `${path}.${key}`));
}
const short = (value) => String(JSON.stringify(value)).slice(0, 200);

const expected = new Map(EXPECTED.map(([, reason]) => [reason, 0]));
function unexpected(line) {
  const found = EXPECTED.find(([pattern]) => pattern.test(line));
  if (found !== undefined) expected.set(found[1], expected.get(found[1]) + 1);
  return found === undefined;
}

let equal = 0;
let different = 0;
let replayed = 0;
let notReplayed = 0;
for (const [index, program] of programs().entries()) {
  const files = ["old", "new"].map((word) => join(scratch, `${index}-${word}.json`));
  const [before, after] = [report(old, program, files[0]), report(now, program, files[1])];
  const lines = differences(settled(before), settled(after)).filter(unexpected);
  for (const [number, finding] of (before.report?.programs.flatMap(({ findings }) => findings) ?? []).entries()) {
    if (finding.schedule === undefined) continue;
    const again = spawnSync(process.execPath, [join(now, "bin/unpark.js"), "replay", "--json", "--finding", String(number + 1), files[0]], { cwd: program.cwd ?? now, encoding: "utf8" });
    const shows = again.status !== 2 && JSON.parse(again.stdout).programs.some(({ findings }) => findings.some(({ blocked }) => blocked.line === finding.blocked.line));
    if (shows) replayed++;
    else {
      notReplayed++;
      lines.push(`finding ${number + 1} (${finding.verdict} ${finding.blocked.line}) does not replay: ${again.stderr.trim().split("\n").at(-1)}`);
    }
  }
  if (lines.length === 0) equal++;
  else {
    different++;
    process.stdout.write(`${program.name}\n${lines.map((line) => `  ${line}\n`).join("")}`);
  }
}
for (const [reason, count] of expected) if (count > 0) process.stdout.write(`\n${count} times: ${reason}`);
process.stdout.write(`\n\n${equal} reports are equal, ${different} differ. Of ${replayed + notReplayed} schedules that the old one printed ${replayed} replay.\n`);
