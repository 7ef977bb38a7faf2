// The change map of ARCHITECTURE.md, held to what the compiler says: each dummy change is made on a copy of the sources.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../", import.meta.url));

interface Change {
  readonly write: readonly string[];
  readonly named: readonly string[];
}

/** The rows of the map: what is written, and what the compiler names. */
const MAP: ReadonlyMap<string, Change> = new Map(
  [...readFileSync(join(root, "ARCHITECTURE.md"), "utf8").matchAll(/^\| ([^|`]+) \| ([^|]+) \|([^|]*)\|$/gm)].map(([, change, write, named]) => [
    change!.trim(),
    { write: paths(write!), named: paths(named!) },
  ]),
);

function paths(cell: string): readonly string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, path]) => path!);
}

/** A text that takes another's place in a file of the copy; no `from`: a file that is made. */
interface Edit {
  readonly file: string;
  readonly from?: string;
  readonly to: string;
}

const ROW = (rest: string): string => `  { op: "dummy", ${rest} },\n`;
const EDITS: Readonly<Record<string, readonly Edit[]>> = {
  "a primitive of TypeScript with an operation of its own": [
    {
      file: "src/model/run/operation.ts",
      from: `  { op: "clock",`,
      to: ROW(`family: "dummy", noun: "dummy", verb: "uses", waitReason: "dummy wait"`) + `  { op: "clock",`,
    },
  ],
  "an operation of compiled Go": [
    {
      file: "src/model/run/operation.ts",
      from: "] as const satisfies readonly OperationRow[];\n\n/** Those that only",
      to: ROW(`family: "dummy", noun: "dummy", verb: "uses", waitReason: "dummy wait"`) + "] as const satisfies readonly OperationRow[];\n\n/** Those that only",
    },
  ],
  "a cause": [{ file: "src/model/finding/cause.ts", from: `  "unknown",\n`, to: `  "dummy-cause",\n  "unknown",\n` }],
  "a verdict": [{ file: "src/model/finding/finding.ts", from: `  "leaked",`, to: `  "dummy", "leaked",` }],
  "a strategy": [
    {
      file: "src/explore/strategies/dummy.ts",
      to: `import { NonPreemptiveOrder } from "./natural.js";\nimport { OneRun } from "./one-run.js";\nimport type { Pending } from "../../model/run/program.js";\nimport type { Choice } from "../../model/run/choice.js";\nexport class Dummy extends OneRun {\n  readonly name = "dummy";\n  readonly #order = new NonPreemptiveOrder();\n  next(pending: readonly Pending[]): Choice | "stop-run" {\n    return this.#order.choose(pending) ?? "stop-run";\n  }\n}\n`,
    },
    {
      file: "src/explore/strategies/registry.ts",
      from: `] as const satisfies`,
      to: `  { name: "dummy", about: "nothing", kind: "once", make: () => new Dummy() },\n] as const satisfies`,
    },
    { file: "src/explore/strategies/registry.ts", from: `import { DepthFirst }`, to: `import { Dummy } from "./dummy.js";\nimport { DepthFirst }` },
  ],
  "a command": [
    { file: "src/cli/commands.ts", from: "  watch: () =>", to: `  dummy: () => import("./commands/dummy.js"),\n  watch: () =>` },
    {
      file: "src/cli/commands/dummy.ts",
      to: `import type { Command } from "../command.js";\nexport const command: Command = { name: "dummy", summary: "Does nothing.", flags: {}, usage: "dummy", run: () => Promise.resolve(0) };\n`,
    },
  ],
};

describe("the change map of ARCHITECTURE.md", () => {
  let copy: string;
  before(() => {
    copy = mkdtempSync(join(tmpdir(), "change-map-"));
    for (const one of ["src", "test", "bench", "examples", "tsconfig.json", "package.json"]) cpSync(join(root, one), join(copy, one), { recursive: true });
    symlinkSync(join(root, "node_modules"), join(copy, "node_modules"), "junction");
    writeFileSync(join(copy, "tsconfig.src.json"), JSON.stringify({ extends: "./tsconfig.json", include: ["src"] }));
  });
  after(() => rmSync(copy, { recursive: true, force: true }));

  /** The files in which the compiler finds something wrong; the map names none outside src, so one look at all of the rest is enough. */
  const complaints = (project: "tsconfig.json" | "tsconfig.src.json"): readonly string[] => {
    const tsc = join(root, "node_modules/typescript-native/bin/tsc");
    const { stdout } = spawnSync(process.execPath, [tsc, "-p", project, "--noEmit", "--pretty", "false"], { cwd: copy, encoding: "utf8" });
    return [...new Set([...stdout.matchAll(/^([^\s(]+)\(\d+,\d+\): error/gm)].map(([, file]) => file!.replaceAll("\\", "/")))].sort();
  };

  const rowOf = (change: string): Change => {
    const row = MAP.get(change);
    assert.ok(row, `ARCHITECTURE.md has no row '${change}'`);
    return row;
  };
  const names = Object.keys(EDITS);
  const quiet = names.filter((change) => rowOf(change).named.length === 0);

  // Those of which the compiler names nothing are made together: that shows the copy to be sound as well.
  for (const changes of [quiet, ...names.filter((change) => !quiet.includes(change)).map((change) => [change])]) {
    it(`${changes.join(", and ")}: the compiler names what the map says`, () => {
      const edits = changes.flatMap((change) => EDITS[change]!);
      try {
        for (const { file, from, to } of edits) {
          const text = from === undefined ? "" : readFileSync(join(copy, file), "utf8");
          assert.ok(from === undefined || text.includes(from), `${file} no longer holds ${from}`);
          writeFileSync(join(copy, file), from === undefined ? to : text.replace(from, to));
        }
        assert.deepEqual(complaints(changes === quiet ? "tsconfig.json" : "tsconfig.src.json"), rowOf(changes[0]!).named);
      } finally {
        for (const { file, from } of edits) {
          if (from === undefined) rmSync(join(copy, file));
          else cpSync(join(root, file), join(copy, file));
        }
      }
    });
  }

  it("all files and folders that it names are there", () => {
    assert.ok(MAP.size >= 8);
    for (const [change, { write, named }] of MAP) {
      for (const path of [...write, ...named]) assert.ok(existsSync(join(root, path)), `${change}: ${path}`);
    }
  });
});
