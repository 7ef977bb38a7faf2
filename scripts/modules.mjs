// Published concurrent modules, unchanged: their own tests natively and under Unpark, side by side, and every finding
// with its judgement. Keeps what it measured in test/modules/results.json, module by module, and
// writes test/modules/RESULTS.md from all that is there.
//   node scripts/modules.mjs survey [words]   another table: 40 modules as a new user meets them (modules-survey.mjs)
//   node scripts/modules.mjs [--native-only] [--budget 20s] [words of module names]
// Needs the Go module proxy. A module's tests are copied out of the read-only module cache, so that those that write
// beside their sources can; a module from before go.mod gets one. Nothing else is changed.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { moduleCopy, run } from "./module-copy.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const here = join(root, "test", "modules");
const argv = process.argv.slice(2);
const flag = (name) => argv.includes(name) && argv.splice(argv.indexOf(name), 1).length > 0;
const option = (name, fallback) => (argv.includes(name) ? argv.splice(argv.indexOf(name), 2)[1] : fallback);
if (argv[0] === "survey") {
  const { survey } = await import("./modules-survey.mjs");
  survey(argv.slice(1));
  process.exit();
}
const nativeOnly = flag("--native-only");
const budget = option("--budget", "20s");
const words = argv;
const unknown = words.find((word) => word.startsWith("-"));
if (unknown !== undefined) {
  console.error(`modules: unknown flag ${unknown}; node scripts/modules.mjs [survey] [--native-only] [--budget 20s] [words of module names]`);
  process.exit(2);
}
const table = JSON.parse(readFileSync(join(here, "modules.json"), "utf8"));
/** "module file:line verdict" of a finding (`*` for any line), or "module TestName" of a test that does not pass -> what reading says. */
const judgements = JSON.parse(readFileSync(join(here, "judgements.json"), "utf8"));

/** Top-level tests by "package Test": pass, fail or skip; and the sum of the packages' own times. */
function native(folder) {
  run("go", ["test", "-count=1", "-run", "^$", "./..."], folder); // builds, so that only the tests are timed
  const { stdout } = run("go", ["test", "-count=1", "-vet=off", "-run", "^Test", "-json", "./..."], folder);
  const tests = new Map();
  let seconds = 0;
  for (const line of stdout.split("\n")) {
    if (!line.startsWith("{")) continue;
    const event = JSON.parse(line);
    if (!["pass", "fail", "skip"].includes(event.Action)) continue;
    if (event.Test === undefined) seconds += event.Elapsed ?? 0;
    else if (!event.Test.includes("/")) tests.set(`${event.Package} ${event.Test}`, event.Action);
  }
  return { tests, seconds };
}

/** The same under Unpark: first the natural schedule alone, then as many as the budget allows. */
function underControl(folder) {
  const unpark = (...args) => {
    const result = run(process.execPath, [join(root, "bin", "unpark.js"), "test", "--no-native", "--json", ...args, "./..."], folder);
    if (result.stdout.trim() === "") throw new Error(result.stderr.slice(-2000));
    return { report: JSON.parse(result.stdout), seconds: result.seconds };
  };
  unpark("--schedules", "1"); // builds
  return { natural: unpark("--schedules", "1"), explored: unpark("--budget", budget) };
}

const count = (tests, word) => [...tests.values()].filter((each) => each === word).length;
const resultsFile = join(here, "results.json");
const results = existsSync(resultsFile) ? JSON.parse(readFileSync(resultsFile, "utf8")) : {};
let details = [];
const work = mkdtempSync(join(tmpdir(), "unpark-modules-"));
writeFileSync(join(work, "go.mod"), "module work\n\ngo 1.24\n");
for (const entry of table.filter(({ module }) => words.length === 0 || words.some((word) => module.includes(word)))) {
  console.error(`${entry.module} ${entry.version}`);
  details = [];
  const folder = moduleCopy(entry, work);
  const { tests, seconds } = native(folder);
  const row = [`${entry.module} ${entry.version}`, `${count(tests, "pass")} of ${tests.size}`, `${seconds.toFixed(2)} s`];
  if (!nativeOnly) row.push(...control(entry, folder, tests));
  results[entry.module] = { row, details };
  writeFileSync(resultsFile, `${JSON.stringify(results, undefined, 2)}\n`);
  console.error(`  ${row.slice(1).join(" | ")}\n${details.map((d) => `  ${d.text}`).join("\n")}`);
}
rmSync(work, { recursive: true, force: true });

