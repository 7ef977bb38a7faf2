// Each leaking row of examples/ts: what is proposed for its finding parses, the type checker says nothing new of it, git takes the
// diff, and with one of the ways that docs/fixes-ts.md names as the known solution the finding is gone. In this process, where the
// command would start one for each patch: the patched file is compiled beside the others, and explored as they are.
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { newFinding } from "../../src/fix/compare.js";
import type { Examination } from "../../src/model/results/examination.js";
import { isNote } from "../../src/model/finding/finding.js";
import { examineTs } from "../../src/pipeline/typescript/examine-ts.js";
import { Patches } from "./patches.js";

interface Script {
  readonly KNOWN: Readonly<Record<string, readonly [string, readonly string[]]>>;
  readonly seedProject: () => string;
}
const { KNOWN, seedProject } = (await import(new URL("../../../scripts/fixes-ts.mjs", import.meta.url).href)) as Script;
const folder = seedProject();
const compiled = fileURLToPath(new URL("../../examples/ts/", import.meta.url));
const rows = readdirSync(folder).filter((name) => name.slice(0, 2) in KNOWN && /^[^.]*\.ts$/.test(name));
const proposed = new Patches(folder, rows);
const patched = mkdtempSync(join(compiled, "patched-"));
after(async () => {
  await proposed.close();
  for (const one of [patched, folder]) rmSync(one, { recursive: true, force: true });
});

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
        const { patches, refused } = await proposed.of(name, finding);
        assert.ok(patches.length > 0, refused);
        const known = patches.filter(({ way }) => ways.length === 0 || ways.includes(way));
        assert.ok(known.length > 0, `of ${ways.join(", ")} there is ${patches.map(({ way }) => way).join(", ")}`);
        const misses = [];
        for (const [i, candidate] of known.entries()) {
          const file = join(patched, `${name.slice(0, -3)}-${program.name}-${i}.js`);
          writeFileSync(file, candidate.compiled);
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
