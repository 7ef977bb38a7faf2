import assert from "node:assert/strict";
import { unlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { FileAwaits } from "./file-awaits.js";

/** What one test leaves behind, as it is told when its file is over. */
async function leftOf(body: () => void): Promise<readonly string[]> {
  const awaits = new FileAwaits();
  awaits.begin("t");
  body();
  awaits.end("t");
  const lines = await awaits.left();
  return lines.filter((line) => line.startsWith('"t"')).map((line) => line.replace(/^.* at \S+ (?=can|has)/, ""));
}

describe("what goes on while the collector is asked is proved of nothing", () => {
  const file = join(tmpdir(), `unpark-file-awaits-${process.pid}`);
  const rows: readonly [what: string, wait: () => Promise<unknown>][] = [
    ["the event loop's next turn", () => new Promise((resolve) => setImmediate(resolve))],
    ["its second", () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)))],
    ["a timer that is due", () => new Promise((resolve) => setTimeout(resolve, 0))],
    ["a file that is removed", () => unlink(file)],
  ];
  for (const [what, wait] of rows) {
    it(what, async () => {
      await writeFile(file, "");
      const lines = await leftOf(() => void (async () => void (await wait()))());
      assert.deepEqual(lines.filter((line) => line.includes("proved")), []);
    });
  }

  it("an await that can never go on is proved beside them", async () => {
    const lines = await leftOf(() => {
      for (const wait of [() => new Promise(() => undefined), () => new Promise((resolve) => setImmediate(resolve))]) void (async () => void (await wait()))();
    });
    assert.deepEqual(lines, ["can never go on: proved"]);
  });
});
