// The repaired kernels of examples/go/fixed-kernels under Unpark: no leak in any, and for how many that is a proof (every
// schedule that differs was tried). Writes docs/fixed-kernels.md. Exit code 1 if anything was found.
//   node scripts/fixed-kernels.mjs [--budget 10s] [--print]
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const argv = process.argv.slice(2);
const budget = argv.includes("--budget") ? argv[argv.indexOf("--budget") + 1] : "10s";
const folder = new URL("../examples/go/fixed-kernels/", import.meta.url);
const started = performance.now();
const { stdout, stderr } = spawnSync(process.execPath, [`${root}bin/unpark.js`, "test", "--json", "--no-native", "--budget", budget, "."], {
  cwd: folder,
  encoding: "utf8",
  maxBuffer: 1 << 28,
});
if (!stdout.startsWith("{")) throw new Error(stderr);
const seconds = (performance.now() - started) / 1000;
const { programs, failures } = JSON.parse(stdout);
/** Notes: still had work to do when the test returned. No leaks. */
const isNote = ({ verdict }) => verdict === "cut-short";
const found = programs.filter(({ findings }) => findings.some((finding) => !isNote(finding)));
const complete = programs.filter((program) => program.complete);
const rows = programs.map(({ name, complete, schedules, milliseconds, stoppedBy, outcome, findings }) => [
  name.replace(/^Test/, ""),
  complete ? `all ${schedules}` : `${schedules} (${stoppedBy})`,
  Math.round(milliseconds),
  outcome,
  findings.filter((finding) => !isNote(finding)).map(({ verdict, cause, blocked }) => `${verdict} (${cause}) at ${blocked.function}`).join("; ") || "none",
]);
const head = ["kernel, repaired", "schedules that differ", "ms", "natural schedule", "findings"];
const page = `# Repaired kernels under Unpark

Written by \`node scripts/fixed-kernels.mjs\`; do not edit. Node ${process.versions.node}, ${cpus().length} × ${cpus()[0].model.trim()} (shared with other work while this ran), ${budget} for each.

The programs of examples/go/fixed-kernels: GoKer's bugs with the fix that their projects made, in our own words.
**${programs.length - found.length} of ${programs.length} without a finding, ${complete.length} of them complete**: every schedule that differs was tried, with at most three
early moves of the clock in one run. ${seconds.toFixed(1)} s altogether. "Cut short" (a goroutine that still had work to do when its test
returned) is a note and no finding.

${[head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n")}
`;
if (argv.includes("--print")) console.log(page);
else writeFileSync(`${root}docs/fixed-kernels.md`, page);
for (const failure of failures) console.error(failure.message);
process.exit(found.length > 0 || failures.length > 0 ? 1 : 0);
