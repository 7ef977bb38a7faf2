// The survey, `node scripts/modules.mjs survey [--natural | --plain] [words of module names]`: published modules that nothing was tuned
// for, as a new user meets them. Of each: its top-level tests natively; which of those that pass do so in the natural schedule;
// and the plain `unpark test`, with its exit code, its lines and its seconds. Keeps each module's numbers in
// test/modules/survey.json as soon as it is done, and writes test/modules/SURVEY.md from all that is there: run it in portions.
// --natural leaves the plain command's row as it was, --plain the two others'; with UNPARK_SURVEY_KEEP=FOLDER what the plain command
// wrote is kept there, to be read. Every command has a limit of time; what it cuts is said. Needs the Go module proxy.
import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isNote } from "../dist/src/model/finding/finding.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const here = join(root, "test", "modules");
const read = (file, fallback) => (existsSync(join(here, file)) ? JSON.parse(readFileSync(join(here, file), "utf8")) : fallback);
const table = read("survey-modules.json");
const judgements = read("survey-judgements.json", {});
const results = read("survey.json", {});
/** Milliseconds: the native run, the natural schedules, the plain command. */
const LIMITS = { native: 120_000, natural: 360_000, plain: 300_000 };
/** Real time for each test's natural schedule, and for a whole command. */
const BUDGET = "60s";
const TOTALS = { natural: "320s", plain: "120s" };
const build = run("git", ["rev-parse", "--short", "HEAD"], root, 10_000).stdout.trim();

