// `unpark migrate goleak` with real Go: which uses its parser sees, what each becomes, and that the patch applies.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, describe, it } from "node:test";
import { dispatch } from "../../src/cli/dispatch.js";
import { fakeIo } from "../../src/cli/testing/run-cli.js";
import type { Migration } from "../../src/model/results/migration.js";

const root = mkdtempSync(join(tmpdir(), "unpark-migrate-"));
after(() => rmSync(root, { recursive: true, force: true }));
let folders = 0;

function module(files: Readonly<Record<string, string>>): string {
  const folder = join(root, String(++folders));
  for (const [file, text] of Object.entries({ "go.mod": "module example.com/m // of tests\n\ngo 1.24\n", ...files })) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  return folder;
}

async function unpark(cwd: string, ...argv: string[]) {
  const io = fakeIo({ cwd, env: process.env });
  const code = await dispatch(["migrate", ...argv], io);
  return { code, out: io.out(), err: io.err() };
}

/** Each use in a line: where, its name, what it becomes. */
async function uses(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const folder = module(files);
  const { out, err } = await unpark(folder, "goleak", "--json", "--expires=2027-03-31");
  assert.equal(err, "");
  return (JSON.parse(out) as Migration).uses.map(({ file, line, name, becomes }) => {
    const place = `${file.slice(folder.length + 1)}:${line} ${name}`;
    if (becomes.kind === "needless" || becomes.kind === "not") return `${place} ${becomes.kind}: ${becomes.why}`;
    const { stack, test, package: path, reason } = becomes.entry;
    return `${place} ${becomes.kind}: ${stack} in ${path ?? "all"} ${test ?? ""} (${reason})`;
  });
}

const MAIN = (body: string, imports = '"go.uber.org/goleak"'): string => `package a\n\nimport (\n\t"testing"\n\n\t${imports}\n)\n\n${body}\n`;

