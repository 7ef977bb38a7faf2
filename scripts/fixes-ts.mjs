// Every leaking row of examples/ts, and the programs of fixtures/fixes-ts, under `unpark fix`, in a project of their own: the ways
// that are proved, and what they are of the known solutions. Writes docs/fixes-ts.md.
//   node scripts/fixes-ts.mjs [--print] [--json FOLDER] [words of rows]
// Needs a built dist/ (npm run build).
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { argv, execPath, versions } from "node:process";
import { fileURLToPath } from "node:url";
import { KNOWN_TS as KNOWN } from "./fixes-known.mjs";
export { KNOWN_TS as KNOWN } from "./fixes-known.mjs";
import { checkPatches } from "./fixes-patches.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const bin = join(root, "bin", "unpark.js");
const words = argv.slice(2).filter((word, i, all) => !word.startsWith("--") && all[i - 1] !== "--json");
const keep = argv.includes("--json") ? argv[argv.indexOf("--json") + 1] : undefined;

/** Ten goroutines at one lock have 10! orders, which nobody tries: of few schedules before, few more are asked for with the patch. */
const FEW = new Map([["24", "10"]]);
const NEVER_ENDS = new Set(["05", "32"]);

/** A project with Unpark installed, and a copy of each program; a test file for those that are tests. */
export function seedProject() {
  const folder = mkdtempSync(join(tmpdir(), "unpark-fixes-ts-"));
  mkdirSync(join(folder, "node_modules", "@types"), { recursive: true });
  symlinkSync(root, join(folder, "node_modules", "unpark"));
  for (const name of ["tsx", "typescript", "@types/node"]) symlinkSync(join(root, "node_modules", name), join(folder, "node_modules", name));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "seeds", private: true, type: "module", devDependencies: { unpark: "*" } }));
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions: { target: "ES2022", lib: ["ES2023", "ESNext.Disposable", "DOM"], module: "NodeNext", moduleResolution: "NodeNext", strict: true, noUnusedLocals: true, noEmit: true, skipLibCheck: true, types: ["node"], allowImportingTsExtensions: true } }));
  for (const file of readdirSync(join(root, "examples/ts")).filter((one) => /^\d\d-.*\.ts$/.test(one))) {
    const text = readFileSync(join(root, "examples/ts", file), "utf8").replace('"../../src/index.js"', '"unpark"').replace('"../../src/runtime/node/http.js"', '"unpark/node"').replace("main(args: readonly string[])", "main(args: readonly string[] = process.argv.slice(2))");
    writeFileSync(join(folder, file), text);
    if (!/^export const tests/m.test(text)) continue;
    writeFileSync(join(folder, file.replace(/\.ts$/, ".test.ts")), `import { it } from "node:test";\nimport { explore } from "unpark/testing";\nimport { tests } from "./${file}";\n\nfor (const [name, body] of Object.entries(tests)) it(name, () => explore(body, { name }));\n`);
  }
  for (const file of readdirSync(join(root, "fixtures/fixes-ts"))) copyFileSync(join(root, "fixtures/fixes-ts", file), join(folder, file));
  spawnSync("git", ["init", "-q"], { cwd: folder });
  writeFileSync(join(folder, ".gitignore"), "node_modules\n");
  return folder;
}

/** One call of the command, with --json. */
export function fix(folder, args) {
  const file = join(folder, "..", `fix-${process.pid}.json`);
  const started = performance.now();
  const { stdout, stderr } = spawnSync(execPath, [bin, "fix", `--json=${file}`, ...args], { cwd: folder, encoding: "utf8", timeout: 900_000, env: { ...process.env, NODE_TEST_CONTEXT: undefined } }); // of a test that calls this
  try {
    return { seconds: (performance.now() - started) / 1000, stdout, ...JSON.parse(readFileSync(file, "utf8")) };
  } catch {
    return { seconds: 0, stdout, findings: [], failures: [{ message: `${stdout}${stderr}`.trim().split("\n").at(-1) ?? "" }] };
  } finally {
    rmSync(file, { force: true });
  }
}

