// `unpark help TOPIC`: half a screen each, true to the tables; and the man page that is made of them.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { loadCommands } from "../../src/cli/command.js";
import { COMMANDS } from "../../src/cli/commands.js";
import { flagWord } from "../../src/cli/flags/flags.js";
import { VERDICTS } from "../../src/model/finding/finding.js";
import { HELP_TOPICS } from "../../src/report/help/topics.js";
import { commandsIn, problemOf } from "./commands.js";

describe("the topics of unpark help", () => {
  for (const { name, text } of HELP_TOPICS) {
    it(`${name}: at most 18 lines of 100 columns, with command lines that hold`, async () => {
      const lines = text.split("\n");
      assert.ok(lines.length <= 18, String(lines.length));
      assert.deepEqual(lines.filter((line) => line.length > 100), []);
      assert.ok(text.endsWith("\n") && !text.endsWith("\n\n"));
      const shell = text.replace(/^ {2}(?=\S)/gm, "    ").replace(/^( {4}(?:eval )?[^ ].*?) {3,}\S.*$/gm, "$1");
      for (const command of commandsIn(name, shell)) assert.equal(await problemOf(command), undefined, command.text);
    });
  }

  it("verdicts names each", () => {
    const { text } = HELP_TOPICS.find(({ name }) => name === "verdicts")!;
    for (const verdict of VERDICTS) assert.match(text, new RegExp(`\\b${verdict}\\b`));
  });

  it("name only flags that there are", async () => {
    const commands = await loadCommands(COMMANDS);
    const known = new Set(commands.flatMap(({ flags, modes = [] }) => [flags, ...modes].flatMap((table) => Object.entries(table).flatMap(([name, spec]) => [`--${name}`, flagWord(name, spec)]))));
    for (const { name, text } of HELP_TOPICS) for (const [flag] of text.matchAll(/(?<=^|[\s('"])--[a-z][\w-]*/gm)) assert.ok(known.has(flag), `${name}: ${flag}`);
  });
});

describe("the man page", () => {
  it("has every command, every flag and every topic, in lines that roff does not take for its own", () => {
    const { stdout, stderr, status } = spawnSync(process.execPath, ["scripts/release/man.mjs"], { cwd: fileURLToPath(new URL("../../../", import.meta.url)), encoding: "utf8" });
    assert.equal(status, 0, stderr);
    const requests = new Set(stdout.split("\n").filter((line) => /^[.']/.test(line)).map((line) => line.split(" ")[0]));
    assert.deepEqual([...requests].sort(), [".B", ".I", ".PP", ".SH", ".SS", ".TH", ".TP", ".fi", ".nf"]);
    assert.equal(stdout.match(/^\.nf$/gm)?.length, stdout.match(/^\.fi$/gm)?.length);
    assert.doesNotMatch(stdout.replace(/\\(e|-|&|\(aq|\(ga|\(ha|\(ti)/g, ""), /\\/, "no escape but those that are meant");
    for (const name of Object.keys(COMMANDS)) assert.match(stdout, new RegExp(`^\\.SS unpark ${name}$`, "m"));
    assert.ok(stdout.includes("\\-\\-fail\\-fast") || stdout.includes("\\-failfast"));
    for (const { name } of HELP_TOPICS) assert.match(stdout, new RegExp(`^\\.SH "${name.toUpperCase()}"$`, "m"));
  });

  const man = spawnSync("groff", ["--version"]).status === 0;
  it("is set by groff without a word", { skip: man ? false : "there is no groff" }, () => {
    const page = spawnSync(process.execPath, ["scripts/release/man.mjs"], { cwd: fileURLToPath(new URL("../../../", import.meta.url)), encoding: "utf8" }).stdout;
    const { stdout, stderr } = spawnSync("groff", ["-man", "-Tutf8", "-ww"], { input: page, encoding: "utf8" });
    assert.equal(stderr, "");
    assert.match(stdout, /unpark - finds, proves and explains goroutine leaks/);
  });
});
