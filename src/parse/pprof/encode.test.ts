import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import type { Snapshot } from "../../model/goroutine/snapshot.js";
import { fixture, parseText, picture, VERSIONS } from "../testing/dump-fixtures.js";
import { encodeProfile } from "./encode.js";

const reread = (snapshot: Snapshot): Snapshot => parseText(gunzipSync(encodeProfile(snapshot))).snapshots[0]!;

test("a profile that was written reads back as the same groups, labels and counts", () => {
  for (const version of VERSIONS) {
    const [snapshot] = parseText(fixture(`${version}/zoo.pb.gz`)).snapshots;
    const again = reread(snapshot!);
    assert.deepEqual(picture(again), picture(snapshot!));
    assert.deepEqual(again.goroutines.map((g) => g.labels), snapshot!.goroutines.map((g) => g.labels));
    assert.equal(again.provenance.at, snapshot!.provenance.at);
    // A dump hides the frames that say why a goroutine waits: the reason comes back all the same.
    const [dump] = parseText(fixture(`${version}/zoo.debug2.txt`)).snapshots;
    const running = (line: string): boolean => !line.includes("main.main:");
    assert.deepEqual(picture(reread(dump!)).filter(running), picture(dump!).filter(running));
  }
});

test("any snapshot: stacks, labels and counts come back", () => {
  const frame = fc.record({ function: fc.string({ minLength: 1 }).map((s) => `f${s}`), file: fc.string(), line: fc.nat() });
  const goroutine = fc.record({
    count: fc.integer({ min: 1, max: 2 ** 40 }),
    stack: fc.array(frame, { minLength: 1, maxLength: 5 }),
    labels: fc.option(fc.dictionary(fc.string().filter((k) => k !== "__proto__"), fc.string({ minLength: 1 })), { nil: undefined }),
  });
  fc.assert(
    fc.property(fc.array(goroutine, { minLength: 1 }), (goroutines) => {
      const snapshot = { provenance: { source: "x", how: "x" }, losses: [], goroutines } as unknown as Snapshot;
      const bare = (s: Snapshot) => s.goroutines.map(({ count, stack, labels }) => ({ count, stack: stack.map((f) => ({ ...f })), labels: { ...labels } }));
      assert.deepEqual(bare(reread(snapshot)), bare(snapshot));
    }),
    { numRuns: 50 },
  );
});

test("go tool pprof -top shows the numbers of Go's own profile, and of the dump text", () => {
  const folder = mkdtempSync(join(tmpdir(), "unpark-pprof-"));
  try {
    const original = fileURLToPath(new URL("../../../../fixtures/dumps/go1.26.8/zoo.pb.gz", import.meta.url));
    const [profile] = parseText(fixture("go1.26.8/zoo.pb.gz")).snapshots;
    const [dump] = parseText(fixture("go1.26.8/zoo.debug2.txt")).snapshots;
    assert.deepEqual(top(write(folder, "again.pb.gz", profile!)), top(original));
    // The dump shows neither the runtime's inner frames nor type arguments: compare what both have.
    const users = (rows: readonly string[]): string[] => rows.filter((row) => /main\.(?!worker|main)/.test(row)).map((row) => row.replace(/^\d+ /, "")).sort();
    assert.deepEqual(users(top(write(folder, "dump.pb.gz", dump!))), users(top(original)));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

function write(folder: string, name: string, snapshot: Snapshot): string {
  const file = join(folder, name);
  writeFileSync(file, encodeProfile(snapshot));
  return file;
}

/** `flat cum function`, sorted. */
function top(file: string): string[] {
  const { stdout, stderr, status } = spawnSync("go", ["tool", "pprof", "-top", "-nodecount=1000", file], { encoding: "utf8" });
  assert.equal(status, 0, stderr);
  const rows = stdout.split("\n").flatMap((line) => {
    const match = /^\s*(\d+)\s+\S+%\s+\S+%\s+(\d+)\s+\S+%\s+(.+?)(?: \(inline\))?$/.exec(line);
    return match ? [`${match[1]} ${match[2]} ${match[3]}`] : [];
  });
  assert.ok(rows.length > 10, stdout);
  return rows.sort();
}
