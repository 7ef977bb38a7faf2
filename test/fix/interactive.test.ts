// `unpark fix --interactive`, in a process of its own: what is answered through a pipe is what is written, and nothing else.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, it } from "node:test";
import { BIN } from "../../src/cli/testing/bin.js";
const folder = realpathSync(mkdtempSync(join(tmpdir(), "unpark-interactive-")));
after(() => rmSync(folder, { recursive: true, force: true }));

const SHOP = `package shop

func price() {
	prices := make(chan int)
	go func() { prices <- 1 }()
}

func name() {
	names := make(chan string)
	go func() { names <- "a" }()
}
`;
const TESTS = `package shop

import "testing"

func TestPrice(*testing.T) { price() }

func TestName(*testing.T) { name() }
`;
const DIRTY = `${SHOP}\n// not committed\n`;
const ROOM = { price: SHOP.replace("make(chan int)", "make(chan int, 1)"), name: SHOP.replace("make(chan string)", "make(chan string, 1)") };

/** The module as it is committed, then the command with these answers. */
function asked(input: string, ...flags: readonly string[]) {
  const cwd = join(folder, "shop");
  rmSync(cwd, { recursive: true, force: true });
  mkdirSync(cwd);
  for (const [file, text] of Object.entries({ "go.mod": "module example.test/shop\n\ngo 1.24\n", "shop.go": SHOP, "shop_test.go": TESTS })) writeFileSync(join(cwd, file), text);
  for (const args of [["init", "-q"], ["add", "-A"], ["-c", "user.name=n", "-c", "user.email=n@example.test", "commit", "-qm", "all"]]) spawnSync("git", args, { cwd });
  if (flags.includes("--dirty")) writeFileSync(join(cwd, "shop.go"), DIRTY);
  const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, "fix", "--interactive", ...flags.filter((flag) => flag !== "--dirty"), "."], { cwd, encoding: "utf8", input });
  return { status, stdout, stderr, text: readFileSync(join(cwd, "shop.go"), "utf8") };
}

// TestPrice's finding comes first, as its test does.
for (const [name, input, expected, status, words] of [
  ["the first is skipped, the second shown, then applied", "s\nd\nhm\na\n", ROOM.name, 1, /\+\tnames := make\(chan string, 1\)\n[^]*a: apply it, s: skip it[^]*Written: .*shop\.go/],
  ["both are applied: nothing is left", "a\na\n", ROOM.price.replace("make(chan string)", "make(chan string, 1)"), 0, /Written: .*shop\.go/],
  ["the first is applied, the rest is left alone", "a\nq\n", ROOM.price, 1, /Written: .*shop\.go/],
  ["no answer is no", "", SHOP, 1, /Nothing is written: none was chosen\./],
  ["a file with changes is refused", "a\nq\n", DIRTY, 1, /not applied: shop\.go has changes that are not committed/],
] as const) {
  it(name, () => {
    const flags = { [SHOP]: ["-run=TestPrice"], [DIRTY]: ["-run=TestPrice", "--dirty"] }[expected] ?? []; // one finding is enough where nothing is written
    const done = asked(input, ...flags);
    assert.equal(done.text, expected, done.stdout + done.stderr);
    assert.equal(done.status, status, done.stdout + done.stderr);
    assert.match(done.stdout, words);
  });
}

it("data on stdout is refused", () => {
  const { status, stderr } = asked("", "--json");
  assert.deepEqual([status, stderr.includes("--interactive talks on stdout")], [2, true]);
});
