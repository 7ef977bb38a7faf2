import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { Ajv } from "ajv";
import { parse } from "yaml";
import { loadCommands, type Command } from "../command.js";
import { COMMANDS } from "../commands.js";
import { dispatch } from "../dispatch.js";
import { usageText, type FlagSpecs } from "../flags/flags.js";
import { allFlags, SHARED_FLAGS } from "../read-project.js";
import { settingsSchema } from "../flags/settings-schema.js";
import { fakeIo } from "../testing/run-cli.js";

const scratch = mkdtempSync(join(tmpdir(), "unpark-config-"));
after(() => rmSync(scratch, { recursive: true, force: true }));
let folders = 0;

function project(yaml: string): string {
  const folder = join(scratch, String(++folders));
  mkdirSync(join(folder, "sub"), { recursive: true });
  writeFileSync(join(folder, "go.mod"), "module example.com/p\n");
  writeFileSync(join(folder, ".unpark.yaml"), yaml);
  return folder;
}

async function unpark(cwd: string, ...argv: string[]) {
  const io = fakeIo({ cwd });
  const code = await dispatch(argv, io);
  return { code, out: io.out(), err: io.err() };
}

/** The words that a command gets. */
async function wordsOf(yaml: string, flags: FlagSpecs, argv: readonly string[], more: Partial<Command> = {}): Promise<{ readonly words: string; readonly err: string; readonly overrides: unknown }> {
  let overrides: unknown;
  const echo: Command = { name: "echo", summary: "", flags, usage: usageText("echo", "", flags), ...more, run: async (words, { stdout, project: { overrides: read } }) => (stdout.write(words.join(" ")), (overrides = read.map(({ root: _, ...one }) => one)), 0) };
  const io = fakeIo({ cwd: project(yaml) });
  await dispatch(["echo", ...argv], io, { echo: () => Promise.resolve({ command: echo }) });
  return { words: io.out().replaceAll(io.cwd, "ROOT"), err: io.err().replaceAll(io.cwd, "ROOT"), overrides };
}

const FLAGS = {
  ...SHARED_FLAGS,
  slow: { type: "boolean", help: "" }, out: { type: "optional", kind: "output", value: "FILE", help: "" }, store: { type: "string", kind: "output", value: "FILE|none", help: "" }, where: { type: "list", help: "" }, once: { type: "boolean", never: "no", help: "" },
} as const satisfies FlagSpecs;