export function survey(given) {
  const words = given.filter((word) => !word.startsWith("--"));
  const only = given.find((word) => word.startsWith("--"));
  if (![undefined, "--natural", "--plain"].includes(only)) throw new Error(`modules: unknown flag ${only}`);
  const work = mkdtempSync(join(tmpdir(), "unpark-survey-"));
  try {
    writeFileSync(join(work, "go.mod"), "module work\n\ngo 1.24\n");
    for (const entry of table.filter(({ module }) => words.length === 0 || words.some((word) => module.includes(word)))) {
      const row = only === "--plain" ? { ...results[entry.module], ...plainAnew(entry, work, results[entry.module]) } : { version: entry.version, packages: entry.packages ?? ["./..."], load: Math.round(loadavg()[0]), totals: TOTALS, ...measure(entry, work, only === "--natural" ? results[entry.module] : undefined) };
      Object.assign(results, read("survey.json", {}), { [entry.module]: row }); // others may measure other modules beside this one
      writeFileSync(join(here, "survey.json"), `${JSON.stringify(results, undefined, 1)}\n`);
      const { findings, ...numbers } = row;
      console.error(entry.module, JSON.stringify({ ...numbers, findings: findings?.length }));
      rmSync(join(work, "module"), { recursive: true, force: true });
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  writeFileSync(join(here, "SURVEY.md"), page());
}

function run(command, args, cwd, timeout, env = {}) {
  const started = performance.now();
  const { status, stdout = "", stderr = "" } = spawnSync(command, args, { cwd, encoding: "utf8", maxBuffer: 1 << 30, timeout, killSignal: "SIGINT", env: { ...process.env, GOWORK: "off", ...env } });
  return { status, stdout, stderr, seconds: Math.round((performance.now() - started) / 100) / 10 };
}

/** `earlier`: what the plain command did then stays. */
function measure(entry, work, earlier) {
  const folder = fetch(entry, work);
  if (typeof folder === "string" && folder.startsWith("cannot")) return { failed: folder };
  const packages = entry.packages ?? ["./..."];
  let native = nativeTests(folder, packages);
  if (native.tests === 0) {
    run("go", ["mod", "tidy"], folder, LIMITS.native); // some modules are published without the requirements of their tests
    native = nativeTests(folder, packages);
  }
  const file = join(work, "report.json");
  const unpark = (limit, ...args) => run(process.execPath, [join(root, "bin", "unpark.js"), "test", ...args, ...packages], folder, limit);
  const natural = unpark(LIMITS.natural, "--no-native", "--no-cache", "--schedules", "1", "--budget", BUDGET, "--total", TOTALS.natural, `--json=${file}`);
  const report = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : { programs: [], failures: [{ package: "*", message: natural.stderr.slice(-300) }] };
  const counted = { native: { passed: native.passed.length, tests: native.tests, seconds: native.seconds }, ...sameTests(native, report, natural.seconds) };
  if (earlier?.plain !== undefined) return { ...counted, plain: earlier.plain, findings: earlier.findings };
  return { ...counted, ...plainCommand(entry, work, folder, native.packages) };
}

/** The plain command of a module whose other columns stay. */
function plainAnew(entry, work, { plain }) {
  const folder = fetch(entry, work);
  if (folder.startsWith("cannot")) return { failed: folder };
  if (run("go", ["list", "-deps", "-test", ...(entry.packages ?? ["./..."])], folder, LIMITS.native).status !== 0) run("go", ["mod", "tidy"], folder, LIMITS.native);
  return plainCommand(entry, work, folder, plain.packages);
}

function plainCommand(entry, work, folder, packages) {
  const file = join(work, "report.json");
  rmSync(file, { force: true });
  const load = Math.round(loadavg()[0]);
  const plain = run(process.execPath, [join(root, "bin", "unpark.js"), "test", "--no-cache", "--total", TOTALS.plain, `--json=${file}`, ...(entry.packages ?? ["./..."])], folder, LIMITS.plain); // the text goes to stdout all the same
  const report = existsSync(file) ? readFileSync(file, "utf8") : '{ "programs": [] }';
  if (process.env.UNPARK_SURVEY_KEEP) {
    const name = join(process.env.UNPARK_SURVEY_KEEP, entry.module.replaceAll("/", "_"));
    for (const [end, text] of [["json", report], ["out", plain.stdout], ["err", plain.stderr]]) writeFileSync(`${name}.${end}`, text);
  }
  const findings = JSON.parse(report).programs.flatMap((program) => program.findings.filter((finding) => !isNote(finding)).map(told));
  return { plain: { exit: plain.status, lines: plain.stdout.split("\n").length - 1, packages, seconds: plain.seconds, load, build }, findings };
}

/** A writable copy of the module as the proxy gives it. */
function fetch({ module, version }, work) {
  const { status, stdout, stderr } = run("go", ["mod", "download", "-json", `${module}@${version}`], work, 120_000, { GOFLAGS: "-mod=mod" });
  if (status !== 0) return `cannot download ${module}@${version}: ${(stderr || stdout).slice(-200)}`;
  const folder = join(work, "module");
  mkdirSync(folder, { recursive: true });
  cpSync(JSON.parse(stdout).Dir, folder, { recursive: true });
  for (const path of [".", ...readdirSync(folder, { recursive: true, encoding: "utf8" })]) chmodSync(join(folder, path), 0o755);
  if (!existsSync(join(folder, "go.mod"))) writeFileSync(join(folder, "go.mod"), `module ${module}\n\ngo 1.24\n`);
  return folder;
}

function nativeTests(folder, packages) {
  run("go", ["test", "-count=1", "-run", "^$", ...packages], folder, LIMITS.native); // builds, so that only the tests are timed
  const { stdout, seconds } = run("go", ["test", "-count=1", "-vet=off", "-run", "^Test", "-json", "-timeout=100s", ...packages], folder, LIMITS.native);
  const actions = new Map();
  const paths = new Set();
  for (const line of stdout.split("\n")) {
    if (!line.startsWith("{")) continue;
    const { Action, Test, Package } = JSON.parse(line);
    if (Package !== undefined) paths.add(Package);
    if (Test !== undefined && !Test.includes("/") && ["pass", "fail", "skip"].includes(Action)) actions.set(`${Package} ${Test}`, Action);
  }
  return { passed: [...actions].filter(([, action]) => action === "pass").map(([test]) => test), tests: actions.size, packages: paths.size, seconds };
}

function sameTests({ passed }, { programs, failures }, seconds) {
  const outcomes = new Map(programs.map(({ package: path, name, outcome }) => [`${path} ${name}`, outcome]));
  const others = passed.filter((test) => outcomes.get(test) !== "passed");
  return {
    natural: { passed: passed.length - others.length, of: passed.length, seconds },
    others: others.map((test) => `${test.split("/").at(-1)}: ${outcomes.get(test) ?? "not run"}`),
    failures: failures.map(({ package: path, message }) => `${path}: ${message.split("\n").slice(0, 4).join(" ").slice(0, 300)}`),
  };
}

const told = ({ test, verdict, cause, blocked, needsStall }) => ({ test, verdict, cause, at: `${blocked.file.split("/").slice(-2).join("/")}:${blocked.line}`, reason: blocked.reason, ...(needsStall ? { needsStall } : {}) });

/** What the time left out says nothing of the program. */
const CUT = /: (?:no verdict|not run)$/;

/** What was not begun is told by its number; what was cut by its names, for it was heavy. */
const listed = ({ module, others }) => {
  const idle = others.filter((other) => other.endsWith(": not run")).length;
  return { named: others.filter((other) => !other.endsWith(": not run")), idle: idle === 0 ? [] : [`- ${module}: ${idle} tests were not begun when the time was over.`] };
};

function page() {
  const rows = table.flatMap(({ module }) => (results[module] ? [{ module, ...results[module] }] : []));
  const done = rows.filter(({ natural }) => natural !== undefined);
  const sum = (pick) => done.reduce((total, one) => total + pick(one), 0);
  const [passed, of] = [sum(({ natural }) => natural.passed), sum(({ natural }) => natural.of)];
  const uncut = sum(({ natural, others }) => natural.of - others.filter((one) => CUT.test(one)).length);
  const earlier = done.filter(({ totals }) => totals === undefined).map(({ module }) => module.split("/").slice(1).join("/"));
  const before = done.filter(({ plain }) => plain.build === undefined).map(({ module }) => module.split("/").slice(1).join("/"));
  const judged = (key, otherwise = "Not judged yet.") => judgements[key] ?? judgements[key.replace(/^(\S+) \S+ (\S+)$/, "$1 $2")] ?? judgements[key.replace(/ \S+$/, " *")] ?? otherwise;
  const cell = ({ module, version, native, natural, plain, findings, failed, load }) =>
    failed ? `| ${module} ${version} | ${failed} | | | | | |` : `| ${module} ${version} | ${native.passed} of ${native.tests} | ${native.seconds} s | ${natural.passed} of ${natural.of} | ${natural.seconds} s | ${plain.exit ?? "limit"}; ${plain.lines} lines of ${plain.packages} packages; ${plain.seconds} s | ${findings.length} | ${plain.load ?? load}${plain.build ? `; ${plain.build}` : ""} |`;
  return `# The survey: published modules as a new user meets them

Written by \`node scripts/modules.mjs survey\` on ${cpus().length} cores, Node ${process.version}, ${run("go", ["version"], root, 10_000).stdout.trim()}; other
work ran on the machine (load: processes that wanted one of the cores when the module was begun), so its times are long, and
budgets of real time (${BUDGET} for a natural schedule, 3 s a test of the plain command) reach less far than on a quiet one. A command is bounded:
${LIMITS.native / 1000} s natively, \`--total ${TOTALS.natural}\` for the natural schedules, \`--total ${TOTALS.plain}\` for the plain command ("limit": it had to be ended from outside).${earlier.length === 0 ? "" : ` The rows of ${earlier.join(", ")}
are of an earlier build, which had ${LIMITS.natural / 1000} s and ${LIMITS.plain / 1000} s instead, and no --total.`}${before.length === 0 ? "" : `
The plain command of ${before.join(", ")} is of an earlier build; the others' rows name the commit.`}

**${passed} of ${of} top-level tests that pass natively pass in the natural schedule (${((100 * passed) / Math.max(of, 1)).toFixed(1)} %), in ${done.length} modules.**
Of the ${uncut} that had their turn and came to an end within these times, ${passed} pass (${((100 * passed) / Math.max(uncut, 1)).toFixed(1)} %); the others were cut by the time, or not begun.

| module | passes natively | time | of these, in the natural schedule | time | plain \`unpark test\`: exit | failing findings | load; commit |
| --- | --- | --- | --- | --- | --- | --- | --- |
${rows.map(cell).join("\n")}

Not measured: ${table.filter(({ module }) => !results[module]).map(({ module }) => module).join(", ") || "none"}.

## What does not pass in its natural schedule

${done.flatMap(({ module, others, failures, load }) => [...listed({ module, others }).named.map((other) => `- ${module} ${other}. ${judged(`${module} ${other.split(":")[0]}`, CUT.test(other) ? `Cut after ${BUDGET} or with the whole command; the load was ${load}.` : undefined)}`), ...listed({ module, others }).idle, ...failures.filter((failure) => !failure.includes("left out when the total time ended")).map((failure) => `- ${module}, ${failure}`)]).join("\n") || "Nothing."}

## The failing findings of the plain command

${done.flatMap(({ module, findings }) => findings.map(({ test, verdict, cause, at, reason, needsStall }) => `- ${module} ${test}: **${verdict}** [${cause}] at ${at} (${reason})${needsStall ? ", only on a machine that stalls" : ""}. ${judged(`${module} ${at}`)}`)).join("\n") || "None."}
`;
}
