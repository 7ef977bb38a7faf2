// `unpark fix` as a user runs it: on a module in a git repository of its own, in processes of their own.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { BIN } from "../../src/cli/testing/bin.js";
import { Ajv } from "ajv";

const { $schema: _, id: __, ...schema } = JSON.parse(readFileSync(new URL("../../../fixtures/sarif/sarif-schema-2.1.0.json", import.meta.url), "utf8")) as Record<string, unknown>; // draft 4's own two words
const isSarif = new Ajv({ allErrors: true, strict: false, validateFormats: false, unicodeRegExp: false }).compile(schema);
const folder = realpathSync(mkdtempSync(join(tmpdir(), "unpark-fix-test-")));
after(() => rmSync(folder, { recursive: true, force: true }));

const LEAKY = `package shop

func first(prices ...int) int {
	answers := make(chan int)
	for _, price := range prices {
		go func() {
			answers <- price // the loser stays
		}()
	}
	return <-answers
}
`;
const TESTS = `package shop

import "testing"

func TestFirst(t *testing.T) {
	if got := first(2, 3); got != 2 && got != 3 {
		t.Error(got)
	}
}

func TestClean(t *testing.T) {
	done := make(chan bool)
	go close(done)
	<-done
}
`;
const ROOMLESS = `
func TestRoomless(t *testing.T) {
	if room := cap(offers()); room != 0 {
		t.Errorf("room for %d", room)
	}
}

func offers() chan int {
	answers := make(chan int)
	go func() { answers <- 1 }()
	return answers
}
`;

/** A repository of its own with the files committed. */
function module(name: string, files: Readonly<Record<string, string>>) {
  const cwd = join(folder, name);
  mkdirSync(cwd);
  for (const [file, text] of Object.entries({ "go.mod": "module example.test/shop\n\ngo 1.24\n", ...files })) writeFileSync(join(cwd, file), text);
  const git = (...args: readonly string[]) => spawnSync("git", ["-c", "user.name=n", "-c", "user.email=n@example.test", ...args], { cwd, encoding: "utf8" });
  git("init", "-q");
  git("add", "-A");
  git("commit", "-qm", "all");
  const unpark = (...args: readonly string[]) => spawnSync(process.execPath, [BIN, ...args], { cwd, encoding: "utf8" });
  const read = (file: string): string => readFileSync(join(cwd, file), "utf8");
  return { cwd, git, unpark, read, write: (file: string, text: string) => writeFileSync(join(cwd, file), text) };
}

