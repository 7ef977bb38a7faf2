// README's sample is what the command prints today. After a change: UNPARK_UPDATE=1 npm test -- readme
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = new URL("../../", import.meta.url);
const readme = new URL("README.md", root);
const SAMPLE = /(This is `unpark (run [^`]*)` in `([^`]*)`[^]*?\n```\n)([^]*?)\n```\n/;

test("README's sample is what the command prints", () => {
  const text = readFileSync(readme, "utf8");
  const [, before, command, folder, sample] = SAMPLE.exec(text)!;
  const argv = [fileURLToPath(new URL("bin/unpark.js", root)), ...command!.split(" ")];
  const { stdout } = spawnSync(process.execPath, argv, { cwd: fileURLToPath(new URL(folder!, root)), encoding: "utf8" });
  // The first finding, without its last line (the replay command); the sentence with advice is left out for its length.
  const lines = stdout.slice(0, stdout.indexOf("\n    more ")).split("\n");
  const short = lines.filter((line) => !/^ {4}fix  \S.{99,}/.test(line)).map((line) => line.replace(/  (?:\d+\.\ds|\(cached\))$/, "")).join("\n");
  if (process.env["UNPARK_UPDATE"]) writeFileSync(readme, text.replace(SAMPLE, () => `${before}${short}\n\`\`\`\n`));
  else assert.equal(sample, short);
});