describe("unpark migrate goleak", () => {
  const ROWS: readonly (readonly [title: string, file: string, uses: readonly string[]])[] = [
    ["TestMain that does nothing else", MAIN("func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }"), ["a/a_test.go:9 VerifyTestMain needless: TestMain does nothing else, and may go with it"]],
    ["another name for the import", MAIN("func TestA(t *testing.T) {\n\tdefer leak.VerifyNone(t)\n}", 'leak "go.uber.org/goleak"'), ["a/a_test.go:10 VerifyNone needless: done at the test's end: this call may go"]],
    ["a dot import, and a method that only has such a name", MAIN("type x struct{}\n\nfunc (x) VerifyNone(any) {}\n\nfunc TestA(t *testing.T) {\n\tdefer VerifyNone(t)\n\tx{}.VerifyNone(t)\n}", '. "go.uber.org/goleak"'), ["a/a_test.go:14 VerifyNone needless: done at the test's end: this call may go"]],
    ["a variable that hides the import", MAIN("type fake struct{}\n\nfunc (fake) VerifyNone(any) {}\n\nfunc TestA(t *testing.T) {\n\t_ = goleak.IgnoreCurrent\n\tgoleak := fake{}\n\tgoleak.VerifyNone(t)\n}"), ["a/a_test.go:14 IgnoreCurrent not: it is a value here, not a call: what is done with it is decided while the tests run"]],
    ["an import for its effects alone", MAIN("func TestA(t *testing.T) {}", '_ "go.uber.org/goleak"'), []],
    ["another package of that name", MAIN("func TestA(t *testing.T) { goleak.VerifyNone(t) }", '"example.com/goleak"'), []],
    ["options of TestMain are the package's, of a test the test's; reasons are the comments", MAIN('func TestMain(m *testing.M) {\n\tgoleak.VerifyTestMain(m,\n\t\t// its flusher never ends\n\t\tgoleak.IgnoreTopFunction("lib.(*T).run"),\n\t)\n}\n\nfunc TestA(t *testing.T) {\n\tgoleak.VerifyNone(t, goleak.IgnoreAnyFunction("lib.poll")) // needs it\n}'), [
      "a/a_test.go:10 VerifyTestMain needless: TestMain does nothing else, and may go with it", "a/a_test.go:12 IgnoreTopFunction ignore: lib.(*T).run in example.com/m/a  (its flusher never ends (goleak.IgnoreTopFunction in a/a_test.go:12))",
      "a/a_test.go:17 VerifyNone needless: done at the test's end: this call may go", "a/a_test.go:17 IgnoreAnyFunction ignore: lib.poll in example.com/m/a TestA (needs it (goleak.IgnoreAnyFunction in a/a_test.go:17))",
    ]],
    ["options in variables, constants, names put together", MAIN('const pkg = "lib"\n\nvar opts = []goleak.Option{goleak.IgnoreTopFunction(pkg + ".(*T).run"), goleak.IgnoreTopFunction(name())}\n\nfunc name() string { return "x" }\n\nfunc TestA(t *testing.T) {\n\tconst local = `lib.` + "here"\n\tgoleak.VerifyNone(t, append(opts, goleak.IgnoreAnyFunction(local))...)\n}'), [
      "a/a_test.go:11 IgnoreTopFunction ignore: lib.(*T).run in example.com/m/a  (goleak.IgnoreTopFunction in a/a_test.go:11)",
      "a/a_test.go:11 IgnoreTopFunction not: the function's name is put together while the tests run: write an entry with the name that it comes to",
      "a/a_test.go:17 VerifyNone needless: done at the test's end: this call may go", "a/a_test.go:17 IgnoreAnyFunction ignore: lib.here in example.com/m/a TestA (goleak.IgnoreAnyFunction in a/a_test.go:17)",
    ]],
    ["Cleanup, Find, IgnoreCurrent", MAIN("func TestMain(m *testing.M) {\n\tgoleak.VerifyTestMain(m, goleak.Cleanup(func(int) {}), goleak.IgnoreCurrent())\n\tprintln()\n}\n\nfunc TestA(t *testing.T) {\n\tif err := goleak.Find(goleak.IgnoreCurrent()); err != nil {\n\t}\n}"), [
      "a/a_test.go:10 VerifyTestMain needless: this call may go, and the rest of its function stay (os.Exit(m.Run()) in its place)", "a/a_test.go:10 Cleanup not: it runs code of yours when the check is over: call it in TestMain, behind m.Run()",
      "a/a_test.go:10 IgnoreCurrent needless: what was there before a test is never blamed on it", "a/a_test.go:15 Find not: its answer is used by the test's own code: leave it, goleak and Unpark get along",
      "a/a_test.go:15 IgnoreCurrent needless: what was there before a test is never blamed on it; what the test itself started above this line counts, if it is left at the test's end",
    ]],
  ];
  for (const [title, file, expected] of ROWS) it(title, async () => assert.deepEqual(await uses({ "a/a_test.go": file }), expected));

  it("a wrapper, with its callers in other packages; folders that go leaves out; a file that does not parse", async () => {
    const folder = module({
      "util/leak.go": 'package util\n\nimport (\n\t"testing"\n\n\t"go.uber.org/goleak"\n)\n\nfunc Verify(t *testing.T) {\n\tgoleak.VerifyNone(t, goleak.IgnoreTopFunction("lib.run"))\n}\n',
      "b/b_test.go": 'package b\n\nimport (\n\t"testing"\n\n\tu "example.com/m/util"\n)\n\nfunc TestA(t *testing.T) { defer u.Verify(t) }\n\nfunc TestB(t *testing.T) { defer u.Verify(t) }\n',
      "vendor/v/v_test.go": MAIN("func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }"), "testdata/t_test.go": MAIN("func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }"),
      "c/c_test.go": 'package c\n\nimport "go.uber.org/goleak"\n\nfunc {\n',
    });
    const { uses: found, broken, files } = JSON.parse((await unpark(folder, "goleak", "--json")).out) as Migration;
    assert.deepEqual(found.map(({ becomes }) => (becomes.kind === "needless" ? becomes.why : becomes.kind === "ignore" ? [becomes.entry.package, becomes.entry.test] : becomes.kind)), ["Verify verifies for its callers (2 calls): it and they may go", [undefined, undefined]]);
    assert.deepEqual([broken, files], [[join(folder, "c/c_test.go")], 3]);
  });

  it("prints a patch that applies, keeps what stands in the file, and has nothing to add the second time", async () => {
    const settings = "# ours\nbudget: 5s # short\nignore:\n  - { function: a.b, reason: known, expires: 9999-12-31 } # keep\n";
    const folder = module({ "a/a_test.go": ROWS[6]![1], ".unpark.yaml": settings });
    const { code, out, err } = await unpark(folder, "goleak", "--expires", "2027-03-31");
    assert.equal(code, 0);
    assert.match(err, /^4 uses of goleak in 1 file: 2 done by `unpark test` as it is, 2 as entries of \.unpark\.yaml, 0 not converted\.$/m);
    const applied = spawnSync("patch", ["-p1"], { cwd: folder, input: out, encoding: "utf8" });
    assert.equal(applied.status, 0, applied.stdout + applied.stderr);
    const patched = readFileSync(join(folder, ".unpark.yaml"), "utf8");
    assert.ok(patched.startsWith("# ours\nbudget: 5s # short\nignore:\n  - { function: a.b, reason: known, expires: 9999-12-31 } # keep\n"), patched);
    assert.match(patched, /- stack: lib\.\(\*T\)\.run\n {4}package: example\.com\/m\/a\n {4}reason: .*\n {4}expires: 2027-03-31\n/);
    const again = await unpark(folder, "goleak", "--write");
    assert.deepEqual([again.code, again.out], [0, ""]);
    assert.match(again.err, /^Nothing is to be changed in \.unpark\.yaml\.$/m);
    writeFileSync(join(folder, ".unpark.yaml"), settings);
    await unpark(folder, "goleak", "--write", "--expires=2027-03-31", "a");
    assert.equal(readFileSync(join(folder, ".unpark.yaml"), "utf8"), patched);
    rmSync(join(folder, ".unpark.yaml"));
    const fresh = await unpark(folder, "goleak");
    assert.match(fresh.out, /^--- \/dev\/null\n\+\+\+ b\/\.unpark\.yaml\n@@ -0,0 \+1,\d+ @@\n\+ignore:\n/);
    assert.equal(spawnSync("git", ["apply", "--check", "-"], { cwd: folder, input: fresh.out }).status, 0);
  });

  it("says what is wrong with its words", async () => {
    const folder = module({});
    for (const [argv, said] of [
      [[], "migrate needs what to migrate from: unpark migrate goleak"],
      [["leaktest"], "migrate knows goleak, but got 'leaktest'"],
      [["goleak", "no"], "there is no folder no: migrate goleak takes a folder with Go files"],
      [["goleak", "--expires=soon"], "--expires takes a day such as 2027-03-31, but got 'soon'"],
    ] as const) assert.deepEqual(await unpark(folder, ...argv), { code: 2, out: "", err: `unpark: ${said}\n` });
    assert.deepEqual(await unpark(folder, "goleak"), { code: 0, out: "", err: "goleak is not used in the 0 Go files below .\n" });
  });
});
