// What go/fix proposes for small sources: the changed lines of each candidate, or why there is none. One module holds all
// cases, a package each; the comment `here` marks the line at which a goroutine is blocked.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import type { FixCandidate, FixProposals } from "../../model/results/fix.js";
import { unifiedDiff } from "../../fix/unified-diff.js";
import { cacheFolder } from "../../base/user-folders.js";
import { openFixTool } from "./fix-tool.js";
import { machineGo, temporaryFolder, writeFiles } from "../testing/go-fixture.js";
import { FIX_CASES } from "../testing/fix-cases.js";

const module = temporaryFolder();
const fileOf = (name: string): string => join(module, name.replace(/[^a-z0-9]/g, "_"), "a.go");

/** No patch waits for luck or swallows a panic; and none has fewer of any operation than before. */
const HIDES = /Sleep|Gosched|recover|\btime\.|Goexit|os\.Exit/;
const OPERATIONS = [/<-/g, /\bclose\(/g, /\.R?Lock\(/g, /\.R?Unlock\(/g, /\.Wait\(/g, /\.Add\(/g, /\.Done\(/g, /\.(?:Signal|Broadcast)\(/g, /\bgo /g];

/** The lines that a candidate takes away and adds. */
function changed(candidate: FixCandidate, mistaken?: string): readonly string[] {
  const file = candidate.edits[0]!.file;
  let text = readFileSync(file);
  for (const { offset, length, text: more } of [...candidate.edits].reverse()) text = Buffer.concat([text.subarray(0, offset), Buffer.from(more), text.subarray(offset + length)]);
  const old = readFileSync(file, "utf8").split("\n");
  const fresh = text.toString("utf8").split("\n");
  writeFileSync(`${file}.patched`, text);
  const { stdout } = spawnSync("gofmt", ["-s", "-l"], { input: text, encoding: "utf8" });
  assert.equal(stdout, "", `gofmt -s changes it:\n${text.toString("utf8")}`);
  if (candidate.way !== "timeout") assert.doesNotMatch(candidate.edits.map(({ text: more }) => more).join("\n"), HIDES);
  for (const operation of OPERATIONS.filter(({ source }) => mistaken === undefined || !source.includes(`?${mistaken}`))) assert.ok((text.toString("utf8").match(operation)?.length ?? 0) >= (readFileSync(file, "utf8").match(operation)?.length ?? 0), `${operation} is gone:\n${text.toString("utf8")}`);
  const back = unifiedDiff("a.go", readFileSync(file, "utf8"), text.toString("utf8"));
  writeFileSync(`${file}.diff`, back);
  for (const [flags, wanted] of [[[], text.toString("utf8")], [["-R"], readFileSync(file, "utf8")]] as const) {
    writeFileSync(join(module, "a.go"), flags.length === 0 ? readFileSync(file) : text);
    assert.equal(spawnSync("git", ["apply", ...flags, `${file}.diff`], { cwd: module, encoding: "utf8" }).stderr, "");
    assert.equal(readFileSync(join(module, "a.go"), "utf8"), wanted, "git applies it, and takes it back");
  }
  const { stdout: diff } = spawnSync("diff", ["-U0", file, `${file}.patched`], { encoding: "utf8" });
  assert.notDeepEqual(fresh, old);
  return diff.split("\n").filter((line) => /^[-+](?![-+])/.test(line)).map((line) => line.charAt(0) + line.slice(1).trim());
}

describe("go/fix proposes", () => {
  let answers: readonly FixProposals[] = [];
  before(async () => {
    writeFiles(module, { "go.mod": "module example.test/cases\n\ngo 1.24\n" });
    for (const { name, source } of FIX_CASES) writeFiles(module, { [fileOf(name).slice(module.length + 1)]: source });
    const vetted = spawnSync("gofmt", ["-s", "-l", module], { encoding: "utf8" });
    assert.equal(vetted.stdout, "", "the cases themselves are formatted");
    const toolchain = await machineGo(module, cacheFolder(process.env));
    const sites = FIX_CASES.map(({ name, source, ways }) => {
      const file = fileOf(name);
      const lines = source.split("\n").flatMap((text, i) => (/\/\/ here\b/.test(text) ? [{ file, line: i + 1 }] : []));
      const others = source.split("\n").flatMap((text, i) => (/\/\/ started\b/.test(text) ? [{ file, line: i + 1 }] : []));
      assert.ok(lines.length > 0, name);
      return { ways, stack: [...lines, ...others], others };
    });
    const propose = await openFixTool(toolchain, { cwd: module, patterns: ["./..."], withTests: true });
    assert.ok(propose.ok, propose.ok ? "" : propose.error);
    const proposals = await propose.value(sites);
    assert.ok(proposals.ok, proposals.ok ? "" : proposals.error);
    answers = proposals.value;
  });

  for (const [i, { name, expected, refused, mistaken }] of FIX_CASES.entries()) {
    it(name, () => {
      assert.deepEqual(answers[i]!.candidates.map((one) => changed(one, mistaken)), expected);
      if (refused !== undefined) assert.match(answers[i]!.refused.map(({ why }) => why).join("; "), refused);
    });
  }
});
