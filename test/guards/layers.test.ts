// The rules of the layout (scripts/layers.mjs) over small made-up trees: each fault is found, and the real tree has none.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";

interface Layers {
  readonly check: (src: string, allowed?: Readonly<Record<string, readonly string[]>>) => { readonly errors: readonly string[] };
}
const root = fileURLToPath(new URL("../../../", import.meta.url));
const { check } = (await import(join(root, "scripts/layers.mjs"))) as Layers;

const ALLOWED = { base: [], model: ["base"], host: ["base", "model"], "host/testing": ["base", "model", "host"] };
const WELL = {
  "base/text.ts": "export type Text = string;",
  "model/noun.ts": `import type { Text } from "../base/text.js";\nexport interface Noun {}`,
  "host/run.ts": `import type { Noun } from "../model/noun.js";`,
  "host/testing/help.ts": `import "../run.js";`,
};

function errorsOf(files: Readonly<Record<string, string>>): readonly string[] {
  const src = mkdtempSync(join(tmpdir(), "layers-"));
  try {
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(join(src, dirname(file)), { recursive: true });
      writeFileSync(join(src, file), text);
    }
    return check(src, ALLOWED).errors;
  } finally {
    rmSync(src, { recursive: true });
  }
}

describe("the rules of the layout", () => {
  for (const [fault, more, expected] of [
    ["none", {}, []],
    ["an import upwards", { "base/up.ts": `import "../model/noun.js";` }, ["src/base/up.ts: 'base' may not import 'model' (model/noun.ts)"]],
    ["a dynamic import upwards", { "model/up.ts": `await import("../host/run.js");` }, ["src/model/up.ts: 'model' may not import 'host' (host/run.ts)"]],
    ["test helpers in a product file", { "host/uses.ts": `import "./testing/help.js";` }, ["src/host/uses.ts: 'host' may not import 'host/testing' (host/testing/help.ts)"]],
    ["an unknown room", { "attic/box.ts": "" }, ["src/attic: not a room that scripts/layers.mjs knows"]],
    [
      "a circle of three, of which one import is of a type and one is late",
      { "host/a.ts": `import type { B } from "./b.js";`, "host/b.ts": `import "./c.js";`, "host/c.ts": `await import("./a.js");` },
      ["import circle: src/host/a.ts, src/host/b.ts, src/host/c.ts"],
    ],
    ["a value that nobody else names", { "host/more.ts": "export const FEW = 1;\nexport const MANY = FEW;", "host/more.test.ts": "MANY;" }, ["src/host/more.ts: 'FEW' is exported, and no other file names it"]],
    ["a type that nobody else names", { "host/more.ts": "export interface Few {}\nexport type Many = Few;", "host/more.test.ts": "Many;" }, ["src/host/more.ts: 'Few' is exported, and no other file names it"]],
    ["a value that is the package's", { "host/more.ts": "export const FEW = 1;", "index.ts": `export * as host from "./host/more.js";` }, []],
    ["one name, two meanings", { "host/noun.ts": "export class Noun {}" }, ["type 'Noun' has 2 meanings: src/host/noun.ts, src/model/noun.ts"]],
  ] as const) {
    it(`${fault}: found`, () => assert.deepEqual(errorsOf({ ...WELL, ...more }), expected));
  }

  it("a room that is listed but not there", () => {
    assert.deepEqual(errorsOf({ ...WELL, "model/noun.ts": "", "host/run.ts": "", "host/testing/help.ts": "", "base/text.ts": "" }), []);
    const { "host/testing/help.ts": _, ...without } = WELL;
    assert.deepEqual(errorsOf(without), ["scripts/layers.mjs: there is no src/host/testing"]);
  });

  it("the tree keeps them", () => assert.deepEqual(check(join(root, "src")).errors, []));
});
