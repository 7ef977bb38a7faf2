// The tarball that npm makes, in the order of scripts/release/npm-tarball.mjs: the same files, and npm and tar read it.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { it } from "node:test";
import { fileURLToPath } from "node:url";

interface Script {
  readonly reorder: (tarball: string) => Promise<void>;
}
const { reorder } = (await import(fileURLToPath(new URL("../../../scripts/release/npm-tarball.mjs", import.meta.url)))) as Script;

const LONG = `${"folder/".repeat(16)}far-below.js`;
const FILES = { "package.json": `{"name":"shop","version":"1.0.0","bin":{"shop":"bin/shop.js"}}`, "bin/shop.js": "#!/usr/bin/env node\n", "a/b.js": "1\n", "b/a.js": "2\n", "a/b.d.ts": "", "b/a.d.ts": "3\n".repeat(400), "README.md": "shop\n", [LONG]: "4\n" };

it("the same files, with those of a folder together; the manifest comes first", async () => {
  const folder = mkdtempSync(join(tmpdir(), "npm-tarball-"));
  try {
    for (const [name, text] of Object.entries(FILES)) {
      mkdirSync(join(folder, "shop", dirname(name)), { recursive: true });
      writeFileSync(join(folder, "shop", name), text);
    }
    const run = (...argv: readonly [string, ...string[]]): string => {
      const { status, stdout, stderr } = spawnSync(argv[0], argv.slice(1), { cwd: folder, encoding: "utf8" });
      assert.equal(status, 0, stderr);
      return stdout;
    };
    run("npm", "pack", "--silent", "./shop");
    const listed = (): readonly string[] => run("tar", "-tvzf", "shop-1.0.0.tgz").trim().split("\n");
    const before = listed();
    await reorder(join(folder, "shop-1.0.0.tgz"));
    const after = listed();
    assert.deepEqual([...after].sort(), [...before].sort());
    const names = ["package.json", "a/b.d.ts", "b/a.d.ts", "a/b.js", "b/a.js", "bin/shop.js", LONG, "README.md"];
    assert.deepEqual(after.map((line) => line.slice(line.indexOf("package/") + "package/".length)), names);
    run("npm", "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", "--offline", "--prefix", "there", "./shop-1.0.0.tgz");
    run("sh", "-c", "diff -r shop there/node_modules/shop");
  } finally {
    rmSync(folder, { recursive: true });
  }
});
