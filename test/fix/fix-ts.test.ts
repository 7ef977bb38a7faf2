// `unpark fix` on a user's TypeScript project, in a git repository of its own, with the real runners, in processes of their own.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { BIN } from "../../src/cli/testing/bin.js";
import { userProject } from "../runners/project.js";

interface Script {
  readonly seedProject: () => string;
  readonly fix: (folder: string, args: readonly string[]) => { readonly findings: readonly unknown[]; readonly stdout: string };
  readonly wordsOf: (folder: string, name: string) => readonly string[];
}
const { seedProject, fix, wordsOf } = (await import(new URL("../../../scripts/fixes-ts.mjs", import.meta.url).href)) as Script;

const LEAKY = `import { Chan, go } from "unpark";

/** The first answer; the loser stays. */
export async function first(prices: readonly number[]): Promise<number | undefined> {
  const answers = new Chan<number>();
  for (const price of prices) go(() => answers.send(price));
  return answers.recv();
}

export const offers = (): Chan<number> => {
  const room = new Chan<number>();
  go(() => room.send(1));
  return room;
};
`;
const head = (runner: string): string => `${runner === "vitest" ? 'import { it } from "vitest";' : runner === "node" ? 'import { it } from "node:test";' : 'import { it } from "@jest/globals";'}
import { explore } from "unpark/testing";
import { first, offers } from "./shop.ts";

`;
const TESTS = `
it("asks all", () =>
  explore(async () => {
    const got = await first([2, 3]);
    if (got !== 2 && got !== 3) throw new Error(String(got));
  }));

it("has no room", () => {
  const { capacity } = offers();
  if (capacity !== 0) throw new Error("room for " + String(capacity));
});
`;

/** A repository of its own below this one's dist, which git ignores; node_modules hold the packages. */
function shop(runner: "node" | "vitest" | "jest", tests = TESTS) {
  const { folder, remove } = userProject(`fix-${runner}-${Math.random().toString(36).slice(2, 8)}`, runner === "node" ? {} : { [runner]: "*" }, "test/fix/project");
  after(remove);
  const write = (file: string, text: string): void => writeFileSync(join(folder, file), text);
  write("shop.ts", LEAKY);
  write("shop.test.ts", head(runner) + tests);
  write(".gitignore", "node_modules\n");
  const git = (...args: readonly string[]) => spawnSync("git", ["-c", "user.name=n", "-c", "user.email=n@example.test", ...args], { cwd: folder, encoding: "utf8" });
  git("init", "-q");
  git("add", "-A");
  git("commit", "-qm", "all");
  const env = { ...process.env, NO_COLOR: "1", FORCE_COLOR: "0", NODE_TEST_CONTEXT: undefined, NODE_OPTIONS: "", CI: "1", GITHUB_ACTIONS: undefined };
  const unpark = (...args: readonly string[]) => spawnSync(process.execPath, [BIN, ...args], { cwd: folder, encoding: "utf8", env, timeout: 240_000 });
  return { folder, git, unpark, write, read: (file: string): string => readFileSync(join(folder, file), "utf8") };
}

const FIXED = LEAKY.replace("const answers = new Chan<number>();", "const answers = new Chan<number>(prices.length);");