describe("the settings of a project", () => {
  it("stand as words ahead of the user's own: what is said of the command before what is said of all, files from the file's folder", async () => {
    const rows: readonly (readonly [yaml: string, words: string])[] = [
      ["budget: 5s\nstrict: true\ntags: a,b\nshort: true\n", "--budget=5s --strict -tags=a,b -short x"],
      ["budget: 5s\necho: { budget: 6s }\n", "--budget=6s x"],
      ["echo: { budget: 6s }\nbudget: 5s\n", "--budget=6s x"],
      ["strict: true\necho: { strict: false }\n", "x"],
      ["echo: { slow: true, out: true, where: [a=b, c=d], store: none }\n", "--slow --out --where=a=b --where=c=d --store=none x"],
      ["echo: { out: sub/a.json, store: s.db }\n", "--out=ROOT/sub/a.json --store=ROOT/s.db x"],
      ["", "x"],
    ];
    for (const [yaml, words] of rows) assert.equal((await wordsOf(yaml, FLAGS, ["x"])).words, words, yaml);
  });

  it("at the top are of commands that share the flag, and of no other flag with that name", async () => {
    assert.equal((await wordsOf("baseline: true\nstrict: true\n", { baseline: { type: "string", help: "of another kind" }, strict: SHARED_FLAGS["strict"]! }, ["x"])).words, "--strict x");
  });

  it("are what a command says may be set for this call", async () => {
    const settable = (argv: readonly string[]): FlagSpecs => (argv.includes("report.json") ? { strict: SHARED_FLAGS["strict"]! } : FLAGS);
    assert.equal((await wordsOf("strict: true\nfaults: 2\n", FLAGS, ["report.json"], { settable })).words, "--strict report.json");
    assert.equal((await wordsOf("strict: true\nfaults: 2\n", FLAGS, ["."], { settable })).words, "--strict --faults=2 .");
  });

  it("of packages hold but for what stands on the command line", async () => {
    const yaml = "packages:\n  - { match: ./a/..., faults: 2, budget: 1m, clock: lazy }\n  - { match: ./b, faults: 1 }\n";
    assert.deepEqual((await wordsOf(yaml, FLAGS, ["x"])).overrides, [{ match: "./a/...", settings: { faults: 2, budget: 60_000, clock: "lazy" } }, { match: "./b", settings: { faults: 1 } }]);
    assert.deepEqual((await wordsOf(yaml, FLAGS, ["--faults=0", "x"])).overrides, [{ match: "./a/...", settings: { budget: 60_000, clock: "lazy" } }]);
  });

  it("that are wrong end every command that reads them, in one sentence with exit code 2", async () => {
    const folder = project("budget: soon\n");
    for (const argv of [["test"], ["run", "."], ["merge", "a.json"], ["inspect", "-"], ["config"], ["env"], ["fix"], ["verify", "x"], ["ps"]]) {
      const { code, out, err } = await unpark(folder, ...argv);
      assert.deepEqual([code, out, err], [2, "", `unpark: ${folder}/.unpark.yaml:1: 'budget' is a time such as 10s or 1m30s, but this is the text 'soon'\n`], argv.join(" "));
    }
    assert.equal((await unpark(folder, "completion", "bash")).code, 0, "what has no settings does not read them");
    assert.equal((await unpark(folder, "test", "--help")).code, 0);
  });

  it("too large a file is not read", async () => {
    const { code, err } = await unpark(project(`# ${"x".repeat(5 * 2 ** 20)}\n`), "config");
    assert.deepEqual([code, /\.unpark\.yaml has 6 MiB, and settings at most 4: is it another file\?/.test(err)], [2, true], err);
  });
});

const WHOLE = `budget: 5s
strict: true
test:
  budget: 7s
  junit: out/unpark.xml
inspect:
  many: 20
packages:
  - match: ./server/...
    faults: 2
severity:
  lingering: error
skip:
  - { test: TestDocker*, reason: needs a daemon }
ignore:
  - { function: example.com/p.janitor, reason: lives as long, expires: 2020-01-31 }
`;

