// The door of the native mode: what is Unpark's and what is go test's, and bad input with real Go.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, describe, it } from "node:test";
import { dispatch } from "./dispatch.js";
import { splitNative } from "./test-native.js";
import { fakeIo } from "./testing/run-cli.js";

const root = mkdtempSync(join(tmpdir(), "unpark-door-"));
after(() => rmSync(root, { recursive: true, force: true }));
process.env["TMPDIR"] = join(root, "tmp"); // so that what is left behind can be seen
mkdirSync(join(root, "tmp"));
const env = { ...process.env, UNPARK_CACHE: join(root, "cache"), GITHUB_ACTIONS: "" };

function moduleOf(name: string, files: Readonly<Record<string, string>>): string {
  for (const [file, text] of Object.entries({ "go.mod": `module example.com/${name}\n\ngo 1.24\n`, ...files })) {
    mkdirSync(dirname(join(root, name, file)), { recursive: true });
    writeFileSync(join(root, name, file), text);
  }
  return join(root, name);
}

async function door(cwd: string, ...argv: string[]) {
  const io = fakeIo({ cwd, env });
  const code = await dispatch(["test", "--native", ...argv], io);
  return { code, out: io.out(), err: io.err() };
}

describe("splitNative", () => {
  it("leaves everything with one dash, and all behind -args, to go test", () => {
    const split = splitNative(["--native", "-run", "X", "./...", "--strict", "-json", "-args", "--json"]);
    assert.ok(split.ok);
    assert.deepEqual(split.value.goTest, ["-run", "X", "./...", "-json", "-args", "--json"]);
    assert.equal(split.value.flags.strict, true);
    assert.equal(split.value.flags.json, undefined);
  });

  for (const [word, said] of [
    ["--jsno", "unknown flag --jsno; did you mean --json?"],
    ["--run=X", "unknown flag --run: Unpark's own flags have two dashes, go test's one (-run)"],
    ["--deep=yes", "--deep takes no value, but got 'yes'"],
  ] as const) {
    it(`refuses ${word}`, () => assert.deepEqual(splitNative([word]), { ok: false, error: said }));
  }
});

const leaking = (name: string, more = ""): string => `package ${name}\n\nimport "testing"\n\nfunc TestX(t *testing.T) { go func() { <-make(chan int) }(); ${more} }\n`;