/** The words for a row: its tests, or its main. */
export function wordsOf(folder, name) {
  const hasTests = readdirSync(folder).includes(`${name}.test.ts`);
  const few = FEW.get(name.slice(0, 2));
  return [...(few === undefined ? [] : ["--schedules", few]), ...(NEVER_ENDS.has(name.slice(0, 2)) ? ["--horizon", "20s"] : []), ...(hasTests ? [`${name}.test.ts`] : ["--main", `${name}.ts`]), ...(name.startsWith("06") ? ["--", "-c", "2"] : [])];
}

const cell = (text) => text.replaceAll("|", "\\|").replaceAll("\n", " ");
const proofOf = ({ schedules, complete, before, repeated }) => (repeated ? "where it is repeated" : complete ? `all ${schedules}` : `${schedules}, not all (before: ${before.schedules})`);
const reasonOf = ({ missed, refused }) => (missed.length > 0 ? `${missed.at(-1).way}: ${missed.at(-1).miss.words}` : refused.map(({ way, why }) => `${way}: ${why}`)[0] ?? "no way to mend this cause is known here");

function main() {
  const folder = seedProject();
  let patches = 0;
  const wrong = [];
  const lines = [];
  try {
    const rows = readdirSync(join(root, "examples/ts")).filter((one) => one.slice(0, 2) in KNOWN && one.endsWith(".ts")).map((one) => [one.slice(0, -3), ...KNOWN[one.slice(0, 2)]]);
    const more = readdirSync(join(root, "fixtures/fixes-ts")).filter((one) => one.endsWith(".test.ts")).map((one) => {
      const [, way, solution] = /^\/\/ want: (\S+): (.*)$/m.exec(readFileSync(join(root, "fixtures/fixes-ts", one), "utf8")) ?? [];
      return [one.slice(0, -8), solution, [way]];
    });
    for (const [name, solution, ways] of [...rows, ...more].filter(([one]) => words.length === 0 || words.some((word) => one.includes(word)))) {
      const answer = fix(folder, wordsOf(folder, name));
      if (keep !== undefined) writeFileSync(join(keep, `${name}.json`), JSON.stringify(answer, undefined, 1));
      const checked = checkPatches(answer);
      patches += checked.patches;
      wrong.push(...checked.wrong);
      for (const finding of answer.findings) {
        const held = [...new Set(finding.proved.map(({ way }) => way))];
        const what = held.length > 0 ? held.map((way) => (ways.includes(way) ? `**\`${way}\`**` : `\`${way}\``)).join(", ") : "none";
        lines.push(`| ${name} | ${finding.blocked.file.split("/").at(-1)}:${finding.blocked.line} | ${finding.verdict} ${finding.cause} | ${what} | ${held.length > 0 ? proofOf(finding.proved[0].proof) : cell(reasonOf(finding))} | ${cell(solution)} |`);
        console.error(`${lines.at(-1)} ${answer.seconds.toFixed(0)} s`);
      }
      if (answer.findings.length === 0) console.error(lines[lines.push(`| ${name} | | nothing found | none | ${cell(answer.failures?.[0]?.message ?? "")} | ${cell(solution)} |`) - 1]);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const page = `# The TypeScript examples, mended

Written by \`node scripts/fixes-ts.mjs\`; do not edit. Node ${versions.node}, ${cpus().length} × ${cpus()[0]?.model.trim().replace(/\s+/g, " ")}, shared with other work.

Each TypeScript row of examples/ts that leaks, and the ordinary async programs of fixtures/fixes-ts, under \`unpark fix\` (its tests; its main where
it has none): the ways that are proved, the first of which is shown and written; in bold those that are the known solution. *Schedules*: of the
program with the first patch, all that differ where it says all, else beside how many there were without it; where there is no patch, the reason.

${patches} patches were tried, proved or not: ${wrong.length === 0 ? "each parses, and git applies its diff and takes it back" : wrong.join("; ")}.

| row | line | finding | proved | schedules, or the reason | known solution |
|---|---|---|---|---|---|
${lines.join("\n")}
`;
  if (wrong.length > 0) process.exitCode = 1;
  if (argv.includes("--print") || words.length > 0) console.log(page);
  else writeFileSync(join(root, "docs", "fixes-ts.md"), page);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
