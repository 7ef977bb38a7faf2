// The tutorials, done as they stand there: their files written, their shell blocks run one after another, what they show found in the output.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, delimiter, join } from "node:path";
import { after, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { BIN } from "../../src/cli/testing/bin.js";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const FOLDER = join(ROOT, "docs/tutorials");
/** Not a lesson, but done in the same way. */
const BUGS = "../real-bugs.md";
/** A screen of a page: a person scrolls once. */
const MOST_LINES = 90;

const scratch = mkdtempSync(join(tmpdir(), "unpark-tutorials-"));
after(() => rmSync(scratch, { recursive: true, force: true }));
const bin = join(scratch, "bin");
mkdirSync(bin);
writeFileSync(join(bin, "unpark"), `#!/bin/sh\nexec "${process.execPath}" "${BIN}" "$@"\n`);
chmodSync(join(bin, "unpark"), 0o755);

type Block = { readonly kind: "file"; readonly path: string; readonly text: string } | { readonly kind: "shell"; readonly lines: readonly string[]; shows: readonly string[] };

function blocksOf(text: string): readonly Block[] {
  const blocks: Block[] = [];
  for (const [, path, language, body] of text.matchAll(/(?:^`([\w./-]+)`:\n\n)?^```(\w+)\n([^]*?)^```$/gm)) {
    const last = blocks.at(-1);
    if (path !== undefined) blocks.push({ kind: "file", path, text: body! });
    else if (language === "sh") blocks.push({ kind: "shell", lines: body!.trimEnd().split("\n"), shows: [] });
    else if (language === "text" && last?.kind === "shell") last.shows = body!.trimEnd().split("\n");
  }
  return blocks;
}

describe("the tutorials", { timeout: 900_000 }, () => {
  for (const name of [...readdirSync(FOLDER), BUGS]) {
    it(name, () => {
      const text = readFileSync(join(FOLDER, name), "utf8");
      assert.ok(text.split("\n").length <= MOST_LINES, "more than a screen");
      const folder = join(scratch, basename(name, ".md"));
      mkdirSync(join(folder, "node_modules"), { recursive: true });
      if (name === "typescript.md") {
        symlinkSync(ROOT, join(folder, "node_modules", "unpark"));
        symlinkSync(join(ROOT, "node_modules/tsx"), join(folder, "node_modules", "tsx"));
        writeFileSync(join(folder, "package.json"), '{ "type": "module", "dependencies": { "unpark": "0.1.0" } }');
      }
      const blocks = name === BUGS ? blocksOf(text.replace(/^`(\S+)`, in a module with.*:$/m, "`$1`:")) : blocksOf(text);
      assert.ok(blocks.some(({ kind }) => kind === "shell"));
      const isGo = blocks.some((block) => block.kind === "file" && block.path.endsWith(".go"));
      if (isGo && !blocks.some((block) => block.kind === "file" && block.path === "go.mod") && !text.includes("go mod init")) writeFileSync(join(folder, "go.mod"), `module example.com/tutorial\n\ngo 1.24\n${/`(require [\w./-]+ v[\d.]+)`/.exec(text)?.[1] ?? ""}\n`);
      try {
        if (name === BUGS) for (const block of blocks) if (block.kind === "file") writeFileSync(join(folder, block.path), block.text);
        if (name === BUGS) assert.equal(spawnSync("go", ["mod", "tidy"], { cwd: folder }).status, 0);
        for (const block of blocks) {
          if (block.kind === "file") writeFileSync(join(folder, block.path), block.text);
          else shell(folder, block.lines, block.shows);
        }
      } finally {
        if (existsSync(join(folder, "pid"))) spawnSync("kill", [readFileSync(join(folder, "pid"), "utf8").trim()]);
      }
    });
  }
});

/** One shell for the block, so that its variables last; after each line its exit code is asked for where the page says one. */
function shell(folder: string, lines: readonly string[], shows: readonly string[]): void {
  const script = lines.map((line) => `${line.replace(/\s+# exit \d$/, "")}\ncode=$?; [ "$code" = "${/# exit (\d)$/.exec(line)?.[1] ?? "0"}" ] || { echo "exit $code"; exit 9; }`).join("\n");
  const { status, stdout, stderr } = spawnSync("sh", ["-c", script], { cwd: folder, env: { ...process.env, PATH: `${bin}${delimiter}${process.env["PATH"]}`, GOFLAGS: "" }, encoding: "utf8", timeout: 400_000, stdio: ["ignore", "pipe", "pipe"] });
  assert.equal(status, 0, `${lines.join("\n")}\n${stdout}${stderr}`);
  const said = stdout.replace(/\s+/g, " ");
  for (const line of shows) assert.ok(said.includes(line.replace(/\s+/g, " ")), `${line}\nis not in\n${stdout}`);
}