describe("unpark fix, of TypeScript", () => {
  for (const runner of ["node", "vitest"] as const) {
    it(`${runner}: a proved patch that git takes and brings back; nothing is written`, () => {
      const { unpark, read, git } = shop(runner);
      const { status, stdout, stderr } = unpark("fix", `--runner=${runner}`, "--patch=leak.patch", "--json=fix.json", "--sarif=fix.sarif", "--review=review.json", "shop.test.ts");
      assert.equal(status, 1, stdout + stderr);
      assert.match(stdout, /^--- FIX: .*\(shop\.test\.ts\)$/m);
      assert.match(stdout, /wrong {2}leaked \[abandoned-sender\] at shop\.ts:6/);
      assert.match(stdout, /proved gone in all \d+ schedules, explored completely; nothing new in 1 program explored again; natively the 1 test that passed passes; the type checker says nothing new/);
      assert.equal(read("shop.ts"), LEAKY);
      const { findings } = JSON.parse(read("fix.json")) as { readonly findings: readonly { readonly proved: readonly { readonly way: string; readonly proof: { readonly checked: string } }[] }[] };
      assert.deepEqual(findings.map(({ proved }) => proved.map(({ way, proof }) => [way, proof.checked]))[0]?.[0], ["buffer", "types"]);
      const log = JSON.parse(read("fix.sarif")) as { readonly runs: readonly [{ readonly results: readonly { readonly fixes: readonly unknown[] }[] }] };
      assert.equal(log.runs[0].results.length, 1);
      assert.ok(log.runs[0].results[0]!.fixes.length > 0);
      const { comments } = JSON.parse(read("review.json")) as { readonly comments: readonly { readonly path: string; readonly line: number }[] };
      assert.deepEqual(comments.map(({ path, line }) => [path, line]), [["shop.ts", 5]]);
      assert.equal(git("apply", "leak.patch").status, 0);
      assert.equal(read("shop.ts"), FIXED);
      assert.equal(git("apply", "-R", "leak.patch").status, 0);
      assert.equal(read("shop.ts"), LEAKY);
    });
  }

  it("a report names the findings; a file with changes is refused, unless it is forced; then nothing is left", () => {
    const { unpark, read, write } = shop("node");
    const found = unpark("test", "--runner=node", "--json=report.json", "shop.test.ts");
    assert.equal(found.status, 1, found.stdout + found.stderr);
    write("shop.ts", `${LEAKY}// not committed\n`);
    const refused = unpark("fix", "--write", "report.json");
    assert.equal(refused.status, 2, refused.stdout);
    assert.match(refused.stderr, /not written: shop\.ts has changes that are not committed/);
    assert.equal(read("shop.ts"), `${LEAKY}// not committed\n`);
    const forced = unpark("fix", "--write", "--force", "report.json");
    assert.equal(forced.status, 0, forced.stdout + forced.stderr);
    assert.equal(read("shop.ts"), `${FIXED}// not committed\n`);
    const again = unpark("fix", "--runner=node", "shop.test.ts");
    assert.deepEqual([again.status, again.stdout], [0, "Nothing to fix: nothing was found.\n"]);
  });

  it("a patch that a test, or the type checker, speaks against is no fix: the miss is told", () => {
    const { unpark, folder } = shop("node", TESTS.replace("first([2, 3])", "offers().capacity === 0 ? 2 : 3").replace("const got =", "const got: number =").replaceAll("const got: number = await", "const got: number ="));
    const { status, stdout } = unpark("fix", "--runner=node", "--way=buffer", "--patch=none.patch", "shop.test.ts");
    assert.equal(status, 1, stdout);
    assert.match(stdout, /^--- NO FIX:/m);
    assert.match(stdout, /miss {3}buffer: .*\n +a test that passed fails: has no room/);
    assert.ok(!existsSync(join(folder, "none.patch")));
  });

  it("proposes nothing for clean programs", () => {
    const folder = seedProject();
    after(() => rmSync(folder, { recursive: true, force: true }));
    const all = ["04-ends-by-itself", "08-generator-done", "10-range-nil-cancel", "14-sum-server-fixed", "37-blocking-defer-fixed", "39-early-return-fixed", "40-close-and-range"];
    // That nothing is found in any of them is held by test/examples-ts/twins: here a program and two with tests are enough. UNPARK_EFFORT=3: all.
    for (const name of Number(process.env["UNPARK_EFFORT"] ?? 1) >= 3 ? all : ["14-sum-server-fixed", "39-early-return-fixed", "40-close-and-range"]) {
      const { findings, stdout } = fix(folder, ["--budget", "500ms", ...wordsOf(folder, name)]);
      assert.deepEqual(findings, [], name);
      assert.match(stdout, /^Nothing to fix: nothing was found/, name);
    }
  });

  it("--main of a program; what cannot be done is said", () => {
    const { unpark, write } = shop("node");
    write("main.ts", 'import { Chan, go, time } from "unpark";\n\nexport async function main(): Promise<void> {\n  const result = new Chan<number>();\n  go(() => result.send(42));\n  await time.sleep(time.second);\n}\n');
    const { status, stdout } = unpark("fix", "--main", "main.ts");
    assert.equal(status, 1, stdout);
    assert.match(stdout, /^\+ {2}const result = new Chan<number>\(1\);$/m);
    for (const [words, message] of [
      [["fix", "--main", "main.ts", "shop.ts"], /--main takes one program of TypeScript/],
      [["fix", "-short", "shop.test.ts"], /-short is of Go, but shop\.test\.ts is TypeScript/],
      [["fix", "shop.test.ts", "main.go"], /main\.go is Go's and shop\.test\.ts TypeScript's/],
    ] as const) {
      const wrong = unpark(...words);
      assert.equal(wrong.status, 2, wrong.stdout);
      assert.match(wrong.stderr, message);
    }
  });
});
