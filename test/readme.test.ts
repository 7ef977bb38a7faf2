// README's recording is what the command prints today (after a change: `node scripts/terminal.mjs`), and README is short.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { BIN } from "../src/cli/testing/bin.js";

const root = new URL("../../", import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), "utf8");
/** Times differ from run to run, and whether it was explored now. */
const timeless = (line: string): string => line.replace(/ {2}(?:\d+\.\ds|\(cached\))$/, "").replace(/, \d[\d.]* (?:s|min)\b/, "");

test("README's recording is what the command prints", () => {
  assert.ok(read("README.md").includes("](docs/pictures/terminal.svg)"));
  const shown = [...read("docs/pictures/terminal.svg").matchAll(/<text [^>]*>([^<]*)<\/text>/g)].map(([, text]) => text!.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&"));
  const [command, ...lines] = shown;
  assert.equal(command, "$ unpark run ./42-timeout-wins");
  // Which of the schedules that differ is met first depends on the machine: the one that is shown is replayed.
  const schedule = /unpark replay '([^']*)'/.exec(lines.join("\n"))![1]!;
  const run = (words: readonly string[]): readonly string[] =>
    spawnSync(process.execPath, [BIN, ...words], { cwd: fileURLToPath(new URL("examples/go", root)), encoding: "utf8" }).stdout.trimEnd().split("\n").map((line) => line.slice(0, 132));
  const finding = (all: readonly string[]): readonly string[] => all.slice(all.findIndex((line) => line.startsWith("--- FAIL")), all.findIndex((line) => line.startsWith("    more "))).filter((line) => !line.startsWith("    when ")).map((line) => line.replace(/; in \d+ of \d+ schedules/, ""));
  assert.deepEqual(finding(lines), finding(run(["replay", schedule, "./42-timeout-wins"])));
  const summary = (all: readonly string[]): readonly string[] => all.filter((line) => /^(FAIL|\d|fast|goroutines)/.test(line)).map(timeless);
  assert.deepEqual(summary(lines), summary(run(command.split(" ").slice(2))));
});

test("README takes a screen and a half: at most 90 lines", () => assert.ok(read("README.md").split("\n").length <= 90));
