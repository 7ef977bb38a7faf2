import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { parseBytes } from "../../src/parse/parse.js";
import { VERSIONS } from "../../src/parse/testing/dump-fixtures.js";

/**
 * The same dumps read by panicparse (github.com/maruel/panicparse/v2, pinned in bench/inspect/oracle/go.mod), which is
 * independent of us. Differences that remain are listed here with their reason, and must stay exactly these.
 */
const DIFFERENCES: Readonly<Record<string, string>> = {
  // panicparse 2.5 takes the ancestors' frames for the goroutine's own end and stops at their header.
  ancestors: "panicparse stops at '[originating from goroutine 1]:'",
  // It does not know labels behind the brackets (Go 1.27); within them (Go 1.26) they go into its state.
  labels: "panicparse does not read labels",
};

const root = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
const bin = mkdtempSync(join(tmpdir(), "unpark-oracle-"));
before(() => {
  const built = spawnSync("go", ["build", "-o", join(bin, "oracle"), "."], { cwd: root("bench/inspect/oracle"), encoding: "utf8" });
  assert.equal(built.status, 0, built.stderr);
});
after(() => rmSync(bin, { recursive: true, force: true }));

interface Frame {
  readonly function: string;
  readonly file: string;
  readonly line: number;
}
interface TheirGoroutine {
  readonly id: number;
  readonly state: string;
  readonly minutes: number;
  readonly locked: boolean;
  readonly stack: readonly Frame[];
  readonly creator: readonly Frame[];
}

const line = (f: Frame): string => `${f.function} ${f.file}:${f.line}`;

function theirs(file: string): string[] {
  const { stdout, status, stderr } = spawnSync(join(bin, "oracle"), [file], { encoding: "utf8" });
  assert.equal(status, 0, stderr);
  return (JSON.parse(stdout) as TheirGoroutine[]).map((g) =>
    // It takes Go 1.21's ` in goroutine N` for a part of the creator's name (we read the number, see dump.test.ts);
    // the frame that it inserts for '...12 frames elided...' has no file.
    [`${g.id} ${g.state} ${g.minutes} ${g.locked}`, ...g.stack.filter((f) => f.file !== "").map(line), ...g.creator.map((f) => `by ${line(f)}`.replace(/ in goroutine \d+ /, " "))].join("\n"),
  );
}

function ours(file: string): string[] {
  const parsed = parseBytes(readFileSync(file), { source: file });
  assert.ok(parsed.ok);
  assert.equal(parsed.value.snapshots.length, 1);
  return parsed.value.snapshots[0]!.goroutines.map((g) => {
    const state = g.waitReason || g.state;
    const by = g.createdBy ? [`by ${line(g.createdBy)}`] : [];
    return [`${g.id} ${state} ${g.waitMinutes ?? 0} ${g.lockedToThread ?? false}`, ...g.stack.map(line), ...by].join("\n");
  });
}

for (const version of VERSIONS) {
  test(`${version}: panicparse reads the same goroutines`, () => {
    for (const name of ["zoo.debug2", "panic", "deadlock", "nil", "system", "ancestors", "labels"]) {
      const file = root(`fixtures/dumps/${version}/${name}.txt`);
      const same = JSON.stringify(theirs(file).sort()) === JSON.stringify(ours(file).sort());
      if (name in DIFFERENCES) {
        // Labels came to dumps with Go 1.26: before that there is nothing to differ about.
        const expected = name === "labels" && version < "go1.26";
        assert.equal(same, expected, `${version} ${name}: listed as different (${DIFFERENCES[name]}), but is not`);
      } else {
        assert.deepEqual(theirs(file).sort(), ours(file).sort(), name);
      }
    }
  });
}
