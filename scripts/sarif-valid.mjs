// Are the SARIF reports of real runs valid by the standard's own JSON Schema? By hand, after a change of src/report/exploration/sarif.ts:
//   node scripts/sarif-valid.mjs
// The schema is OASIS's own: fixtures/sarif/README.md. Strings of all kinds are checked in src/report/hostile.test.ts.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv } from "ajv";

const root = fileURLToPath(new URL("..", import.meta.url));
const work = mkdtempSync(join(tmpdir(), "unpark-sarif-"));
const run = (command, args, cwd) => spawnSync(command, args, { cwd, encoding: "utf8", maxBuffer: 1 << 28 });

const { $schema: _, id: __, ...schema } = JSON.parse(readFileSync(join(root, "fixtures/sarif/sarif-schema-2.1.0.json"), "utf8")); // draft 4's own two words
const validate = new Ajv({ allErrors: true, strict: false, validateFormats: false, unicodeRegExp: false }).compile(schema);

const RUNS = [
  ["native, findings and notes, a package that does not build", "test/native", ["test", "--native", "-bench=.", "-benchtime=1x", "./cases", "./nope"]],
  ["native --stress, with a schedule", "test/native", ["test", "--native", "--stress=100", "./rare"]],
  ["explored", "examples/go", ["run", "--budget=2s", "./42-timeout-wins"]],
  ["clean", "examples/go", ["run", "--budget=2s", "./41-close-once"]],
];
let wrong = 0;
for (const [title, folder, argv] of RUNS) {
  const report = join(work, "report.sarif");
  const { status } = run(process.execPath, [join(root, "bin", "unpark.js"), ...argv, `--sarif=${report}`], join(root, folder));
  const log = JSON.parse(readFileSync(report, "utf8"));
  const valid = validate(log);
  if (!valid) wrong++;
  console.log(`${valid ? "valid" : "WRONG"} ${title}: exit code ${status}, ${log.runs[0].results.length} results${valid ? "" : `\n${JSON.stringify(validate.errors, undefined, 1)}`}`);
}
rmSync(work, { recursive: true, force: true });
process.exit(wrong > 0 ? 1 : 0);
