// What holds of every patch that `unpark fix` tries, proved or not, checked of an answer of it (--json): the patched file parses, is
// formatted (of Go) where the file was, is another one, and git brings both back from the diff. Used by scripts/fixes.mjs and fixes-ts.mjs.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const { applyEdits } = await import("../dist/src/fix/apply-edits.js");

const { default: ts } = await import("typescript");

/** The first words against a text of TypeScript. */
const tsProblem = (file, text) => {
  const [first] = ts.createSourceFile(file, text, ts.ScriptTarget.Latest).parseDiagnostics;
  return first === undefined ? undefined : ts.flattenDiagnosticMessageText(first.messageText, " ");
};

const gofmt = (text) => spawnSync("gofmt", [], { input: text, encoding: "utf8" });

/** How many patches there are, and what does not hold of one, in words. */
export function checkPatches({ findings }) {
  const trials = findings.flatMap(({ proved, missed }) => [...proved, ...missed]);
  const wrong = trials.flatMap((trial) => problemsOf(trial).map((problem) => `${trial.way} of ${trial.edits[0]?.file}: ${problem}`));
  return { patches: trials.length, wrong };
}

function problemsOf({ edits, diff }) {
  const folder = mkdtempSync(join(tmpdir(), "unpark-patch-"));
  try {
    const files = [...new Set(edits.map(({ file }) => file))].map((file) => {
      const before = readFileSync(file, "utf8");
      const after = applyEdits(readFileSync(file), edits.filter((edit) => edit.file === file));
      const path = [...diff.matchAll(/^\+\+\+ b\/(.*)$/gm)].map(([, one]) => one).find((one) => file.endsWith(`/${one}`));
      return { file, path, before, after: after === undefined ? undefined : Buffer.from(after).toString("utf8") };
    });
    const bad = files.flatMap(({ file, path, before, after }) => {
      if (after === undefined) return [`two edits of ${file} overlap`];
      if (path === undefined || after === before) return [`nothing changes in ${file}`];
      if (!file.endsWith(".go")) return tsProblem(file, after) === undefined ? [] : [`it does not parse: ${tsProblem(file, after)}`];
      const { status, stdout, stderr } = gofmt(after);
      if (status !== 0) return [`it does not parse: ${stderr.split("\n")[0]}`];
      return gofmt(before).stdout === before && stdout !== after ? [`gofmt changes ${file}`] : [];
    });
    if (bad.length > 0) return bad;
    return gitProblems(folder, files, diff);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function gitProblems(folder, files, diff) {
  spawnSync("git", ["init", "-q"], { cwd: folder });
  writeFileSync(join(folder, "a.patch"), diff);
  for (const { path, before } of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), before);
  }
  for (const [flags, side] of [[[], "after"], [["-R"], "before"]]) {
    const { status, stderr } = spawnSync("git", ["apply", ...flags, "a.patch"], { cwd: folder, encoding: "utf8" });
    if (status !== 0) return [`git apply ${flags.join(" ")}: ${stderr.trim()}`];
    const other = files.find(({ path, [side]: wanted }) => readFileSync(join(folder, path), "utf8") !== wanted);
    if (other !== undefined) return [`git apply ${flags.join(" ")} makes another file of ${other.path}`];
  }
  return [];
}