describe("unpark config", () => {
  it("prints each value with the place that gives it: command line, the file's line, default", async () => {
    const folder = project(WHOLE);
    const { code, out } = await unpark(folder, "config", "test", "--faults", "1", "--clock=lazy", "./...");
    assert.equal(code, 0);
    const line = (start: string): string => out.split("\n").find((one) => one.startsWith(`  ${start} `))?.replace(/ +/g, " ").trim() ?? "";
    assert.match(out, /^unpark test, with the settings of \.unpark\.yaml\n/);
    assert.deepEqual(
      ["budget", "strict", "junit", "clock", "faults", "workers", "lingering", "TestDocker*", "example.com/p.janitor"].map(line),
      [
        "budget 7s .unpark.yaml:4", "strict yes .unpark.yaml:2", `junit ${folder}/out/unpark.xml .unpark.yaml:5`, "clock lazy command line", "faults 1 command line", "workers one for each core default",
        "lingering error .unpark.yaml:12", "TestDocker* needs a daemon .unpark.yaml:14", "example.com/p.janitor EXPIRED on 2020-01-31: lives as long .unpark.yaml:16",
      ],
    );
    assert.doesNotMatch(out, /server/, "--faults on the command line goes before the package's");
    assert.match(out, /^Not set: .*sarif/m);
    assert.match((await unpark(join(folder, "sub"), "config")).out, /^  \.\/server\/\.\.\. +faults 2 +\.\.\/\.unpark\.yaml:9$/m);
  });

  it("is of the command that is named, in JSON too", async () => {
    const folder = project(WHOLE);
    const value = JSON.parse((await unpark(folder, "config", "--json", "inspect")).out) as { command: string; flags: { flag: string; value: unknown; source: unknown }[] };
    assert.deepEqual([value.command, value.flags.find(({ flag }) => flag === "many"), value.flags.some(({ flag }) => flag === "budget" || flag === "user")], ["inspect", { flag: "many", value: "20", source: { kind: "file", line: 7 } }, false]);
    const run = JSON.parse((await unpark(folder, "config", "--json", "run")).out) as typeof value;
    assert.deepEqual(run.flags.find(({ flag }) => flag === "budget"), { flag: "budget", value: "5s", source: { kind: "file", line: 1 } });
    const native = JSON.parse((await unpark(folder, "config", "--json", "test", "--native", "./...")).out) as typeof value;
    assert.deepEqual(native.flags.filter(({ flag }) => ["budget", "strict", "deep"].includes(flag)).map(({ flag, value: given }) => [flag, given]), [["deep", undefined], ["strict", true]]);
  });

  it("says what is wrong with its words", async () => {
    const folder = project("");
    for (const [argv, said] of [
      [["tset"], "config takes a command's name, but got 'tset'; did you mean 'test'?"],
      [["completion"], "'unpark completion' has no flags that a file of settings may give"],
      [["test", "--budgt", "1s"], "unknown flag --budgt; did you mean --budget?"],
      [["--jsno"], "unknown flag --jsno; did you mean --json?"],
    ] as const) assert.deepEqual(await unpark(folder, "config", ...argv), { code: 2, out: "", err: `unpark: ${said}\n` });
  });
});

describe("the schema of .unpark.yaml", () => {
  it("is the one in docs/, and takes what the reader takes", async () => {
    const schema = await settingsSchema(COMMANDS);
    const kept = readFileSync(fileURLToPath(new URL("../../../../docs/settings.schema.json", import.meta.url)), "utf8");
    assert.deepEqual(JSON.parse(kept), JSON.parse(JSON.stringify(schema)), "write it again: node bin/unpark.js config --schema > docs/settings.schema.json");
    const validate = new Ajv({ allErrors: true, strict: false, validateFormats: false }).compile(schema);
    const rows: readonly (readonly [yaml: string, good: boolean])[] = [
      [WHOLE, true], ["budget: 5\n", false], ["faults: 1\n", true], ["faults: -1\n", false], ["test: { junit: ../a }\n", false], ["test: { junit: a/b.xml }\n", true], ["test: { run: TestX }\n", false], ["inspect: { user: a }\n", false],
      ["severity: { flaky: off }\n", true], ["severity: { flakey: note }\n", false], ["clock: fast\n", false], ["strategy: pct\n", true], ["baseline: true\n", true], ["baseline: b.json\n", true], ["ignore:\n", true], ["colour: red\n", false],
    ];
    for (const [yaml, good] of rows) {
      assert.equal(validate(parse(yaml)), good, `${yaml}${JSON.stringify(validate.errors)}`);
      assert.equal((await unpark(project(yaml), "config")).code, good ? 0 : 2, yaml);
    }
  });

  it("what may stand at the top is what commands share: the same kind everywhere", async () => {
    const commands = await loadCommands(COMMANDS);
    const shared = commands.flatMap((command) => Object.entries(allFlags(command)).filter(([, spec]) => spec.shared === true));
    for (const [name, spec] of shared) assert.deepEqual([name, spec.type, spec.kind], [name, SHARED_FLAGS[name]?.type, SHARED_FLAGS[name]?.kind]);
    assert.deepEqual(Object.entries(SHARED_FLAGS).filter(([, spec]) => spec.shared !== true), []);
    assert.deepEqual([...commands.map(({ name }) => name), "ignore", "skip", "severity", "packages"].filter((name) => Object.hasOwn(SHARED_FLAGS, name)), [], "a name at the top means one thing");
  });
});
