import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { ModuleCache, pruneCache, tidyCache } from "./cache.js";
import { temporaryFolder, writeFiles } from "../testing/go-fixture.js";

describe("ModuleCache", () => {
  it("keeps by content, and starts the next build of the same request from the last", async () => {
    const cache = new ModuleCache(temporaryFolder());
    const build = async (request: string, text: string): Promise<readonly [string, string]> => {
      const scratch = cache.scratch(request, ".wasm");
      const before = existsSync(scratch) ? readFileSync(scratch, "utf8") : "nothing";
      writeFileSync(scratch, text);
      return [before, await cache.keep(request, scratch, ".wasm")];
    };
    const [first, one] = await build("a", "one");
    const [second, two] = await build("a", "two");
    const [other, again] = await build("b", "one");
    assert.deepEqual([first, second, other], ["nothing", "one", "nothing"]);
    assert.equal(again, one);
    assert.notEqual(two, one);
    assert.equal(readFileSync(one, "utf8"), "one"); // C2: an earlier path stays valid
    assert.deepEqual(readdirSync(join(cache.dir, "tmp")), []);
  });

  it("C3: what was changed, cut, emptied, or is no file any more is noticed, thrown away and built again", async () => {
    const damages: readonly ((path: string) => void)[] = [
      (path) => writeFileSync(path, "jello corrup"), (path) => truncateSync(path, 3), (path) => writeFileSync(path, ""),
      (path) => {
        rmSync(path);
        mkdirSync(path);
        writeFileSync(join(path, "x"), "x");
      },
    ];
    for (const damage of damages) {
      const cache = new ModuleCache(temporaryFolder());
      const build = async (): Promise<string> => {
        const scratch = cache.scratch("a", ".wasm");
        if (!existsSync(scratch)) writeFileSync(scratch, "hello honest"); // go build relinks only where nothing up to date is there
        return cache.keep("a", scratch, ".wasm");
      };
      const path = await build();
      damage(path);
      assert.equal(await build(), path);
      assert.equal(readFileSync(path, "utf8"), "hello honest");
    }
  });
});

describe("pruneCache", () => {
  const hour = 60 * 60 * 1000;
  const now = Date.UTC(2026, 0, 2);
  const filled = (): string => {
    const dir = temporaryFolder();
    const ages = { "modules/old.wasm": 9, "modules/mid.wasm": 5, "modules/new.wasm": 0, "overlay/o": 7, "overlay/o.1.tmp": 3, "tmp/left.wasm": 2, "tmp/running.wasm": 0 };
    for (const [name, age] of Object.entries(ages)) {
      if (name.startsWith("overlay/")) mkdirSync(join(dir, name), { recursive: true });
      writeFiles(dir, { [name.startsWith("overlay/") ? `${name}/overlay.json` : name]: "x".repeat(100) });
      utimesSync(join(dir, name), (now - age * hour) / 1000, (now - age * hour) / 1000);
    }
    return dir;
  };
  const left = (dir: string): readonly string[] => ["modules", "overlay", "tmp"].flatMap((folder) => readdirSync(join(dir, folder)));

  it("takes leftovers of interrupted builds, and nothing else while there is room", () => {
    const dir = filled();
    assert.equal(pruneCache(dir, now, { maxBytes: 700, keepMs: hour }), 200);
    assert.deepEqual(left(dir), ["mid.wasm", "new.wasm", "old.wasm", "o", "running.wasm"]);
  });

  it("takes the least recently used first, and never what was just used", () => {
    const dir = filled(); // 700 bytes: old, o and the leftovers go; 300 are left
    assert.equal(pruneCache(dir, now, { maxBytes: 500, keepMs: hour }), 400);
    assert.deepEqual(left(dir), ["mid.wasm", "new.wasm", "running.wasm"]);
    assert.equal(pruneCache(dir, now, { maxBytes: 0, keepMs: hour }), 100);
    assert.deepEqual(left(dir), ["new.wasm", "running.wasm"]);
  });

  it("holds the limit while the cache is used: twenty hours of builds later it is within it, and notes of what is gone are gone", () => {
    const dir = temporaryFolder();
    const build = (name: string, at: number): void => {
      writeFiles(dir, { [`modules/${name}`]: "", [`last/of-${name}`]: name });
      truncateSync(join(dir, "modules", name), 20 * 2 ** 20); // sparse: takes no room
      utimesSync(join(dir, "modules", name), at / 1000, at / 1000);
    };
    const size = (): number => readdirSync(join(dir, "modules")).length * 20;
    for (let minute = 0; minute < 1200; minute += 4) {
      build(`m${minute}`, now + minute * 60_000);
      tidyCache(dir, now + minute * 60_000);
      assert.ok(size() <= 2048 + 20 * 16, `${size()} MiB after ${minute} minutes`);
    }
    assert.equal(readdirSync(join(dir, "last")).length, readdirSync(join(dir, "modules")).length);
  });
});
