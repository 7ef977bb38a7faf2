// docs/noise.md: schedules with the standard library's inner locks let through as noise, and with each of them a choice.
// `node scripts/noise.mjs`; needs a build.
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { compared, loadBoth, LOST } from "../dist/test/noise/compare.js";
import { machineGo } from "../dist/src/toolchain/testing/go-fixture.js";
import { cacheDir } from "../dist/test/guest-fixture.js";

const modules = await loadBoth();
const { version } = await machineGo(process.cwd(), cacheDir);
const rows = [];
for (const [test] of modules.quiet.tests.entries()) {
  const { name, quiet, loud } = await compared(modules, test);
  const lost = loud.endings.filter((ending) => !quiet.endings.includes(ending)).length;
  const all = loud.complete ? `all ${loud.schedules}` : `${loud.schedules}, not all`;
  rows.push(`| ${name} | ${quiet.complete ? "all" : "not all"} ${quiet.schedules} | ${all} | ${quiet.endings.length} | ${loud.endings.length} | ${lost === 0 ? "" : `${lost}: ${LOST[name] ?? "NOT EXPECTED"}`} |`);
}
const text = `# Noise: what it saves, and what it loses

Written by \`node scripts/noise.mjs\`; do not edit. Go ${version.text}, Node ${process.versions.node}, ${cpus().length} × ${cpus()[0].model.trim()}.

The tests of fixtures/noise use the standard library's inner locks and atomics beside choices of their own. Each is
explored twice by reduction, under a lazy clock: with what src/host/ignored/ignored-operations.ts names let through without a point, and with
each of these operations a choice (at most 2,000 runs). *Ends*: outcomes, with who is left before what and the lines
printed, in no order. *Lost*: ends that only the second exploration has seen. The second may miss ends where it did not
try everything. Checked by test/noise.

| test | schedules | where all is a choice | ends | there | lost |
| --- | --- | --- | --- | --- | --- |
${rows.join("\n")}
`;
writeFileSync(fileURLToPath(new URL("../docs/noise.md", import.meta.url)), text);
console.log(text);
