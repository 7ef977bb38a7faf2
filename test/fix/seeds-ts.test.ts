// Each leaking row of examples/ts: what is proposed for its finding parses, the type checker says nothing new of it, git takes the
// diff, and with one of the ways that docs/fixes-ts.md names as the known solution the finding is gone. In this process, where the
// command would start one for each patch: the patched file is compiled beside the others, and explored as they are.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { after, describe, it } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import ts from "typescript";
import { newFinding } from "../../src/fix/compare.js";
import { unifiedDiff } from "../../src/fix/unified-diff.js";
import type { Examination } from "../../src/model/examination.js";
import { isNote, type Finding } from "../../src/model/finding.js";
import type { FixCandidate } from "../../src/model/fix.js";
import { patchedFiles } from "../../src/pipeline/fix/patched-context.js";
import { siteOf } from "../../src/pipeline/fix/mender.js";
import { examineTs } from "../../src/pipeline/typescript/examine-ts.js";
import { proposals } from "../../src/toolchain/js/fix/propose.js";
import { Sources } from "../../src/toolchain/js/fix/sources.js";

interface Script {
  readonly KNOWN: Readonly<Record<string, readonly [string, readonly string[]]>>;
  readonly seedProject: () => string;
}
const { KNOWN, seedProject } = (await import(new URL("../../../scripts/fixes-ts.mjs", import.meta.url).href)) as Script;
const folder = seedProject();
const compiled = fileURLToPath(new URL("../../examples/ts/", import.meta.url));
const rows = readdirSync(folder).filter((name) => name.slice(0, 2) in KNOWN && /^[^.]*\.ts$/.test(name));
const open = Sources.opener(ts, folder, rows.map((name) => join(folder, name)));
const base = open();
const patched = mkdtempSync(join(compiled, "patched-"));
after(() => [patched, folder].forEach((one) => rmSync(one, { recursive: true, force: true })));

interface Twin {
  readonly main?: (args: readonly string[]) => unknown;
  readonly tests?: Readonly<Record<string, () => unknown>>;
}

const ARGS: Readonly<Record<string, readonly string[]>> = { "06": ["-c", "2"] };
/** Row 24: ten goroutines at one lock have 10! orders. */
const FEW: Readonly<Record<string, number>> = { "24": 10, "42": 2_000 };

async function explored(file: string, name: string, wanted?: string): Promise<readonly Examination[]> {
  const { main, tests } = (await import(pathToFileURL(file).href)) as Twin;
  const row = name.slice(0, 2);
  const programs = tests === undefined ? [["main", () => main!(ARGS[row] ?? [])] as const] : Object.entries(tests);
  const done: Examination[] = [];
  for (const [label, body] of programs) {
    if (wanted !== undefined && label !== wanted) continue;
    done.push(await examineTs(body, { name: label, scope: tests === undefined ? "main" : "test", budget: 60_000, schedules: FEW[row] ?? 500, ...(["05", "32"].includes(row) ? { horizon: 20e9 } : {}) }));
  }
  return done;
}

describe("leaking rows of examples/ts", () => {
  it("are all there", () => assert.deepEqual(Object.keys(KNOWN).filter((row) => !rows.some((name) => name.startsWith(row))), []));

  for (const name of rows) {
    it(name, async () => {
      const found = (await explored(join(compiled, name.replace(/\.ts$/, ".js")), name)).flatMap((program) => program.findings.filter((finding) => !isNote(finding)).map((finding) => ({ program, finding })));
      assert.ok(found.length > 0, "it leaks");
      const [, ways] = KNOWN[name.slice(0, 2)]!;
      for (const { program, finding } of found) {
        const [answer] = proposals(base, [siteOf([inProject(finding)], { language: "ts" })]);
        assert.ok(answer!.candidates.length > 0, answer!.refused.map(({ way, why }) => `${way}: ${why}`).join("; "));
        for (const candidate of answer!.candidates) checkPatch(candidate, name);
        const known = answer!.candidates.filter(({ way }) => ways.length === 0 || ways.includes(way));
        assert.ok(known.length > 0, `of ${ways.join(", ")} there is ${answer!.candidates.map(({ way }) => way).join(", ")}`);
        const misses = [];
        for (const [i, candidate] of known.entries()) {
          const file = join(patched, `${name.slice(0, -3)}-${program.name}-${i}.js`);
          writeFileSync(file, transpiled(textAfter(candidate)));
          const [now] = await explored(file, name, program.name);
          const miss = newFinding(program, now!, [finding]);
          if (miss === undefined && now!.coverage.schedules > 0) break;
          misses.push(`${candidate.way}: ${JSON.stringify(miss)}`);
        }
        assert.ok(misses.length < known.length, misses.join("\n"));
      }
    });
  }
});

function textAfter({ edits }: FixCandidate): string {
  const files = patchedFiles(edits);
  assert.ok(files.ok && files.value.length === 1);
  return files.value[0]!.after;
}

/** As the others are compiled; it stands one folder lower. */
const transpiled = (text: string): string =>
  ts.transpileModule(text, { compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext } }).outputText.replaceAll('from "unpark"', 'from "../../../src/index.js"').replaceAll('from "unpark/node"', 'from "../../../src/runtime/node/index.js"');

/** The project's files have the lines of examples/ts, where the programs that run were compiled from. */
function inProject(finding: Finding): Finding {
  const moved = <T extends { readonly file: string }>(at: T): T => ({ ...at, file: join(folder, basename(at.file)) });
  return { ...finding, blocked: moved(finding.blocked), stack: finding.stack.map(moved) };
}

function checkPatch(candidate: FixCandidate, name: string): void {
  const files = patchedFiles(candidate.edits);
  assert.ok(files.ok, files.ok ? "" : files.error);
  const usual = base.words(files.value);
  const added = open(files.value).words(files.value).filter((word) => !usual.includes(word));
  assert.deepEqual(added, [], `${candidate.way} of ${name}`);
  const repository = mkdtempSync(join(tmpdir(), "unpark-patch-"));
  try {
    const { before, after: now } = files.value[0]!;
    mkdirSync(join(repository, "a"));
    const file = join(repository, "a", name);
    writeFileSync(file, before);
    writeFileSync(join(repository, "a.patch"), unifiedDiff(`a/${name}`, before, now));
    for (const [flags, wanted] of [[[], now], [["-R"], before]] as const) {
      const { status, stderr } = spawnSync("git", ["apply", ...flags, "a.patch"], { cwd: repository, encoding: "utf8" });
      assert.equal(status, 0, stderr);
      assert.equal(readFileSync(file, "utf8"), wanted);
    }
  } finally {
    rmSync(repository, { recursive: true, force: true });
  }
}
