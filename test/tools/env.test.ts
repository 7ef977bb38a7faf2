// `unpark env`, its variables as a shell sets them, under plain `go test`, `go test -json` and real gotestsum.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, it } from "node:test";
import { BIN } from "../../src/cli/testing/bin.js";

const root = mkdtempSync(join(tmpdir(), "unpark-env-test-"));
const project = join(root, "it's a shop");
const temporary = join(root, "tmp");
after(() => rmSync(root, { recursive: true, force: true }));

const goTest = (name: string, body: string, more = ""): string => `package ${name}\n\nimport "testing"\n${more}\nfunc TestClean(t *testing.T) {}\n\nfunc TestX(t *testing.T) {\n${body}\n}\n`;
const FILES: Readonly<Record<string, string>> = {
  "go.mod": "module example.com/shop\n\ngo 1.24\n",
  "clean/x_test.go": goTest("clean", "\tc := make(chan int, 1)\n\tgo func() { c <- 1 }()\n\t<-c"),
  "leaks/x_test.go": goTest("leaks", "\tc := make(chan int)\n\tgo func() { c <- 1 }()\n\tgo func() { <-make(chan int) }()"),
  "holds/x_test.go": goTest("holds", "\tgo func() { <-held }()", "\nvar held = make(chan int)\n"),
  "fails/x_test.go": goTest("fails", '\tgo func() { <-make(chan int) }()\n\tt.Fatal("own words")'),
  "known/x_test.go": goTest("known", "\tgo func() { <-make(chan int) }()"),
  ".unpark.yaml": "ignore:\n  - { function: example.com/shop/known.*, reason: told elsewhere, expires: 9999-12-31 }\n  - { function: no.such, reason: fits nothing, expires: 9999-12-31 }\n",
};

/** What a shell has after `eval "$(unpark env …)"`, and the command in it. */
function shell(command: string, env = "") {
  const script = `eval "$("$NODE" "$BIN" env ${env})" || exit 9\n${command}`;
  return spawnSync("sh", ["-c", script], { cwd: project, encoding: "utf8", env: { ...process.env, NODE: process.execPath, BIN, UNPARK_CACHE: join(root, "a cache"), TMPDIR: temporary, GOFLAGS: "-count=1" } });
}

describe("unpark env", () => {
  before(() => {
    mkdirSync(temporary);
    for (const [file, text] of Object.entries(FILES)) {
      mkdirSync(dirname(join(project, file)), { recursive: true });
      writeFileSync(join(project, file), text);
    }
  });

  it("makes plain go test fail where a test leaves a leak, and prints it as a subtest of that test", () => {
    const { stdout, status } = shell("go test ./...");
    assert.equal(status, 1);
    const lines = stdout.split("\n").filter((line) => /^(ok|FAIL| *---)/.test(line)).map((line) => line.replace(/\s+[\d.]+s$|\s+\([\d.]+s\)/, ""));
    assert.deepEqual(lines.sort(), [
      "    --- FAIL: TestX/unpark:leaked", "    --- FAIL: TestX/unpark:leaked", "    --- FAIL: TestX/unpark:leaked#01",
      "--- FAIL: TestX", "--- FAIL: TestX", "--- FAIL: TestX", // fails says it twice: its own failure, and what it left
      "FAIL", "FAIL", "FAIL\texample.com/shop/fails", "FAIL\texample.com/shop/leaks", "ok  \texample.com/shop/clean", "ok  \texample.com/shop/holds", "ok  \texample.com/shop/known",
    ]);
    assert.match(stdout, /leaked: 1 goroutine, proved {2}\[send-without-receiver\]\n\s+leaks\.TestX\.func1 {3}x_test\.go:9 {3}chan send/);
    assert.doesNotMatch(stdout, /fits nothing/);
    assert.deepEqual(readdirSync(temporary).filter((name) => name.startsWith("unpark-env")), []);
  });

  it("keeps the user's GOFLAGS, and with --strict counts what lingers", () => {
    const { stdout, status } = shell('case "$GOFLAGS" in -count=1*) ;; *) exit 8 ;; esac; go test ./holds ./clean', "--strict");
    assert.equal(status, 1, stdout);
    assert.match(stdout, /^ {4}--- FAIL: TestX\/unpark:lingering/m);
    assert.match(stdout, /^ok {2}\texample\.com\/shop\/clean/m);
  });

  it("go test -json has an event for each finding, a note among them, and the package's own result stays its own", () => {
    const { stdout } = shell("go test -json ./leaks ./holds");
    const events = stdout.trim().split("\n").map((line) => JSON.parse(line) as { Action: string; Package: string; Test?: string });
    const results = events.filter(({ Action }) => /^(pass|fail)$/.test(Action)).map(({ Action, Package, Test }) => `${Action} ${Package.replace("example.com/shop/", "")} ${Test ?? ""}`.trim());
    assert.deepEqual(results.sort(), [
      "fail leaks", "fail leaks TestX", "fail leaks TestX/unpark:leaked", "fail leaks TestX/unpark:leaked#01",
      "pass holds", "pass holds TestClean", "pass holds TestX", "pass holds TestX", "pass holds TestX/unpark:lingering",
      "pass leaks TestClean", "pass leaks TestX",
    ]);
  });

  it("gotestsum shows the findings as failing subtests", () => {
    const { status, stderr } = spawnSync("go", ["install", "gotest.tools/gotestsum@v1.12.3"], { cwd: root, encoding: "utf8", env: { ...process.env, GOBIN: root, GOFLAGS: "" } });
    assert.equal(status, 0, stderr);
    const { stdout, status: code } = shell(`"${join(root, "gotestsum")}" --format testname --no-color ./leaks ./clean`);
    assert.equal(code, 1);
    const told = [...stdout.matchAll(/^(PASS|FAIL) (\w+)(?:\.(Test\S+))?/gm)].map(([, word, path, test = ""]) => `${word} ${path} ${test}`.trim());
    assert.deepEqual([...new Set(told)].sort(), ["FAIL leaks", "FAIL leaks TestX", "FAIL leaks TestX/unpark:leaked", "FAIL leaks TestX/unpark:leaked#01", "PASS clean", "PASS clean TestClean", "PASS clean TestX", "PASS leaks TestClean", "PASS leaks TestX"]);
  });

  it("takes a baseline, and says where there is none", () => {
    const none = spawnSync(process.execPath, [BIN, "env", "--baseline"], { cwd: project, encoding: "utf8" });
    assert.equal(none.status, 2);
    assert.match(none.stderr, /there is no .*unpark-baseline\.json: unpark test --native --baseline \.\/\.\.\. makes it/);
    const { status, stdout } = shell('"$NODE" "$BIN" test --native --baseline=b.json ./leaks > /dev/null; eval "$("$NODE" "$BIN" env --baseline=b.json)"; go test ./leaks');
    assert.equal(status, 0, stdout);
  });

  it("prints JSON for an editor", () => {
    const { stdout } = spawnSync(process.execPath, [BIN, "env", "--json"], { cwd: project, encoding: "utf8", env: { ...process.env, UNPARK_CACHE: join(root, "a cache") } });
    const variables = JSON.parse(stdout) as Readonly<Record<string, string>>;
    assert.equal(variables["GOTOOLCHAIN"], "local");
    assert.match(variables["GOFLAGS"]!, /-overlay=/);
  });
});
