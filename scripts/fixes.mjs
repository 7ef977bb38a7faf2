// Every leaking Go row of examples/go under `unpark fix`: the ways that are proved, what they are of the known solutions, or
// why there is none. Writes docs/fixes.md. With --goker, GoKer's kernels in one copy each: docs/fixes-goker.md.
//   node scripts/fixes.mjs [--goker] [--budget 3s] [--strategy NAME] [--from FOLDER] [--print | --update] [words of rows or kernels]
// Needs a built dist/ (npm run build); --goker a Go that carries the kernels (1.26 or later).
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { argv, execPath, versions } from "node:process";
import { fileURLToPath } from "node:url";
import { KNOWN } from "./fixes-known.mjs";
import { checkPatches } from "./fixes-patches.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const bin = join(root, "bin", "unpark.js");
const words = argv.slice(2).filter((word, i, all) => !word.startsWith("--") && all[i - 1] !== "--budget" && all[i - 1] !== "--strategy" && all[i - 1] !== "--from");
const strategy = argv.includes("--strategy") ? argv[argv.indexOf("--strategy") + 1] : undefined;
const budget = argv.includes("--budget") ? argv[argv.indexOf("--budget") + 1] : undefined;
const isGoker = argv.includes("--goker");

/** Every patch of the run, proved or thrown away, and what does not hold of one (fixes-patches.mjs). */
let patches = 0;
const wrongPatches = [];
function noted(answer) {
  const checked = checkPatches(answer);
  patches += checked.patches;
  wrongPatches.push(...checked.wrong);
  for (const words of checked.wrong) console.error(`WRONG PATCH ${words}`);
  return answer;
}

const NEVER_ENDS = new Set(["05-orphan-receiver", "32-endless-loop"]);
/** Of its tests one does nothing that can be seen in an endless loop: it is found when a whole budget is over. */
const BUDGETS = { "32-endless-loop": "10s" };
const folder = isGoker ? (await (await import("./fixes-goker.mjs")).gokerFolder()) : join(root, "examples", "go");

/** With --from: the answers that `unpark fix --json` wrote before, a file for each name. */
const from = argv.includes("--from") ? argv[argv.indexOf("--from") + 1] : undefined;

/** One call of the command; what it could not do is its own words. */
function fix(name, args, cwd) {
  if (from !== undefined) return { name, seconds: undefined, ...JSON.parse(readFileSync(join(from, `${name}.json`), "utf8")) };
  const scratch = mkdtempSync(join(tmpdir(), "unpark-fixes-"));
  const file = join(scratch, "fix.json");
  const started = performance.now();
  const { stdout, stderr } = spawnSync(execPath, [bin, "fix", `--json=${file}`, ...(budget === undefined ? [] : ["--budget", budget]), ...(strategy === undefined ? [] : ["--strategy", strategy]), ...args], { cwd, encoding: "utf8", timeout: 900_000 });
  const seconds = (performance.now() - started) / 1000;
  try {
    return noted({ name, seconds, ...JSON.parse(readFileSync(file, "utf8")) });
  } catch {
    return { name, seconds, findings: [], failures: [{ package: name, message: `${stdout}${stderr}`.trim().split("\n").at(-1) ?? "" }] };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

const cell = (text) => text.replaceAll("|", "\\|").replaceAll("\n", " ");
const proofOf = ({ schedules, complete, before }) => (complete ? `all ${schedules}` : `${schedules}, not all (before: ${before?.schedules ?? "?"})`);
/** Why a finding has no patch: the nearest miss, or what is not there. */
const reasonOf = ({ missed, refused }) => (missed.length > 0 ? `${missed.at(-1).way}: ${missed.at(-1).miss.words}` : refused.length > 0 ? refused.map(({ way, why }) => `${way}: ${why}`)[0] : "no way to mend this cause is known here");
const host = `${cpus().length} × ${cpus()[0]?.model.trim().replace(/\s+/g, " ")}`;

function seeds() {
  const rows = readdirSync(folder).filter((name) => /^\d\d-/.test(name) && name.slice(0, 2) in KNOWN).filter((name) => words.length === 0 || words.some((word) => name.includes(word)));
  const lines = [];
  for (const name of rows) {
    const [solution, ways] = KNOWN[name.slice(0, 2)];
    const hasTests = readdirSync(join(folder, name)).some((file) => file.endsWith("_test.go"));
    const answer = fix(name, [...(NEVER_ENDS.has(name) ? ["--horizon", "10s"] : []), ...(BUDGETS[name] === undefined || budget !== undefined ? [] : ["--budget", BUDGETS[name]]), ...(hasTests ? [] : ["--main"]), `./${name}`, ...(name.startsWith("06") ? ["--", "-c", "2"] : [])], folder);
    for (const finding of answer.findings) {
      const held = finding.proved.map(({ way }) => way);
      const where = `${finding.blocked.file.split("/").slice(-1)[0]}:${finding.blocked.line}`;
      const what = held.length > 0 ? held.map((way) => (way.split(" + ").every((one) => ways.includes(one)) ? `**\`${way}\`**` : `\`${way}\``)).join(", ") : "none";
      lines.push(`| ${name} | ${where} | ${finding.verdict} ${finding.cause} | ${what} | ${held.length > 0 ? proofOf(finding.proved[0].proof) : cell(reasonOf(finding))} | ${cell(solution)} |`);
    }
    if (answer.findings.length === 0) lines.push(`| ${name} | | nothing found | none | ${cell(answer.failures[0]?.message ?? "")} | ${cell(solution)} |`);
    console.error(lines.at(-1));
  }
  return `# The examples, mended

Written by \`node scripts/fixes.mjs\`; do not edit. Go ${process.env["GOVERSION"] ?? "1.26"}, Node ${versions.node}, ${host}, shared with other work.

Each Go row of examples/go that leaks, under \`unpark fix\` (its tests; its main where it has none): the ways that are proved, the first of
which is shown and written; in bold those that are the known solution. *Schedules*: of the program with the first patch, all that
differ where it says all, else beside how many there were without it; where there is no patch, the reason.

${patches} patches were tried, proved or not: ${wrongPatches.length === 0 ? "each parses, is formatted as its file was, and git applies its diff and takes it back" : wrongPatches.join("; ")}.

| row | line | finding | proved | schedules, or the reason | known solution |
|---|---|---|---|---|---|
${lines.join("\n")}
`;
}

/** Rows that were done again take the place of those in the kept table. */
function updated(page, file) {
  const keyOf = (line) => line.split(" | ").slice(0, 2).join(" | "); // a row may have several findings
  const fresh = new Map(page.split("\n").filter((line) => /^\| \d\d-/.test(line)).map((line) => [keyOf(line), line]));
  return readFileSync(file, "utf8").split("\n").map((line) => fresh.get(keyOf(line)) ?? line).join("\n");
}

const kept = join(root, "docs", isGoker ? "fixes-goker.md" : "fixes.md");
const isUpdate = argv.includes("--update");
const page = isGoker ? (await import("./fixes-goker.mjs")).gokerPage({ folder, words, fix, cell, proofOf, reasonOf, host, versions, budget: `${budget ?? "3s"}${strategy === undefined ? "" : `, ${strategy}`}`, ...(isUpdate ? { kept: readFileSync(kept, "utf8") } : {}) }) : seeds();
console.error(`${patches} patches checked, ${wrongPatches.length} wrong`);
if (wrongPatches.length > 0) process.exitCode = 1;
if (isUpdate) writeFileSync(kept, isGoker ? page : updated(page, kept));
else if (argv.includes("--print") || words.length > 0) console.log(page);
else writeFileSync(kept, page);
