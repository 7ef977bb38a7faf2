import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { applyEdits, united } from "./apply-edits.js";
import { unifiedDiff } from "./unified-diff.js";

const folder = mkdtempSync(join(tmpdir(), "unpark-diff-"));
after(() => rmSync(folder, { recursive: true, force: true }));

/** git's own answer to the diff: the file afterwards. */
function gitApplied(before: string, diff: string, ...flags: readonly string[]): string {
  writeFileSync(join(folder, "a.go"), before);
  writeFileSync(join(folder, "a.patch"), diff);
  const { status, stderr } = spawnSync("git", ["apply", ...flags, "a.patch"], { cwd: folder, encoding: "utf8" });
  assert.equal(status, 0, `${stderr}\n${diff}`);
  return readFileSync(join(folder, "a.go"), "utf8");
}

describe("a unified diff", () => {
  for (const [name, before, after_] of [
    ["one line", "a\nb\nc\n", "a\nB\nc\n"],
    ["a line more at the beginning", "a\n", "x\na\n"],
    ["a line more at the end", "a\n", "a\nx\n"],
    ["without a line end", "a\nb", "a\nc"],
    ["a line end more", "a\nb", "a\nb\n"],
    ["out of nothing", "", "a\n"],
    ["to nothing", "a\nb\n", ""],
    ["two places far apart", "a\n1\n2\n3\n4\n5\n6\n7\n8\n9\nz\n", "A\n1\n2\n3\n4\n5\n6\n7\n8\n9\nZ\n"],
    ["carriage returns", "a\r\nb\r\n", "a\r\nc\r\n"],
    ["letters of several bytes", "ä\nö\n", "ä\nü\n"],
  ] as const) {
    it(`${name}: git applies it, and takes it back`, () => {
      const diff = unifiedDiff("a.go", before, after_);
      assert.equal(gitApplied(before, diff, "--unidiff-zero"), after_);
      assert.equal(gitApplied(after_, diff, "-R", "--unidiff-zero"), before);
    });
  }

  it("of random edits, too", () => {
    let seed = 7;
    const random = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below;
    for (let round = 0; round < 60; round++) {
      const lines = Array.from({ length: random(40) + 1 }, () => "abcd"[random(4)]!);
      const changed = lines.flatMap((line) => (random(6) === 0 ? [] : random(6) === 0 ? [line, "x"] : [line]));
      const [before, later] = [`${lines.join("\n")}\n`, changed.length === 0 ? "" : `${changed.join("\n")}\n`];
      if (before !== later) assert.equal(gitApplied(before, unifiedDiff("a.go", before, later)), later);
    }
  });

  it("of what is the same is empty", () => assert.equal(unifiedDiff("a.go", "a\n", "a\n"), ""));
});

describe("edits", () => {
  const edit = (offset: number, length: number, text: string) => ({ file: "a.go", offset, length, text });
  it("are of bytes, in any order; overlapping ones are refused", () => {
    assert.equal(Buffer.from(applyEdits(Buffer.from("äbc"), [edit(3, 1, "C"), edit(2, 1, "B")])!).toString(), "äBC");
    assert.equal(applyEdits(Buffer.from("abc"), [edit(0, 2, ""), edit(1, 1, "")]), undefined);
    assert.equal(applyEdits(Buffer.from("abc"), [edit(2, 2, "")]), undefined);
  });
  it("of several patches are done once", () => assert.deepEqual(united([[edit(0, 1, "x")], [edit(0, 1, "x"), edit(2, 0, "y")]]), [edit(0, 1, "x"), edit(2, 0, "y")]));
});
