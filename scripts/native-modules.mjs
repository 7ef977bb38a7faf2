// Published modules' own test suites, unchanged, in the light native mode: time against plain `go test`, and every finding
// with its judgement. Writes test/native/MODULES.md.
//   node scripts/native-modules.mjs [--runs 5] [--seconds 20] [words of module names]
// Times are medians of runs taken in turn (plain, native, native, plain …), twice over: of the test processes alone, each
// package's binary built once and run again and again (--seconds for a module, five rounds at least, 41 at most: the cost
// of one process shows only over many); and of the whole command, Unpark's own start included (--runs).
// Needs the Go module proxy. Findings are judged in test/native/judgements.json by reading the code.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { moduleCopy, run } from "./module-copy.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const here = join(root, "test", "native");
const argv = process.argv.slice(2);
const option = (name, fallback) => (argv.includes(name) ? argv.splice(argv.indexOf(name), 2)[1] : fallback);
const runs = Number(option("--runs", "5"));
const budget = Number(option("--seconds", "20"));
const table = JSON.parse(readFileSync(join(here, "modules.json"), "utf8"));
const judgements = JSON.parse(readFileSync(join(here, "judgements.json"), "utf8"));

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
const verdictOf = (text) => [...text.matchAll(/^(ok|FAIL)\s*\t(\S+)/gm)].map((m) => `${m[1]} ${m[2]}`).sort().join("\n");
const unpark = (folder, ...args) => run(process.execPath, [join(root, "bin", "unpark.js"), "test", "--native", ...args], folder);

/** The test processes of a module's packages one after the other, plain and native in turn: seconds, median of the sums. */
function processes(folder, work) {
  const listed = run("go", ["list", "-f", "{{if or .TestGoFiles .XTestGoFiles}}{{.ImportPath}} {{.Dir}}{{end}}", "./..."], folder).stdout.trim().split("\n");
  const binaries = listed.filter(Boolean).flatMap((line, i) => {
    const [path, dir] = line.split(" ");
    const files = { plain: join(work, `${i}.plain`), native: join(work, `${i}.native`) };
    run("go", ["test", "-c", "-vet=off", "-o", files.plain, path], folder);
    unpark(folder, "-c", "-vet=off", "-o", files.native, path);
    return existsSync(files.plain) && existsSync(files.native) ? [{ dir, files }] : [];
  });
  const all = (kind) =>
    binaries.reduce((sum, { dir, files }) => {
      const reports = mkdtempSync(join(work, "reports-"));
      const { seconds } = run(files[kind], ["-test.timeout=10m", "-test.paniconexit0"], dir, kind === "native" ? { UNPARK_NATIVE: reports } : {});
      rmSync(reports, { recursive: true });
      return sum + seconds;
    }, 0);
  const times = { plain: [all("plain")], native: [all("native")] };
  const rounds = Math.min(41, Math.max(5, Math.ceil(budget / (times.plain[0] + times.native[0]))));
  for (let i = 1; i < rounds; i++) for (const kind of i % 2 ? ["native", "plain"] : ["plain", "native"]) times[kind].push(all(kind));
  for (const { files } of binaries) for (const file of Object.values(files)) rmSync(file);
  return { rounds, plain: median(times.plain), native: median(times.native) };
}

const work = mkdtempSync(join(tmpdir(), "unpark-native-modules-"));
writeFileSync(join(work, "go.mod"), "module work\n\ngo 1.24\n");
const rows = [];
const details = [];
for (const entry of table.filter(({ module }) => argv.length === 0 || argv.some((word) => module.includes(word)))) {
  console.error(`${entry.module} ${entry.version}`);
  const folder = moduleCopy(entry, work);
  run("go", ["mod", "download"], folder);
  const report = join(work, "report.json");
  const before = run("go", ["test", "-count=1", "-vet=off", "-run=^$", "./..."], folder); // builds
  unpark(folder, "-vet=off", "-run=^$", "./...");
  if (before.status !== 0) console.error(`  does not build as a whole: ${before.stderr.split("\n")[0]}`);
  const alone = processes(folder, work);
  const times = { plain: [], native: [] };
  let plain, native;
  const turns = Math.min(runs, entry.runs ?? runs);
  for (let i = 0; i < turns; i++) {
    times.plain.push((plain = run("go", ["test", "-count=1", "-vet=off", "./..."], folder)).seconds);
    times.native.push((native = unpark(folder, `--json=${report}`, "-count=1", "-vet=off", "./...")).seconds);
  }
  const same = verdictOf(plain.stdout) === verdictOf(native.stdout);
  const findings = JSON.parse(readFileSync(report, "utf8")).programs.flatMap((program) => program.findings);
  const leaked = findings.filter(({ verdict }) => verdict === "leaked");
  const pair = (plain, native) => [`${plain.toFixed(2)} s`, `${native.toFixed(2)} s`, (native / plain).toFixed(2)];
  rows.push([`${entry.module} ${entry.version}`, ...pair(alone.plain, alone.native), String(alone.rounds), ...pair(median(times.plain), median(times.native)), String(turns), same ? "same" : "differ", String(leaked.length), String(findings.length - leaked.length)]);
  console.error(`  ${rows.at(-1).slice(1).join(" | ")}`);
  for (const finding of findings) {
    const file = finding.blocked.file.replace(`${folder}/`, "").replace(/^.*\/(?=src\/)/, "");
    const key = `${entry.module} ${file}:${finding.blocked.line} ${finding.verdict}`;
    details.push(`- ${entry.module} ${finding.test ?? "(timer)"}: **${finding.verdict}** ${finding.cause} x${finding.goroutines}, ${finding.blocked.reason} at ${file}:${finding.blocked.line} in ${finding.blocked.function}. ${judgements[key] ?? "Not judged yet."}`);
  }
}
rmSync(work, { recursive: true, force: true });
const line = (cells) => `| ${cells.join(" | ")} |`;
const heads = ["module", "tests, plain", "tests, native", "ratio", "runs", "command, plain", "command, native", "ratio", "runs", "packages' results", "leaked", "lingering"];
const text = `# Published modules' own tests in the light native mode

Written by \`node scripts/native-modules.mjs\` on ${cpus().length} cores (${cpus()[0].model.trim()}), ${run("go", ["version"], root).stdout.trim()}, Node ${process.version};
load average ${loadavg()[0].toFixed(1)} at the end; medians, plain and native in turn, builds cached. "tests" is the test processes alone, in all;
"command" the whole command, Unpark's own start (Node, go env) included.

${[line(heads), line(heads.map(() => "---")), ...rows.map(line)].join("\n")}

"differ" compares the last run of each: golang-lru's ExampleLRU (an expiry of 100 ms) fails now and then in plain runs as well on a
loaded machine. What is left running is given up to 300 ms to end: that is go-resiliency's 0.3 s. The start of the command costs about 0.3 s (Node, go env), on a loaded machine more;
a package with something left waits 15 to 300 ms for it to end, which shows where all tests take less than a second.

## Each finding with its judgement

${details.join("\n") || "None."}
`;
writeFileSync(join(here, "MODULES.md"), text);
console.log(text);
