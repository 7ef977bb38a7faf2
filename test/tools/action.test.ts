// action.yml, its shell steps run as GitHub's runner would: inputs as environment, outputs and summary as files.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, it } from "node:test";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";

interface Step {
  readonly id?: string;
  readonly run?: string;
  readonly shell?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly "working-directory"?: string;
}
interface Action {
  readonly inputs: Readonly<Record<string, { readonly default: string }>>;
  readonly runs: { readonly steps: readonly Step[] };
}

const ROOT = fileURLToPath(new URL("../../..", import.meta.url)).replace(/\/$/, "");
const action = parse(readFileSync(join(ROOT, "action.yml"), "utf8")) as Action;
const folder = mkdtempSync(join(tmpdir(), "unpark-action-"));
after(() => rmSync(folder, { recursive: true, force: true }));

/** `${{ inputs.x }}` and `${{ github.action_path }}`, the only expressions of shell steps. */
const filled = (text: string, inputs: Readonly<Record<string, string>>): string =>
  text.replace(/\$\{\{ (inputs|github)\.([\w-]+) \}\}/g, (_, kind: string, name: string) => (kind === "github" ? ROOT : (inputs[name] ?? action.inputs[name]!.default)));

it("a leak fails the job, annotates its line, and stands in the step's summary and in the SARIF file", () => {
  writeFileSync(join(folder, "go.mod"), "module example.com/shop\n\ngo 1.24\n");
  writeFileSync(join(folder, "shop_test.go"), 'package shop\n\nimport "testing"\n\nfunc TestLeak(t *testing.T) {\n\tc := make(chan int)\n\tgo func() {\n\t\tc <- 1\n\t}()\n}\n');
  const files = { GITHUB_OUTPUT: join(folder, "output"), GITHUB_STEP_SUMMARY: join(folder, "summary") };
  for (const file of Object.values(files)) writeFileSync(file, "");
  const inputs = { args: "--no-native --budget 2s", "working-directory": folder };
  let last = { status: 0 as number | null, stderr: "" };
  for (const { run, shell, env = {}, ...step } of action.runs.steps) {
    if (run === undefined) continue;
    assert.equal(shell, "bash");
    const own = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, filled(value, inputs)]));
    // The runner's own command for `shell: bash`.
    last = spawnSync("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", filled(run, inputs)], {
      cwd: filled(step["working-directory"] ?? folder, inputs), encoding: "utf8", env: { ...process.env, ...files, ...own, RUNNER_TEMP: folder, GITHUB_ACTIONS: "true" },
    });
  }
  assert.equal(last.status, 1, last.stderr);
  assert.match(last.stderr, /::error file=shop_test\.go,line=8[,:]/);
  assert.match(readFileSync(files.GITHUB_STEP_SUMMARY, "utf8"), /leaked[\s\S]*shop_test\.go:8/);
  assert.match(readFileSync(files.GITHUB_OUTPUT, "utf8"), /sarif=.*unpark\.sarif\nmarkdown=/);
  const sarif = JSON.parse(readFileSync(join(folder, "unpark.sarif"), "utf8")) as { runs: { results: unknown[] }[] };
  assert.equal(sarif.runs[0]!.results.length, 1);
});
