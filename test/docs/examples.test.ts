// The pages of verdicts and causes: one for each, and each Go example in them is found as its first line says.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { BIN } from "../../src/cli/testing/bin.js";
import { CAUSES } from "../../src/model/finding/cause.js";
import { VERDICTS } from "../../src/model/finding/finding.js";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const PACKAGES: Readonly<Record<string, string>> = { errors: "errors", context: "context", sync: "sync", atomic: "sync/atomic", time: "time", net: "net", io: "io", runtime: "runtime" };

interface Example {
  readonly page: string;
  readonly test: string;
  readonly says: string;
  readonly code: string;
}

const examples: readonly Example[] = ["verdicts", "causes"].flatMap((folder) =>
  readdirSync(join(ROOT, "docs", folder)).sort().flatMap((name) => {
    const text = readFileSync(join(ROOT, "docs", folder, name), "utf8");
    return [...text.matchAll(/```go\n\/\/ Unpark: (.*)\n([^]*?)```/g)].map(([, says, code]) => ({ page: `${folder}/${name.slice(0, -3)}`, says: says!, code: code!, test: /^func (Test\w+)/m.exec(code!)![1]! }));
  }),
);

describe("pages of verdicts and causes", () => {
  it("there is one for each, and no other", () => {
    const pages = (folder: string): readonly string[] => readdirSync(join(ROOT, "docs", folder)).map((name) => name.replace(/\.md$/, "")).sort();
    assert.deepEqual(pages("verdicts"), [...VERDICTS].sort());
    assert.deepEqual(pages("causes"), [...CAUSES].sort());
  });
  it("each cause that Go code can have shows code that leaks by it, and a repaired one", () => {
    for (const cause of CAUSES) {
      if (cause === "unknown" || cause === "never-settled") continue;
      assert.deepEqual(examples.filter(({ page }) => page === `causes/${cause}`).map(({ says }) => says.replace(/^.*, /, "")), [cause, "no finding"]);
    }
  });
  it("each is found as it says", { timeout: 600_000 }, () => {
    const module = mkdtempSync(join(tmpdir(), "unpark-doc-examples-"));
    after(() => rmSync(module, { recursive: true, force: true }));
    writeFileSync(join(module, "go.mod"), "module example.com/pages\n\ngo 1.24\n");
    for (const [i, { code }] of examples.entries()) {
      const imports = Object.entries(PACKAGES).flatMap(([name, path]) => (new RegExp(`\\b${name}\\.[A-Z]`).test(code) ? [`\t"${path}"`] : []));
      writeFileSync(join(module, `e${i}_test.go`), `package pages\n\nimport (\n${imports.join("\n")}\n\t"testing"\n)\n\n${code}`);
    }
    const { stdout, stderr } = spawnSync(process.execPath, [BIN, "test", "--json", "--no-native", "--budget", "15s", "."], { cwd: module, encoding: "utf8", timeout: 590_000, maxBuffer: 1 << 28 });
    assert.ok(stdout !== "", stderr);
    const report = JSON.parse(stdout) as { failures: readonly unknown[]; programs: readonly { name: string; findings: readonly { verdict: string; cause: string }[] }[] };
    assert.deepEqual(report.failures, []);
    const said = (test: string): string => [...new Set(report.programs.find(({ name }) => name === test)?.findings.map(({ verdict, cause }) => (cause === "unknown" ? verdict : `${verdict}, ${cause}`)))].join("; ") || "no finding";
    assert.deepEqual(examples.map(({ page, test }) => `${page} ${test}: ${said(test)}`), examples.map(({ page, test, says }) => `${page} ${test}: ${says}`));
  });
});
