// Every command block of the documents is run, in folders made for it; where one cannot be, the table says why (block-runs.ts). The
// tutorials and the page of real bugs are run by tutorials.test.ts, as lessons.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { blocksOf, isCommand, type CommandBlock } from "./blocks.js";
import { PAGES, type Left, type Run } from "./block-runs.js";
import { makeWorld, ROOT, type World } from "./block-world.js";

const pages = (folder: string): readonly string[] => readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".md")).map((name) => join(folder, name)).sort();
const read = (file: string): string => readFileSync(join(ROOT, file), "utf8");
const isLesson = (document: string): boolean => document.startsWith("docs/tutorials/") || document === "docs/real-bugs.md";
const DOCUMENTS = ["README.md", ...pages("docs"), ...pages("skills"), "llms.txt", "examples/go/README.md"].filter((document) => !isLesson(document));
const BLOCKS = DOCUMENTS.flatMap((document) => blocksOf(document, read(document)));
const commandsOf = (document: string): readonly string[] => BLOCKS.filter((block) => block.document === document).flatMap(({ commands }) => commands);

describe("the table of the documents' commands", () => {
  it("has each command of each block, and no other", () => {
    for (const document of new Set([...BLOCKS.map((block) => block.document), ...Object.keys(PAGES)])) {
      assert.deepEqual([...new Set(commandsOf(document))].sort(), Object.keys(PAGES[document]?.commands ?? {}).sort(), document);
    }
  });
  it("says of what it leaves out who holds it, and that is so", () => {
    for (const { commands } of Object.values(PAGES)) {
      for (const [command, fate] of Object.entries(commands)) {
        if (!("cannot" in fate)) continue;
        const [file, words] = (fate satisfies Left).heldBy ?? [];
        if (file !== undefined) assert.ok(read(file).includes(words!), `${command}: ${file} does not hold ${words}`);
      }
    }
  });
});

describe("what a command block is", () => {
  const ROWS: readonly (readonly [title: string, text: string, commands: readonly (readonly string[])[]])[] = [
    ["a fence of a shell, with comments", "```sh\n# first\nunpark test .    # exit 1\nX=1 make\n```", [["unpark test .", "X=1 make"]]],
    ["indented, with what it printed", "text\n\n    unpark test .\n\n    --- FAIL: TestA\n      more\n", [["unpark test ."]]],
    ["a plain fence with words behind", "```\nunpark test --baseline .     the first time\nunpark env >> \"$A\"     then\n```", [["unpark test --baseline .", 'unpark env >> "$A"']]],
    ["a fence in a list", "1. Do\n\n   ```sh\n   go test ./...\n   ```\n", [["go test ./..."]]],
    ["no program: output, a drawing, another language", "    --- FAIL: TestA\n\n```\n a -> b\n```\n\n```go\ngo func() {}()\n```", []],
    ["a # in quotes", "    unpark run 'a  # b'   # c", [["unpark run 'a  # b'"]]],
    ["YAML that hands one to a shell", "```yaml\nunpark:\n  script: unpark test ./...\n  when: always\n```", [["unpark test ./..."]]],
  ];
  for (const [title, text, commands] of ROWS) it(title, () => assert.deepEqual(blocksOf("x", text).map((block) => block.commands), commands));
  it("a plain block begins with a program or has none", () => {
    for (const document of DOCUMENTS) for (const [, line] of read(document).matchAll(/^ {4}(?:\$ )?(unpark .*)$/gm)) assert.ok(isCommand(line!) && commandsOf(document).some((one) => line!.startsWith(one)), `${document}: ${line}`);
  });
});

/** What stands below the command of a line, indented as it is. */
function shownBelow(text: string, line: number): readonly string[] {
  const below = text.split("\n").slice(line);
  const end = below.findIndex((one) => /^\S/.test(one));
  return below.slice(0, end < 0 ? below.length : end).filter((one) => one.trim() !== "");
}
const plain = (text: string): string => text.replace(/\s+/g, " ");

interface Answer {
  readonly code: number | null;
  readonly said: string;
}

describe("the command blocks", { timeout: 3_000_000 }, () => {
  const answers = new Map<string, Promise<Answer>>();
  let world: World;
  before(async () => {
    world = await makeWorld();
  });
  after(() => world.close());

  for (const [document, { folder, before: first = [], commands }] of Object.entries(PAGES)) {
    describe(document, () => {
      before(async () => {
        for (const command of first) await shell(command, { exit: -1 }, folder);
      });
      for (const { line, commands: block } of BLOCKS.filter((one: CommandBlock) => one.document === document)) {
        for (const command of block) {
          const fate = commands[command];
          if (fate !== undefined && "exit" in fate) it(`${line}: ${command}`, () => held(command, fate, folder, fate.shows === true ? shownBelow(read(document), line) : []));
        }
      }
    });
  }

  async function held(command: string, run: Run, folder: keyof World["folders"], shows: readonly string[]): Promise<void> {
    const { code, said } = await answer(run.as?.(command, world) ?? command, run, run.folder ?? folder);
    assert.equal(code, run.exit, said);
    if (run.says !== undefined) assert.match(said, run.says);
    for (const line of shows) assert.ok(plain(said).includes(plain(line)), `${line}\nis not in\n${said}`);
    assert.doesNotMatch(said, /please report it|CANNOT/);
  }

  /** Several documents have the same command, for the same folder: it is run for the first of them. */
  function answer(command: string, run: Run, folder: keyof World["folders"]): Promise<Answer> {
    if (run.input !== undefined || run.until !== undefined) return shell(command, run, folder);
    const key = `${folder}: ${command}`;
    const before = answers.get(key) ?? shell(command, run, folder);
    answers.set(key, before);
    return before;
  }

  function shell(command: string, { input, until }: Run, folder: keyof World["folders"]): Promise<Answer> {
    // A group of its own: what is interrupted is the command, and not its shell alone.
    const child = spawn("bash", ["-c", command], { cwd: world.folders[folder], env: world.env, stdio: ["pipe", "pipe", "pipe"], detached: true });
    child.stdin.on("error", () => undefined).end(input ?? "");
    let said = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (data: Buffer) => void (said += data.toString()));
    const before = world.asked();
    const look = setInterval(() => {
      if (until === undefined || !("asked" in until ? world.asked() >= before + until.asked : until.test(said))) return;
      clearInterval(look);
      process.kill(-child.pid!, "SIGINT");
    }, 50);
    const late = setTimeout(() => process.kill(-child.pid!, "SIGKILL"), 400_000);
    return new Promise((resolve) => child.on("close", (code) => {
      clearTimeout(late);
      clearInterval(look);
      resolve({ code, said });
    }));
  }
});