describe("unpark fix", () => {
  const shop = module("shop", { "shop.go": LEAKY, "shop_test.go": TESTS });
  const fixed = LEAKY.replace("make(chan int)", "make(chan int, len(prices))");

  it("shows a proved patch and writes nothing; git applies it; the report says what was proved", () => {
    const { status, stdout, stderr } = shop.unpark("fix", "--patch=leak.patch", "--json=fix.json", "--sarif=fix.sarif", "--review=review.json", ".");
    assert.equal(status, 1, stdout + stderr);
    assert.match(stdout, /^--- FIX: TestFirst {2}\(example\.test\/shop\)$/m);
    assert.match(stdout, /wrong {2}leaked \[abandoned-sender\] at shop\.go:7/);
    assert.match(stdout, /proved gone in all \d+ schedules, explored completely; nothing new in 2 programs explored again; natively the 2 tests that passed pass; go vet says nothing new/);
    assert.equal(shop.read("shop.go"), LEAKY);
    const report = JSON.parse(shop.read("fix.json")) as { readonly findings: readonly { readonly proved: readonly { readonly way: string; readonly proof: { readonly complete: boolean } }[] }[] };
    assert.deepEqual(report.findings.map(({ proved }) => proved.map(({ way, proof }) => [way, proof.complete])), [[["buffer", true], ["done-added", true]]]);
    const log = JSON.parse(shop.read("fix.sarif")) as { readonly runs: readonly [{ readonly results: readonly { readonly fixes: readonly unknown[] }[] }] };
    assert.ok(isSarif(log), JSON.stringify(isSarif.errors));
    assert.deepEqual(log.runs[0].results.map(({ fixes }) => fixes.length), [2], "both ways that are proved");
    const { comments } = JSON.parse(shop.read("review.json")) as { readonly comments: readonly { readonly path: string; readonly line: number; readonly body: string }[] };
    assert.deepEqual(comments.map(({ path, line }) => [path, line]), [["shop.go", 4]]);
    assert.match(comments[0]!.body, /^\*\*leaked\*\* at line 7: .*\n[^]*```suggestion\n\tanswers := make\(chan int, len\(prices\)\)\n```$/);
    assert.equal(shop.git("apply", "leak.patch").status, 0);
    assert.equal(shop.read("shop.go"), fixed);
    assert.equal(shop.git("apply", "-R", "leak.patch").status, 0);
    assert.equal(shop.read("shop.go"), LEAKY);
  });

  it("refuses a file with changes, unless it is forced; a report names the findings", () => {
    shop.write("shop.go", `${LEAKY}\n// not committed\n`);
    const report = shop.unpark("test", "--no-native", "--json=report.json", ".");
    assert.equal(report.status, 1, report.stderr);
    const refused = shop.unpark("fix", "--write", "report.json");
    assert.equal(refused.status, 2);
    assert.match(refused.stderr, /not written: shop\.go has changes that are not committed: commit them, or --force/);
    assert.equal(shop.read("shop.go"), `${LEAKY}\n// not committed\n`);
    const forced = shop.unpark("fix", "--write", "--force", "report.json");
    assert.equal(forced.status, 0, forced.stdout + forced.stderr);
    assert.equal(shop.read("shop.go"), `${fixed}\n// not committed\n`);
    const again = shop.unpark("fix", ".");
    assert.deepEqual([again.status, again.stdout], [0, "Nothing to fix: nothing was found.\n"]);
  });

  it("tells the nearest miss: a patch that a test speaks against is not shown", () => {
    const { unpark, read } = module("roomless", { "shop_test.go": `${TESTS.replace(/func TestFirst[^]*?\n}\n/, "")}${ROOMLESS}` });
    const { status, stdout } = unpark("fix", "--way=buffer", "--patch=none.patch", ".");
    assert.equal(status, 1);
    assert.match(stdout, /^--- NO FIX: TestRoomless/m);
    assert.match(stdout, /miss {3}buffer: answers gets room for 1 value.*\n +TestRoomless ends otherwise: failed, and before: passed|something else is found: flaky/);
    assert.throws(() => read("none.patch"));
  });

  it("does not wait natively for a test that hangs, and runs those behind it", () => {
    const hangs = 'import "testing"\n\nfunc TestHangs(t *testing.T) {\n\t<-make(chan int)\n}\n';
    const { unpark } = module("hangs", { "shop.go": LEAKY, "shop_test.go": TESTS.replace('import "testing"\n', hangs) });
    const { stdout } = unpark("fix", "--way=buffer", ".");
    assert.match(stdout, /^--- FIX: TestFirst {2}\(example\.test\/shop\)$/m);
    assert.match(stdout, /nothing new in 3 programs explored again; natively the 2 tests that passed pass; go vet says nothing new/);
  });

  it("proposes nothing for clean programs", () => {
    const rows = ["04-ends-by-itself", "08-generator-done", "10-range-nil-cancel", "14-sum-server-fixed", "33-endless-loop-quit", "37-blocking-defer-fixed", "39-early-return-fixed", "40-close-and-range"];
    const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, "fix", "--main", "--budget", "300ms", ...rows.map((row) => `./${row}`)], { cwd: fileURLToPath(new URL("../../../examples/go", import.meta.url)), encoding: "utf8" });
    assert.equal(status, 0, stdout + stderr);
    assert.match(stdout, /^Nothing to fix: nothing was found/); // of some, not all schedules can be tried
  });

  for (const [words, message] of [
    [["fix", "--way", "prayer"], /--way takes one of buffer.*, but got 'prayer'/],
    [["fix", "go.json"], /^unpark: go\.json: there is no such file$/m],
    [["fix", "--finding", "2", "."], /--finding is of a report/],
    [["fix", "./nowhere"], /nowhere/],
  ] as const) {
    it(`exit code 2: unpark ${words.join(" ")}`, () => {
      const { status, stdout, stderr } = shop.unpark(...words);
      assert.equal(status, 2);
      assert.match(stdout + stderr, message);
    });
  }
});
