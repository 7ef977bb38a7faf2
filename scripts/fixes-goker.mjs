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

export function gokerPage({ folder, words, fix, cell, proofOf, reasonOf, host, versions }) {
  const kernels = readdirSync(folder).filter((name) => name !== "go.mod").filter((name) => words.length === 0 || words.some((word) => name.includes(word.toLowerCase())));
  const lines = [];
  let [mended, whole] = [0, 0];
  for (const name of kernels) {
    const { findings, failures, seconds } = fix(name, [`./${name}`], folder);
    const proved = findings.filter((one) => one.proved.length > 0).length;
    if (findings.length > 0 && proved === findings.length) whole++;
    if (proved > 0) mended++;
    const of = findings.map(({ cause, proved: held, ...rest }) => (held.length > 0 ? `${cause}: ${held.map(({ way }) => `\`${way}\``).join(", ")} (${proofOf(held[0].proof)})` : `${cause}: none: ${cell(reasonOf(rest))}`));
    lines.push(`| ${name} | ${findings.length === 0 ? cell(failures[0]?.message ?? "nothing found") : `${proved} of ${findings.length}`} | ${of.join("; ")} | ${Math.round(seconds)} |`);
    console.error(lines.at(-1));
  }
  return `# GoKer, mended

Written by \`node scripts/fixes.mjs --goker\`; do not edit. Node ${versions.node}, ${host}, shared with other work.

GoKer's kernels as the Go distribution carries them (nothing of them is kept here), in one copy each, under \`unpark fix\`: of each finding the ways
that are proved (in brackets the schedules of the kernel with the first patch), or why there is none.

**${whole} of ${kernels.length} kernels with a proved patch of every finding; ${mended} with one of some.**

| kernel | mended | by | seconds |
|---|---|---|---|
${lines.join("\n")}
`;
}