describe("unpark test --native", () => {
  it("keeps each package's own result and adds its own", async () => {
    const folder = moduleOf("several", {
      "build/x_test.go": "package build\n\nvar x int = undefined\n",
      "clean/x_test.go": 'package clean\n\nimport "testing"\n\nfunc TestX(t *testing.T) {}\n',
      "fails/x_test.go": leaking("fails", 't.Fatal("own words")'),
      "notests/x.go": "package notests\n",
      "panics/x_test.go": leaking("panics", 'panic("own words")'),
    });
    const { code, out } = await door(folder, "./...");
    assert.equal(code, 2); // one package could not be built
    assert.match(out, /^FAIL\texample\.com\/several\/build \[build failed\]$/m);
    assert.match(out, /^CANNOT example\.com\/several\/build: its tests do not build: build\/x_test\.go:3:13: undefined: undefined$/m);
    assert.match(out, /^ok {2}\texample\.com\/several\/clean\t/m);
    assert.match(out, /x_test\.go:5: own words/);
    assert.match(out, /^FAIL {4}example\.com\/several\/fails +native run/m);
    assert.match(out, /^\? {7}example\.com\/several\/panics +\[no verdict: the test binary ended by a panic/m);
    assert.doesNotMatch(out, /(ok|FAIL|\?) {4,}example\.com\/several\/notests/);
    assert.deepEqual(readdirSync(join(root, "tmp")), []);
  });

  for (const flags of [[], ["-json"]]) {
    it(`says which tests had not ended in time ${flags.join()}`, async () => {
      const name = `hangs${flags.length}`;
      const folder = moduleOf(name, { "x_test.go": `package ${name}\n\nimport "testing"\n\nfunc TestA(t *testing.T) {}\nfunc TestHangs(t *testing.T) { select {} }\n` });
      const { code, out, err } = await door(folder, "-timeout=300ms", ...flags);
      assert.equal(code, 1);
      assert.match(out + err, /^\? {7}\S+ +\[no verdict: TestHangs had not ended after 300ms \(-timeout\)\]$/m);
    });
  }

  it("gives go test's exit code for a failure, 1 for a leak, 0 with a baseline", async () => {
    const failing = moduleOf("failing", { "x_test.go": 'package failing\n\nimport "testing"\n\nfunc TestX(t *testing.T) { t.Fail() }\n' });
    assert.equal((await door(failing)).code, 1);
    const folder = moduleOf("leaks", { "x_test.go": leaking("leaks") });
    assert.equal((await door(folder)).code, 1);
    assert.equal((await door(folder, "--baseline")).code, 0);
    assert.match(readFileSync(join(folder, ".unpark-baseline.json"), "utf8"), /"function": "example\.com\/leaks\.TestX\.func1"/);
    const again = await door(folder, "--baseline");
    assert.equal(again.code, 0);
    assert.match(again.err, /1 finding of the baseline is still there and not counted/);
    writeFileSync(join(folder, "new_test.go"), 'package leaks\n\nimport "testing"\n\nfunc TestNew(t *testing.T) { go func() { select {} }() }\n');
    const fresh = await door(folder, "--baseline");
    assert.equal(fresh.code, 1);
    assert.match(fresh.out, /^--- FAIL: TestNew .*\n {4}leaked: .*\[select-without-cases\]$/m);
    assert.doesNotMatch(fresh.out, /in TestX$/m);
  });

  it("ignores what .unpark.yaml names, and refuses one that it does not understand before anything is run", async () => {
    const folder = moduleOf("ignores", { "x_test.go": leaking("ignores"), ".unpark.yaml": "ignore:\n  - { function: 'example.com/ignores.*', reason: on purpose, expires: 9999-12-31 }\n" });
    const { code, err } = await door(folder);
    assert.equal(code, 0);
    assert.match(err, /ignored 1 finding in example\.com\/ignores\.\* until 9999-12-31: on purpose/);
    writeFileSync(join(folder, ".unpark.yaml"), "ignore: yes\n");
    const refused = await door(folder);
    assert.equal(refused.code, 2);
    assert.equal(refused.out, "");
    assert.match(refused.err, /\.unpark\.yaml:1: 'ignore' is a list, but it holds the text 'yes'/);
  });

  it("keeps go's own -json stream whole: its report goes to stderr", async () => {
    const folder = moduleOf("stream", { "x_test.go": leaking("stream") });
    const { code, out, err } = await door(folder, "-json");
    assert.equal(code, 1);
    for (const line of out.trim().split("\n")) assert.equal(typeof JSON.parse(line), "object");
    assert.match(err, /^FAIL {4}example\.com\/stream /m);
  });

  it("merges the user's own overlay", async () => {
    const folder = moduleOf("overlaid", { "x_test.go": "package overlaid\n", "other.go.txt": leaking("overlaid"), "overlay.json": '{"Replace":{"x_test.go":"other.go.txt"}}' });
    assert.match((await door(folder, "-overlay=overlay.json")).out, /^--- FAIL: TestX .*\n {4}leaked: /m);
    const bad = await door(folder, "-overlay", "missing.json");
    assert.equal(bad.code, 2);
    assert.match(bad.out, /cannot read the overlay that -overlay names/);
  });

  it("says what is missing outside a module", async () => {
    mkdirSync(join(root, "nothing"));
    const { code, out } = await door(join(root, "nothing"), "./...");
    assert.equal(code, 2);
    assert.match(out, /^CANNOT /m);
  });
});
