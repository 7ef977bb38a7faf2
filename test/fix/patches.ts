// The part of seeds-ts.test.ts that needs the TypeScript compiler, in a thread of its own. A proof collects the whole heap of the thread
// that explores: with the compiler's there, two thirds of the time went into that.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { parentPort, Worker, workerData } from "node:worker_threads";
import ts from "typescript";
import { unifiedDiff } from "../../src/fix/unified-diff.js";
import type { Finding } from "../../src/model/finding/finding.js";
import type { FixCandidate } from "../../src/model/results/fix.js";
import { patchedFiles } from "../../src/pipeline/fix/patched-context.js";
import { siteOf } from "../../src/pipeline/fix/mender.js";
import { proposals } from "../../src/toolchain/js/fix/propose.js";
import { Sources } from "../../src/toolchain/js/fix/sources.js";

/** A patch that parses, of which the type checker says nothing new, and which git takes and gives back. */
export interface Patch {
  readonly way: string;
  /** The file with it, as JavaScript. */
  readonly compiled: string;
}
interface Question {
  readonly name: string;
  readonly finding: Finding;
}
type Answer = { readonly patches: readonly Patch[]; readonly refused: string } | { readonly wrong: string };

/** `folder`: a project; `rows`: its files. */
export class Patches {
  readonly #worker: Worker;

  constructor(folder: string, rows: readonly string[]) {
    this.#worker = new Worker(new URL(import.meta.url), { workerData: { folder, rows } });
  }

  /** Throws what is wrong with any of them. */
  async of(name: string, finding: Finding): Promise<{ readonly patches: readonly Patch[]; readonly refused: string }> {
    this.#worker.postMessage({ name, finding } satisfies Question);
    const [said] = (await once(this.#worker, "message")) as [Answer];
    if ("wrong" in said) throw new Error(said.wrong);
    return said;
  }

  close(): Promise<number> {
    return this.#worker.terminate();
  }
}

if (parentPort !== null) {
  const { folder, rows } = workerData as { readonly folder: string; readonly rows: readonly string[] };
  const open = Sources.opener(ts, folder, rows.map((name) => join(folder, name)));
  const base = open();
  const port = parentPort;
  port.on("message", ({ name, finding }: Question) => {
    try {
      const [answer] = proposals(base, [siteOf([inProject(finding, folder)], { language: "ts" })]);
      for (const candidate of answer!.candidates) checkPatch(candidate, name, open, base);
      const patches = answer!.candidates.map((candidate) => ({ way: candidate.way, compiled: transpiled(textAfter(candidate)) }));
      port.postMessage({ patches, refused: answer!.refused.map(({ way, why }) => `${way}: ${why}`).join("; ") } satisfies Answer);
    } catch (error) {
      port.postMessage({ wrong: String(error) } satisfies Answer);
    }
  });
}

function textAfter({ edits }: FixCandidate): string {
  const files = patchedFiles(edits);
  assert.ok(files.ok && files.value.length === 1);
  return files.value[0]!.after;
}

/** As the others are compiled; it stands one folder lower. */
function transpiled(text: string): string {
  const { outputText } = ts.transpileModule(text, { compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext } });
  return outputText.replaceAll('from "unpark"', 'from "../../../src/index.js"').replaceAll('from "unpark/node"', 'from "../../../src/runtime/node/index.js"');
}

/** The project's files have the lines of examples/ts, where the programs that run were compiled from. */
function inProject(finding: Finding, folder: string): Finding {
  const moved = <T extends { readonly file: string }>(at: T): T => ({ ...at, file: join(folder, basename(at.file)) });
  return { ...finding, blocked: moved(finding.blocked), stack: finding.stack.map(moved) };
}

function checkPatch(candidate: FixCandidate, name: string, open: ReturnType<typeof Sources.opener>, base: Sources): void {
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
