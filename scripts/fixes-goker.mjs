// GoKer's kernels for scripts/fixes.mjs: one copy each, every kernel in a package of its own with one test, so that a patch of one
// is proved beside nothing else. Nothing of them is kept in this repository.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export async function gokerFolder() {
  const { readSuite } = await import("../dist/test/goker/module.js");
  const { rewrite } = await import("../dist/test/goker/kernels.js");
  const goroot = spawnSync("go", ["env", "GOROOT"], { encoding: "utf8" }).stdout.trim();
  const suite = readSuite(goroot);
  if (suite === undefined) throw new Error("this Go does not carry the kernels: 1.26 or later does");
  const folder = mkdtempSync(join(tmpdir(), "unpark-goker-fix-"));
  writeFileSync(join(folder, "go.mod"), "module goker\n\ngo 1.26\n");
  const helpers = "package main\n\nconst yieldCount = 10\n\nvar _ = yieldCount\n\nfunc register(string, func()) {}\n\nfunc main() {}\n";
  for (const kernel of suite.kernels) {
    const own = join(folder, kernel.name.toLowerCase());
    mkdirSync(own);
    writeFileSync(join(own, kernel.file), rewrite(kernel, { oneCopy: true, ending: "nothing" }));
    writeFileSync(join(own, "helpers.go"), helpers);
    writeFileSync(join(own, "kernel_test.go"), `package main\n\nimport "testing"\n\nfunc TestKernel(t *testing.T) { ${kernel.name}() }\n`);
  }
  return folder;
}

/** A row's name and its numbers, for the line that counts them. */
const rowOf = (line) => /^\| (\S+) \| (?:(\d+) of (\d+))?/.exec(line);

/** `kept`: the rows of an older page, of which those of the named kernels are done again. */
export function gokerPage({ folder, words, fix, cell, proofOf, reasonOf, host, versions, budget, kept = "" }) {
  const rows = new Map(kept.split("\n").filter((line) => /^\| [a-z]+\d/.test(line)).map((line) => [rowOf(line)[1], line]));
  const kernels = readdirSync(folder).filter((name) => name !== "go.mod").filter((name) => words.length === 0 || words.some((word) => name.includes(word.toLowerCase())));
  for (const name of kernels) {
    const { findings, failures, seconds } = fix(name, [`./${name}`], folder);
    const proved = findings.filter((one) => one.proved.length > 0).length;
    const of = findings.map(({ cause, proved: held, ...rest }) => (held.length > 0 ? `${cause}: ${held.map(waysOf).join(", ")} (${proofOf(held[0].proof)})` : `${cause}: none: ${cell(short(reasonOf(rest)))}`));
    rows.set(name, `| ${name} | ${findings.length === 0 ? cell(failures[0]?.message ?? "nothing found") : `${proved} of ${findings.length}`} | ${of.join("; ")} | ${budget} | ${seconds === undefined ? "" : Math.round(seconds)} |`);
    console.error(rows.get(name));
  }
  return page([...rows.values()].sort(), { host, versions });
}

/** A patch's ways; one of another finding's says so. */
const waysOf = ({ way, of }) => `${way.split(" + ").map((one) => `\`${one}\``).join(" + ")}${of === undefined ? "" : " (the patch of another of its findings)"}`;

/** A schedule may be pages long: \`unpark fix\` prints all of it. */
const short = (reason) => (reason.length > 260 ? `${reason.slice(0, 260)} …` : reason);

function page(lines, { host, versions }) {
  const counts = lines.map((line) => rowOf(line).slice(2).map(Number));
  const whole = counts.filter(([proved, all]) => all > 0 && proved === all).length;
  const some = counts.filter(([proved]) => proved > 0).length;
  return `# GoKer, mended

Written by \`node scripts/fixes.mjs --goker\` (\`--update\` with names does single rows again); do not edit. Node ${versions.node}, ${host}, shared with other work.

GoKer's kernels as the Go distribution carries them (nothing of them is kept here), in one copy each, under \`unpark fix\`: of each finding the ways
that are proved (in brackets the schedules of the kernel with the first patch; \`a\` + \`b\` is one patch of two steps, proved as one), or why
there is none. *Budget*: the command's --budget; with less, on a machine that does much else, some of the kernels show nothing.

**${whole} of ${lines.length} kernels with a proved patch of every finding; ${some} with one of some.**

| kernel | mended | by | budget | seconds |
|---|---|---|---|---|
${lines.join("\n")}
`;
}
