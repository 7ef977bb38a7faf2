// `unpark lsp` under Neovim's own client (Debian's, headless), on a project with a leak.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { BIN } from "../../src/cli/testing/bin.js";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const nvim = spawnSync(process.execPath, [join(ROOT, "scripts/neovim.mjs")], { encoding: "utf8", timeout: 300_000 }).stdout.trim();
const project = mkdtempSync(join(tmpdir(), "unpark-lsp-test-"));
after(() => rmSync(project, { recursive: true, force: true }));

const FILE = `package shop

import "testing"

func first(answers chan int, stop bool) int {
	go func() { answers <- 1 }()
	if stop {
		return 0
	}
	return <-answers
}

func TestFirst(t *testing.T) {
	done := make(chan bool, 1)
	go func() { done <- true }()
	<-done
	first(make(chan int), true)
}
`;
const lineOf = (text: string): number => FILE.split("\n").findIndex((line) => line.includes(text));

interface Saw {
  readonly before: { readonly diagnostics: number; readonly lenses: readonly Lens[] };
  readonly diagnostics: readonly { readonly line: number; readonly col: number; readonly end_col: number; readonly severity: number; readonly message: string; readonly source: string; readonly code: string; readonly related: readonly { readonly line: number; readonly message: string }[] }[];
  readonly lenses: readonly Lens[];
  readonly hovers: readonly string[];
  readonly messages: readonly string[];
  readonly moved: number;
  readonly actions: readonly string[];
  readonly text: readonly string[];
  readonly after: number;
}
interface Lens {
  readonly line: number;
  readonly command: { readonly title: string };
}

describe("unpark lsp in Neovim", { skip: nvim === "" ? "there is no Neovim, and none could be installed" : false, timeout: 280_000 }, () => {
  it("shows findings with their places, explores and replays by lenses, tells what is recorded of a go statement, ignores by a quick fix", () => {
    const [file, out] = [join(project, "shop_test.go"), join(project, "saw.json")];
    writeFileSync(join(project, "go.mod"), "module example.com/shop\n\ngo 1.24\n");
    writeFileSync(file, FILE);
    const given = { file, root: project, out, wait: 60_000, cmd: [process.execPath, BIN, "lsp"], hovers: [lineOf("answers <- 1"), lineOf("done <- true"), lineOf("<-done")] };
    const env = { ...process.env, UNPARK_LSP: JSON.stringify(given), UNPARK_CACHE: join(project, "cache"), HOME: project, GOFLAGS: "", GOCACHE: spawnSync("go", ["env", "GOCACHE"], { encoding: "utf8" }).stdout.trim(), GOMODCACHE: spawnSync("go", ["env", "GOMODCACHE"], { encoding: "utf8" }).stdout.trim() };
    const { stderr, status } = spawnSync(nvim, ["--headless", "--clean", "-u", "NONE", "-c", `luafile ${join(ROOT, "test/lsp/client.lua")}`], { env, encoding: "utf8", timeout: 270_000 });
    assert.equal(status, 0, stderr);
    const saw = JSON.parse(readFileSync(out, "utf8")) as Saw;

    assert.deepEqual(saw.before, { diagnostics: 0, lenses: [{ line: lineOf("func TestFirst"), command: { title: "explore this test", command: "unpark.explore", arguments: [`file://${file}`, "TestFirst"] } }] });
    const go = lineOf("answers <- 1");
    const [diagnostic, ...others] = saw.diagnostics;
    assert.deepEqual(others, []);
    assert.deepEqual([diagnostic!.line, diagnostic!.col, diagnostic!.end_col, diagnostic!.severity, diagnostic!.source, diagnostic!.code], [go, 1, "\tgo func() { answers <- 1 }()".length, 1, "unpark", "early-return"]);
    assert.match(diagnostic!.message, /^TestFirst: leaked: 1 goroutine, proved {2}\[early-return\]\nwhy {2}/);
    assert.match(diagnostic!.message, /\nfix {2}/);
    assert.ok(diagnostic!.related.some(({ line, message }) => line === go && /^started here, by shop\.first/.test(message)));
    // Who was to receive, and where it left.
    assert.ok(diagnostic!.related.some(({ line, message }) => line === lineOf("return <-answers") && /receives at/.test(message)), JSON.stringify(diagnostic!.related));

    assert.deepEqual(saw.lenses.map(({ line, command }) => [line, command.title.replace(/\(last: .*/, "(last")]), [[lineOf("func TestFirst"), "explore this test (last"], [go, "replay: leaked in TestFirst"]]);
    const [leak, clean, none] = saw.hovers;
    assert.match(leak!, /^Unpark, last run:\nleaked: 1 goroutine in the one schedule of TestFirst: chan send in shop\.first\.func1, line 6\.$/);
    assert.match(clean!, /^Unpark, last run:\nNo goroutine started here was left in the one schedule of TestFirst: no other differs\.$/);
    assert.equal(none, "");
    assert.match(saw.messages.join("\n"), /unpark: TestFirst: 1 finding; explored completely \(1 schedule\)/);
    const page = /step by step: (\S+)/.exec(saw.messages.join("\n"));
    assert.ok(page, saw.messages.join("\n"));

    assert.equal(saw.moved, go + 1);
    assert.deepEqual(saw.actions, ["Unpark: ignore what this go statement starts (//unpark:ignore)"]);
    assert.match(saw.text[go + 1]!, /answers <- 1 \}\(\) \/\/unpark:ignore \S/);
    assert.equal(saw.after, 0);
    assert.deepEqual(saw.messages.filter((one) => /timed out/.test(one)), []);
  });
});
