// Every command line in the documents is one of a command that exists, with flags that it takes.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { commandsIn, problemOf, wordsOf } from "./commands.js";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const pages = (folder: string): readonly string[] => readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".md")).map((name) => join(folder, name)).sort();
const DOCUMENTS = ["README.md", "ARCHITECTURE.md", "RELEASE.md", "SECURITY.md", "CHANGELOG.md", "llms.txt", ...pages("skills"), ...pages("docs"), "examples/go/README.md"];

describe("the command lines of the documents", () => {
  const all = DOCUMENTS.flatMap((document) => commandsIn(document, readFileSync(join(root, document), "utf8")));
  it("are found: some in each that teaches by them", () => {
    for (const [document, least] of [["README.md", 12], ["skills/unpark/SKILL.md", 10], ["llms.txt", 8], ["docs/agents.md", 3], ["docs/ci.md", 3]] as const) {
      const found = all.filter((one) => one.document === document).length;
      assert.ok(found >= least, `${document}: ${found}`);
    }
  });
  for (const command of all) {
    it(`${command.document}:${command.line} ${command.text}`, async () => assert.equal(await problemOf(command), undefined));
  }
});

describe("what counts as a command line", () => {
  const ROWS: readonly (readonly [text: string, words: readonly (readonly string[])[]])[] = [
    ["    unpark test ./...    # all of them", [["test", "./..."]]],
    ["```sh\nkubectl logs pod | unpark inspect -\n```", [["inspect", "-"]]],
    ["```\nunpark test ./...     which fails\nand says\n```", [["test", "./..."]]],
    ["```go\nunpark test\n```", []],
    ["    claude mcp add unpark -- unpark mcp", []],
    ["see `unpark replay 'u1 1.1 @ 1' ./cmd/thing -- -c 2`.", [["replay", "u1 1.1 @ 1", "./cmd/thing", "--", "-c", "2"]]],
    ['    eval "$(unpark env)"; go test ./...', [["env"]]],
    ["    npx unpark verify URL --absent 'pkg.(*Server).handle' --wait 10s", [["verify", "URL", "--absent", "pkg.(*Server).handle", "--wait", "10s"]]],
    ["    source <(unpark completion bash)", [["completion", "bash"]]],
    ["    release/unpark-0.1.0-linux-x64 test . > out.txt", [["test", "."]]],
    ["    npm ci && npm run demo     # `unpark test` on examples", []],
  ];
  for (const [text, words] of ROWS) it(JSON.stringify(text), () => assert.deepEqual(commandsIn("x", text).map((one) => one.words), words));
  it("a flag that is not there, a command that is not there", async () => {
    const problem = (text: string): Promise<string | undefined> => problemOf({ document: "x", line: 1, text, words: wordsOf(text) });
    assert.equal(await problem("test --jason ./..."), "unknown flag --jason; did you mean --json?");
    assert.equal(await problem("tset ./..."), "there is no command 'tset'");
    assert.equal(await problem("test --budget"), "--budget needs a value: --budget TIME");
  });
});
