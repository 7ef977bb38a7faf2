import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import type { Command } from "./command.js";
import { COMMANDS } from "./commands.js";
import { dispatch } from "./dispatch.js";
import { parseFlags, usageText, type FlagSpecs } from "./flags/flags.js";
import { HELP_TOPICS } from "../report/help/topics.js";
import { fakeIo } from "./testing/run-cli.js";

const FLAGS = {
  run: { type: "string", goStyle: true, value: "REGEXP", help: "tests to take" },
  short: { type: "boolean", goStyle: true, help: "short" },
  budget: { type: "string", value: "TIME", help: "time" },
  json: { type: "optional", value: "FILE", help: "as JSON" },
  absent: { type: "list", value: "TEXT", help: "may be given again" },
} as const satisfies FlagSpecs;

const echo: Command = {
  name: "echo",
  summary: "Says it again.",
  flags: FLAGS,
  usage: usageText("echo [words]", "Says it again.", FLAGS),
  run: async (argv, io) => {
    if (argv[0] === "crash") throw new Error("boom");
    io.stdout.write(argv.join(" "));
    return 1;
  },
};
const table = { echo: () => Promise.resolve({ command: echo }) };

test("flags: Go's single dash, values, optional values, lists and what stands behind --", () => {
  const got = parseFlags(FLAGS, ["-run", "TestX/y", "-short", "--json", "./...", "--absent=a", "--absent", "b", "--", "-c", "2"]);
  assert.deepEqual(got, {
    ok: true,
    value: {
      flags: { run: "TestX/y", short: true, budget: undefined, json: true, absent: ["a", "b"] },
      positionals: ["./..."],
      rest: ["-c", "2"],
      given: new Set(["run", "short", "json", "absent"]),
    },
  });
  const inline = parseFlags(FLAGS, ["-run=A", "--json=out.json"]);
  assert.ok(inline.ok && inline.value.flags.run === "A" && inline.value.flags.json === "out.json");
  assert.equal(inline.value.rest, undefined);
  const undone = parseFlags(FLAGS, ["-short", "--budget=1s", "-short=false", "--budget", "2s"]);
  assert.deepEqual(undone.ok && [undone.value.flags.short, undone.value.flags.budget], [false, "2s"], "what is further to the right holds");
});

test("flags: what is wrong is said in one sentence that names the flag", () => {
  const table: readonly (readonly [string[], string])[] = [
    [["--budgt", "1s"], "unknown flag --budgt; did you mean --budget?"],
    [["-x"], "unknown flag -x; --help lists the flags"],
    [["-nonsense=3"], "unknown flag -nonsense; --help lists the flags"],
    [["-run", "-Xyz"], "--run needs a value, but is followed by '-Xyz': write --run=-Xyz if that is meant"],
    [["--budget"], "--budget needs a value: --budget TIME"],
    [["--budget", "--json"], "--budget needs a value, but is followed by '--json': write --budget=--json if that is meant"],
    [["-short=yes"], "--short takes no value, but got 'yes'"],
    [["--constructor"], "unknown flag --constructor; --help lists the flags"],
  ];
  for (const [argv, error] of table) assert.deepEqual(parseFlags(FLAGS, argv), { ok: false, error });
});

test("dispatch: a command gets its words and gives the exit code", async () => {
  const io = fakeIo();
  assert.equal(await dispatch(["echo", "a", "b"], io, table), 1);
  assert.equal(io.out(), "a b");
});

test("dispatch: help on a topic, and what is said of one that there is not", async () => {
  const io = fakeIo();
  assert.equal(await dispatch(["help", "verdicts"], io, table), 0);
  assert.match(io.out(), /^leaked /);
  for (const [word, said] of [["verdict", "there is no help on 'verdict'; did you mean 'verdicts'?"], ["ehco", "there is no help on 'ehco'; did you mean 'echo'?"], ["colours", "there is no help on 'colours'; 'unpark help' lists commands and topics"]] as const) {
    const none = fakeIo();
    assert.equal(await dispatch(["help", word], none, table), 2);
    assert.equal(none.err(), `unpark: ${said}\n`);
  }
  const list = fakeIo();
  await dispatch(["help"], list, table);
  for (const { name } of HELP_TOPICS) assert.match(list.out(), new RegExp(`^  ${name} `, "m"));
  assert.deepEqual(HELP_TOPICS.map(({ name }) => name).filter((name) => Object.hasOwn(COMMANDS, name) && name !== "config"), []);
});

test("dispatch: help goes to stdout with 0, no command is an error with the same text", async () => {
  const help = fakeIo();
  assert.equal(await dispatch(["--help"], help, table), 0);
  assert.match(help.out(), /echo {2,}Says it again\./);
  const nothing = fakeIo();
  assert.equal(await dispatch([], nothing, table), 2);
  assert.equal(nothing.out(), "");
  assert.equal(nothing.err(), help.out());
  const own = fakeIo();
  assert.equal(await dispatch(["echo", "--help"], own, table), 0);
  assert.match(own.out(), /^Usage: unpark echo \[words\]/);
  const behind = fakeIo();
  assert.equal(await dispatch(["echo", "--", "--help"], behind, table), 1);
  assert.equal(behind.out(), "-- --help");
});

test("dispatch: unknown words and crashes are one sentence and exit code 2, never a stack trace", async () => {
  for (const [argv, said] of [
    [["ecoh"], "unpark: unknown command 'ecoh'; did you mean 'echo'?\n"],
    [["constructor"], "unpark: unknown command 'constructor'; 'unpark --help' lists the commands\n"],
    [["--nope"], "unpark: unknown flag --nope; 'unpark --help' lists the commands\n"],
  ] as const) {
    const io = fakeIo();
    assert.equal(await dispatch(argv, io, table), 2);
    assert.equal(io.err(), said);
  }
  const io = fakeIo();
  assert.equal(await dispatch(["echo", "crash"], io, table), 2);
  assert.match(io.err(), /^unpark: boom\n/);
  assert.doesNotMatch(io.err(), /\bat \S+:\d+/);
});

test("every command of the table carries the name that it is listed under, and a usage", async () => {
  for (const [name, load] of Object.entries(COMMANDS)) {
    const { command } = await load();
    assert.equal(command.name, name);
    assert.match(command.usage, new RegExp(`^Usage: unpark ${name}\\b`));
  }
});

test("the bin itself: --version on stdout, exit codes reach the shell", () => {
  const bin = fileURLToPath(new URL("../../../bin/unpark.js", import.meta.url));
  const run = (...argv: string[]) => spawnSync(process.execPath, [bin, ...argv], { encoding: "utf8" });
  const version = run("--version");
  assert.match(version.stdout, /^unpark \d+\.\d+\.\d+\n$/);
  assert.equal(version.status, 0);
  assert.equal(run("nonsense").status, 2);
});

test("UNPARK_CACHE that is no absolute path is refused by each command, and makes no folder", () => {
  const folder = mkdtempSync(join(tmpdir(), "unpark-cli-"));
  const bin = fileURLToPath(new URL("../../../bin/unpark.js", import.meta.url));
  try {
    for (const words of [["test", "./..."], ["run", "."], ["doctor"], ["env"], ["config"], ["fix", "./..."]]) {
      const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...words], { cwd: folder, env: { ...process.env, UNPARK_CACHE: "off" }, encoding: "utf8" });
      assert.deepEqual([status, stdout], [2, ""], words[0]);
      assert.match(stderr, /^unpark: UNPARK_CACHE=off is not the absolute path of a folder; .*--no-cache/);
    }
    assert.deepEqual(readdirSync(folder), []);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
