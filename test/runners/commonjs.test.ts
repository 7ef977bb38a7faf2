// `require` of the package where nothing loads ES modules by it: the same names as `import` gives, of the files as the compiler
// writes them and as a release has them; and a project of plain CommonJS, with the released package, under the real jest 30.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { tool } from "./project.js";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "unpark-commonjs-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const released = join(folder, "node_modules", "unpark");
const staged = spawnSync(process.execPath, ["--input-type=module", "-e", `await (await import("./scripts/release/stage.mjs")).stage(${JSON.stringify(ROOT.slice(0, -1))}, ${JSON.stringify(released)})`], { cwd: ROOT, encoding: "utf8" });
const jestPath = tool("jest-30/bin/jest.js");
mkdirSync(join(folder, "node_modules", "@jest"));
symlinkSync(tool("@jest/globals"), join(folder, "node_modules", "@jest", "globals"));

const { exports } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { readonly exports: Readonly<Record<string, { readonly require?: string; readonly default?: string }>> };
const entries = Object.entries(exports).flatMap(([name, { require, default: module }]) => (require === undefined || module === undefined ? [] : [[name, require, module] as const]));

const kinds = (module: object): readonly string[] => Object.entries(module).map(([name, value]) => `${name}: ${typeof value}`).sort();

describe("require", () => {
  it("is there for all but what belongs to a runner of ES modules", () => {
    const without = Object.entries(exports).filter(([, { require }]) => require === undefined).map(([name]) => name);
    assert.deepEqual(without, ["./vitest", "./vitest/timeouts", "./jest/timeouts", "./node/timeouts", "./package.json"]);
  });

  for (const [where, root] of [["as compiled", ROOT], ["as released", released]] as const) {
    for (const [name, file, module] of entries.filter(([, , path]) => !path.endsWith("/jest.js"))) {
      it(`${name}, ${where}: as import`, async () => {
        assert.equal(staged.status, 0, staged.stderr);
        const required = createRequire(import.meta.url)(join(root, file)) as object;
        const imported = (await import(pathToFileURL(join(root, module)).href)) as object;
        assert.deepEqual(kinds(required), kinds(imported));
      });
    }
  }
});

describe("jest 30, a project of plain CommonJS", () => {
  cpSync(join(ROOT, "test/runners/commonjs"), folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "shop", private: true, devDependencies: { unpark: "*" } }));
  const env = { ...process.env, NO_COLOR: "1", FORCE_COLOR: "0", NODE_OPTIONS: "", NODE_TEST_CONTEXT: undefined, CI: "1" };
  const { status, stdout, stderr } = spawnSync(process.execPath, [jestPath, "--rootDir", folder], { cwd: folder, env, encoding: "utf8", timeout: 120_000 });
  const text = `${stdout}\n${stderr}`;

  it("passes and fails", () => {
    const marked = (mark: string): readonly string[] => [...text.matchAll(new RegExp(`^ *${mark} (.*?)(?: \\(\\d+ m?s\\))?$`, "gm"))].map(([, name]) => name!);
    assert.deepEqual([status, marked("✓"), marked("✕")], [1, ["books once, with a lock", "a minute costs nothing", "goroutines", "does not leak"], ["books twice", "never gives its client back"]], text);
  });

  it("tells the finding by the test's own line, and shows it", () => {
    const lines = readFileSync(join(folder, "shop.test.js"), "utf8").split("\n");
    const line = lines.findIndex((one) => one.includes("await pool.acquire();")) + 1;
    assert.match(text, new RegExp(`deadlock: the await can never go on, proved[\\s\\S]*shop\\.test\\.js:${line} {3}await`));
    assert.match(text, new RegExp(`> ${line} \\|.*await pool\\.acquire\\(\\);`));
    assert.match(text, /--- FAIL: books twice {2}\(shop\.test\.js\)/);
  });
});
