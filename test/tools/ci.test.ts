// --changed and --shard with real Go and real git, and unpark merge of what the parts wrote.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync, appendFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, it } from "node:test";
import { BIN } from "../../src/cli/testing/bin.js";
import { choosePackages, readShard } from "../../src/pipeline/go/choose-packages.js";

const root = mkdtempSync(join(tmpdir(), "unpark-ci-test-"));
after(() => rmSync(root, { recursive: true, force: true }));
const env = { ...process.env, UNPARK_CACHE: join(root, "cache"), GIT_CONFIG_GLOBAL: join(root, "none"), GIT_CONFIG_NOSYSTEM: "1", GITHUB_ACTIONS: "" };
const project = join(root, "p");

function git(...args: readonly string[]): void {
  const { status, stderr } = spawnSync("git", ["-c", "user.email=a@b", "-c", "user.name=n", ...args], { cwd: project, encoding: "utf8", env });
  assert.equal(status, 0, stderr);
}
function write(files: Readonly<Record<string, string>>): void {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(project, file)), { recursive: true });
    writeFileSync(join(project, file), text);
  }
}
const clean = (name: string): string => `package ${name}\n\nimport "testing"\n\nfunc TestX(t *testing.T) {}\n`;
const chosen = async (more: object): Promise<string> => {
  const result = await choosePackages({ cwd: project, env, patterns: ["./..."], ...more });
  return result.ok ? `${result.value.packages.map((path) => path.replace("example.com/m/", "")).join(" ")} of ${result.value.all}` : result.error;
};

describe("a part of the packages", () => {
  before(() => {
    write({
      "go.mod": "module example.com/m\n\ngo 1.24\n", "a/a.go": "package a\n", "a/x_test.go": clean("a"), "b/b.go": 'package b\n\nimport _ "example.com/m/a"\n', "b/x_test.go": clean("b"),
      "c/x_test.go": 'package c\n\nimport "testing"\n\nfunc TestX(t *testing.T) {\n\tgo func() { <-make(chan int) }()\n}\n',
    });
    git("init", "-q", "-b", "main", ".");
    git("add", "-A");
    git("commit", "-qm", "one");
  });

  it("is dealt out in turn", async () => {
    assert.equal(await chosen({ shard: { index: 1, of: 2 } }), "a c of 3");
    assert.equal(await chosen({ shard: { index: 2, of: 2 } }), "b of 3");
    assert.equal(await chosen({ shard: { index: 4, of: 4 } }), " of 3");
    for (const text of ["0/2", "3/2", "1", "1/", "a/b", "-1/2"]) assert.equal(readShard(text).ok, false, text);
  });

  it("has no file, and needs a commit that git knows", async () => {
    assert.equal(await chosen({ patterns: ["a/x_test.go"], changed: "main" }), "--changed and --shard choose among packages, but a/x_test.go is a file");
    assert.match(await chosen({ changed: "nowhere" }), /^git finds no common commit of nowhere and HEAD/);
    assert.equal(await chosen({ changed: "--output=x" }), "--changed takes a branch, tag or commit, but got '--output=x'");
  });

  it("is what differs from where the branch was left: in the work tree, new, and committed; not what main did since", async () => {
    assert.equal(await chosen({ changed: "main" }), " of 3");
    git("checkout", "-qb", "work");
    appendFileSync(join(project, "a/a.go"), "// changed\n");
    assert.equal(await chosen({ changed: "main" }), "a b of 3");
    git("commit", "-qam", "two");
    write({ "d/x_test.go": clean("d") });
    assert.equal(await chosen({ changed: "main" }), "a b d of 4");
    git("checkout", "-q", "main");
    appendFileSync(join(project, "c/x_test.go"), "// main's\n");
    git("commit", "-qam", "three");
    git("checkout", "-q", "work");
    assert.equal(await chosen({ changed: "main" }), "a b d of 4");
  });

  it("each explored by itself is the whole again when merged", () => {
    const run = (...argv: readonly string[]) => spawnSync(process.execPath, [BIN, ...argv], { cwd: project, encoding: "utf8", env });
    const test = ["test", "--no-native", "--schedules=50"];
    const parts = [1, 2, 3, 4, 5].map((i) => run(...test, `--shard=${i}/5`, `--json=${i}.json`, "./...").status);
    assert.deepEqual(parts, [0, 0, 1, 0, 0]); // c leaks; the fifth part is empty
    const merged = run("merge", ...[1, 2, 3, 4, 5].map((i) => `${i}.json`));
    assert.equal(merged.status, 1);
    const shape = (text: string): string => text.replace(/\s+[\d.]+ ?s\b/g, "");
    assert.equal(shape(merged.stdout), shape(run(...test, "./...").stdout.replaceAll(", cached", "")).replaceAll(" (cached)", ""));
    assert.equal(run("merge", "1.json", "1.json").status, 2);
  });
});
