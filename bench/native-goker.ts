// GoKer's kernels (63, in the Go distribution) as tests in the native mode, light and --deep: for which does a run of ten
// prove a documented leak? One copy of each kernel, not the thousand that Go's own test starts.
//   node dist/bench/native-goker.js > bench/native-goker.txt
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Finding } from "../src/model/finding/finding.js";
import { nativeTest } from "../src/pipeline/native/native.js";
import { cacheFolder } from "../src/base/user-folders.js";
import { findToolchain } from "../src/toolchain/go/go-command.js";
import { readSuite, writeModule } from "../test/goker/module.js";

const folder = mkdtempSync(join(tmpdir(), "unpark-goker-"));
const found = await findToolchain({ cwd: folder, env: process.env, cacheDir: cacheFolder(process.env) });
if (!found.ok) throw new Error(found.error.message);
const suite = readSuite(found.value.goroot);
if (!suite) throw new Error("this Go has no GoKer kernels (1.26 has)");
writeModule(suite, { oneCopy: true, ending: "wait" }, folder, "1.26");

const words = ({ stack, blocked }: Finding): string => `${stack.at(-1)?.function ?? ""}(...) [${blocked.reason}]`;

async function run(name: string, deep: boolean): Promise<{ readonly proved: boolean; readonly left: boolean; readonly verdict: boolean }> {
  const { report } = await nativeTest({ cwd: folder, env: process.env, args: ["-vet=off", "-count=10", `-run=^Test${name}$`, "."], deep, unparkVersion: "bench" }, () => undefined);
  const findings = report.examinations.flatMap((one) => one.findings);
  const documented = suite!.documented.get(name) ?? [];
  const fits = findings.filter((finding) => documented.some((pattern) => pattern.test(words(finding))));
  return {
    proved: fits.some(({ verdict }) => verdict === "leaked"),
    left: fits.length > 0,
    verdict: report.examinations.every(({ outcome }) => outcome !== "no verdict"),
  };
}

const lists = { both: [] as string[], deep: [] as string[], light: [] as string[], left: [] as string[], neither: [] as string[], panics: [] as string[] };
const kernels = suite.kernels.filter(({ file }) => !process.argv[2] || file.includes(process.argv[2]));
for (const { name } of kernels) {
  const [light, deep] = [await run(name, false), await run(name, true)];
  const kind = light.proved && deep.proved ? "both" : deep.proved ? "deep" : light.proved ? "light" : light.left || deep.left ? "left" : light.verdict && deep.verdict ? "neither" : "panics";
  lists[kind].push(name);
  process.stderr.write(`${name}: ${kind}\n`);
}
rmSync(folder, { recursive: true, force: true });
const say = (title: string, names: readonly string[]): string => `${title}: ${names.length}${names.length > 0 && names !== lists.both ? ` (${names.join(", ")})` : ""}`;
process.stdout.write(
  [
    `${kernels.length} kernels and variants, go ${found.value.version.text}, ten runs of one copy each; a documented leak is`,
    say("  proved by both forms", lists.both),
    say("  proved by --deep alone", lists.deep),
    say("  proved by the light form alone", lists.light),
    say("  left, and proved by neither", lists.left),
    say("  not shown in ten runs", lists.neither),
    say("  no verdict: the process panicked", lists.panics),
    "",
  ].join("\n"),
);