function control({ module }, folder, tests) {
  let result;
  try {
    result = underControl(folder);
  } catch (error) {
    details.push({ text: `${module}: could not be run: ${error.message.trim().split("\n").at(-1)}` });
    return ["–", "–", "–", "–"];
  }
  // Examples and benchmarks are run natively (one program for a package): only tests are compared here.
  const isTest = ({ name, package: pkg }) => tests.has(`${pkg} ${name}`);
  const programs = result.natural.report.programs.filter(isTest);
  const passed = programs.filter(({ outcome }) => outcome === "passed");
  for (const { name, package: pkg, outcome } of programs) {
    if (outcome !== "passed" && tests.get(`${pkg} ${name}`) === "pass") {
      details.push({ key: `${module} ${name}`, text: `${module} ${name}: passes natively, here: ${outcome}.` });
    }
  }
  const explored = result.explored.report;
  for (const { package: pkg, message } of explored.failures) details.push({ text: `${module}, ${pkg}: ${message}` });
  const findings = explored.programs.flatMap((program) => program.findings).filter(({ verdict }) => verdict !== "cut-short");
  for (const finding of findings) {
    const where = `${finding.blocked.file.split("/").slice(-2).join("/")}:${finding.blocked.line}`;
    const key = `${module} ${where} ${finding.verdict}`;
    details.push({
      key,
      text: `${module} ${finding.test}: **${finding.verdict}** ${finding.cause} x${finding.goroutines} at ${where} (${finding.blocked.reason})`,
    });
  }
  const ms = programs.reduce((sum, program) => sum + (program.milliseconds ?? 0), 0);
  const schedules = explored.programs.filter(isTest).reduce((sum, program) => sum + program.schedules, 0);
  const complete = explored.programs.filter((one) => isTest(one) && one.complete).length;
  return [
    `${passed.length} of ${programs.length}`,
    `${(ms / 1000).toFixed(2)} s (command ${result.natural.seconds.toFixed(1)} s)`,
    `${schedules} schedules, ${complete} of ${programs.length} complete, ${result.explored.seconds.toFixed(0)} s, ${budget} a test`,
    `${findings.length}`,
  ];
}

const heads = ["module", "passes natively", "native time", "passes here", "time here, natural schedule", "explored", "findings"];
const line = (cells) => `| ${cells.join(" | ")} |`;
const go = run("go", ["version"], root).stdout.trim();
const measured = table.flatMap(({ module }) => (results[module] ? [results[module]] : []));
const missing = table.filter(({ module }) => !results[module]).map(({ module, version }) => `${module} ${version}`);
const judgement = (key) => judgements[key] ?? judgements[key.replace(/ .* /, " * ")] ?? "NOT JUDGED YET.";
const judged = ({ text, key }) => `- ${text}${key === undefined ? "" : ` ${judgement(key)}`}`;
const text = `# Published modules, unchanged

Written by \`node scripts/modules.mjs\` on ${cpus().length} cores (${cpus()[0].model.trim()}), ${go}, Node ${process.version};
each test explored for the budget that its row names. "Passes" counts top-level tests; skipped ones do not pass. Times are real: natively the sum of what
\`go test\` reports for its packages, here of what the programs took in one schedule, and the whole command with it. Load average at the end: ${loadavg()[0].toFixed(0)}
(a busy machine explores fewer schedules in its budget, and its times are longer).

${[line(heads), line(heads.map(() => "---")), ...measured.map(({ row }) => line(row))].join("\n")}

${missing.length === 0 ? "" : `Not measured yet: ${missing.join(", ")}.\n`}
## What does not pass here, and each finding with its judgement

${measured.flatMap((one) => one.details).map(judged).join("\n") || "Nothing."}
`;
writeFileSync(join(here, "RESULTS.md"), text);
