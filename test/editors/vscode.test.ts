// The VS Code extension: what it decides by itself, and its package as `vsce package` makes it.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { COMMANDS } from "../../src/cli/commands.js";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const FOLDER = join(ROOT, "editors/vscode");
interface Asked { readonly command: unknown; readonly folder: string | undefined; readonly platform: NodeJS.Platform; readonly exists?: (path: string) => boolean }
const { serverProgram, cannotStart } = (await import(pathToFileURL(join(FOLDER, "program.mjs")).href)) as { serverProgram: (from: Asked) => { command: string; args: string[]; shell: boolean }; cannotStart: (program: object, reason: string) => string };

describe("which program the extension starts", () => {
  const exists = (path: string): boolean => path.replaceAll("\\", "/") === "/w/node_modules/.bin/unpark" || path.endsWith("unpark.cmd");
  const ROWS: readonly (readonly [name: string, asked: Asked, words: readonly string[], shell: boolean])[] = [
    ["of the settings", { command: ["go", "tool", "unpark"], folder: "/w", platform: "linux", exists }, ["go", "tool", "unpark", "lsp"], false],
    ["of the workspace", { command: [], folder: "/w", platform: "linux", exists }, ["/w/node_modules/.bin/unpark", "lsp"], false],
    ["of a workspace on Windows, by a shell and quoted", { command: [], folder: "/my w", platform: "win32", exists }, ['"/my w/node_modules/.bin/unpark.cmd"', "lsp"], true],
    ["of the PATH where the workspace has none", { command: [], folder: "/other", platform: "linux", exists }, ["unpark", "lsp"], false],
    ["of the PATH without a folder", { command: undefined, folder: undefined, platform: "darwin", exists }, ["unpark", "lsp"], false],
    ["settings that are no list of words are none", { command: ["", 3, null], folder: undefined, platform: "linux", exists }, ["unpark", "lsp"], false],
  ];
  for (const [name, asked, words, shell] of ROWS) it(name, () => assert.deepEqual(serverProgram(asked), { command: words[0], args: words.slice(1), shell }));
  it("there is such a command, and what is said without it names the setting", () => {
    assert.ok("lsp" in COMMANDS);
    assert.match(cannotStart({ command: "unpark" }, "ENOENT"), /'unpark'\): ENOENT\. .*unpark\.command/);
  });
});

describe("the package of the extension", { timeout: 280_000 }, () => {
  const out = mkdtempSync(join(tmpdir(), "unpark-vscode-test-"));
  after(() => rmSync(out, { recursive: true, force: true }));
  it("vsce takes it; it holds the bundle, which loads, and nothing else", () => {
    const { status, stderr, stdout } = spawnSync(process.execPath, [join(ROOT, "scripts/release/vscode.mjs"), out], { encoding: "utf8", timeout: 270_000 });
    assert.equal(status, 0, stderr);
    const file = stdout.trim();
    const names = spawnSync("python3", ["-m", "zipfile", "-l", file], { encoding: "utf8" }).stdout.split("\n").slice(1).map((line) => line.split(/\s/)[0]).filter(Boolean).sort();
    assert.deepEqual(names, ["[Content_Types].xml", "extension.vsixmanifest", "extension/LICENSE.txt", "extension/dist/extension.cjs", "extension/package.json", "extension/readme.md"]);
    spawnSync("python3", ["-m", "zipfile", "-e", file, out]);
    const own = JSON.parse(readFileSync(join(out, "extension/package.json"), "utf8")) as { main: string; version: string; contributes: { commands: readonly { command: string }[] } };
    assert.equal(own.version, (JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { version: string }).version);
    // VS Code's module, as far as loading asks for it: any name is a class of its own.
    writeFileSync(join(out, "load.cjs"), `const { Module } = require("node:module");\nconst load = Module._load;\nModule._load = (name, ...rest) => (name === "vscode" ? new Proxy({}, { get: (_, key) => (key === "version" ? "1.82.0" : class {}) }) : load(name, ...rest));\nconsole.log(Object.keys(require(${JSON.stringify(join(out, "extension", own.main))})).sort().join(" "));\n`);
    const loaded = spawnSync(process.execPath, [join(out, "load.cjs")], { encoding: "utf8" });
    assert.equal(loaded.stdout.trim(), "activate deactivate", loaded.stderr);
    assert.deepEqual(own.contributes.commands.map(({ command }) => command), ["unpark.restart"]);
  });
});
