// The scripts of `unpark completion`, in the shells themselves where they are installed.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { completionScript, SHELLS, type CompletedCommand } from "../../report/completion/scripts.js";
import { COMMANDS } from "../commands.js";
import { dispatch } from "../dispatch.js";
import { fakeIo } from "../testing/run-cli.js";

const root = mkdtempSync(join(tmpdir(), "unpark-completion-"));
after(() => rmSync(root, { recursive: true, force: true }));
const there = (shell: string): boolean => spawnSync(shell, ["-c", "true"]).status === 0;

async function script(shell: string): Promise<string> {
  const io = fakeIo();
  assert.equal(await dispatch(["completion", shell], io), 0, io.err());
  const path = join(root, shell);
  writeFileSync(path, io.out());
  return path;
}

/** Runs shell code and gives its lines. */
function lines(shell: string, code: string, ...args: readonly string[]): readonly string[] {
  const { stdout, stderr, status } = spawnSync(shell, [...args, "-c", code], { cwd: root, encoding: "utf8", env: { PATH: process.env["PATH"], HOME: root } });
  assert.equal(status, 0, `${shell}: ${code}: ${stderr}`);
  return stdout.split("\n").filter((line) => line !== "");
}

describe("unpark completion", () => {
  it("knows three shells, and says so", async () => {
    for (const argv of [[], ["tcsh"], ["bash", "zsh"]]) {
      const io = fakeIo();
      assert.equal(await dispatch(["completion", ...argv], io), 2);
      assert.match(io.err(), /needs one shell: bash, zsh, fish/);
    }
  });

  it("names every command and every flag of the tables, in each shell", async () => {
    for (const shell of SHELLS) {
      const io = fakeIo();
      await dispatch(["completion", shell], io);
      for (const load of Object.values(COMMANDS)) {
        const { command } = await load();
        assert.ok(io.out().includes(command.name));
        for (const [name, spec] of Object.entries(command.flags)) assert.ok(io.out().includes(spec.goName ?? name), `${shell}: ${command.name} ${name}`);
      }
    }
  });

  it("bash completes commands, flags and files", { skip: there("bash") ? false : "there is no bash" }, async () => {
    const path = await script("bash");
    const complete = (...words: readonly string[]): readonly string[] =>
      lines("bash", `source "${path}"; COMP_WORDS=(unpark ${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${words.length}; _unpark; printf '%s\\n' "\${COMPREPLY[@]}"`, "--norc");
    assert.deepEqual(complete("te"), ["test"]);
    assert.deepEqual(complete("test", "--ba"), ["--baseline="]);
    assert.deepEqual(complete("test", "-ru"), ["-run="]);
    assert.deepEqual(complete("nosuch", "--x"), []);
  });

  it("zsh gives _arguments a specification for each flag", { skip: there("zsh") ? false : "there is no zsh" }, async () => {
    const path = await script("zsh");
    const code = `compdef() { :; }; _arguments() { print -l -- "$@"; }; _describe() { print -l -- $commands; }; source "${path}"`;
    const run = lines("zsh", `${code}; words=(unpark replay --t); CURRENT=3; _unpark`, "-f");
    assert.ok(run.includes("--test=[the test whose schedule it is]:value:"), run.join("\n"));
    assert.ok(run.some((line) => line.startsWith("--json=-[") && line.endsWith("::value:_files")));
    assert.ok(lines("zsh", `${code}; words=(unpark x); CURRENT=2; _unpark`, "-f").some((line) => line.startsWith("env:")));
  });

  it("fish completes commands and flags with their help", { skip: there("fish") ? false : "there is no fish" }, async () => {
    const path = await script("fish");
    const complete = (text: string): readonly string[] => lines("fish", `source "${path}"; complete -C '${text}'`, "--no-config").map((line) => line.split("\t")[0]!);
    assert.deepEqual(complete("unpark te"), ["test"]);
    assert.ok(complete("unpark test --base").includes("--baseline"));
    assert.ok(complete("unpark test -ru").includes("-run"));
  });

  it("a help text with any character stays text", () => {
    const help = `it's [a] "b": $(touch ${join(root, "ran")}) \`x\` \\`;
    const commands: readonly CompletedCommand[] = [{ name: "c", summary: help, flags: [{ word: "--flag", help, value: "needed", file: false }] }];
    for (const shell of SHELLS.filter(there)) {
      const path = join(root, `hostile.${shell}`);
      writeFileSync(path, completionScript(shell, commands));
      lines(shell, shell === "zsh" ? `compdef() { :; }; _arguments() { :; }; source "${path}"; words=(unpark c x); CURRENT=3; _unpark` : shell === "fish" ? `source "${path}"; complete -C 'unpark c --f'` : `source "${path}"; COMP_WORDS=(unpark c --f); COMP_CWORD=2; _unpark`);
      assert.equal(spawnSync("test", ["-e", join(root, "ran")]).status, 1, shell);
    }
  });
});
