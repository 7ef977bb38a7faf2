import assert from "node:assert/strict";
import { homedir } from "node:os";
import { posix, win32 } from "node:path";
import { describe, it } from "node:test";
import { cacheFolder, cacheProblem, stateFolder } from "./user-folders.js";

describe("cacheFolder", () => {
  const ROWS: readonly (readonly [env: Readonly<Record<string, string>>, platform: NodeJS.Platform, folder: string])[] = [
    [{ HOME: "/h" }, "linux", "/h/.cache/unpark"],
    [{ HOME: "/h", XDG_CACHE_HOME: "/x" }, "linux", "/x/unpark"],
    [{ HOME: "/h", XDG_CACHE_HOME: "" }, "linux", "/h/.cache/unpark"],
    [{ HOME: "/h" }, "darwin", "/h/Library/Caches/unpark"],
    [{ HOME: "/h", UNPARK_CACHE: "/mine" }, "darwin", "/mine"],
    // U1
    [{ HOME: "/h", XDG_CACHE_HOME: "x" }, "linux", "/h/.cache/unpark"],
    [{ HOME: "h", XDG_CACHE_HOME: "x" }, "linux", `${homedir()}/.cache/unpark`],
    [{ HOME: "" }, "linux", `${homedir()}/.cache/unpark`],
    [{}, "linux", `${homedir()}/.cache/unpark`],
    [{ HOME: "/h", UNPARK_CACHE: "off" }, "linux", "/h/.cache/unpark"],
  ];
  for (const [env, platform, folder] of ROWS) it(`${platform} ${JSON.stringify(env)}`, () => assert.equal(cacheFolder(env, platform, posix), folder));
});

it("stateFolder", () => {
  assert.deepEqual([{ HOME: "/h" }, { HOME: "/h", XDG_STATE_HOME: "/s" }, { HOME: "/h", XDG_STATE_HOME: "s" }].map((env) => stateFolder(env, posix)), ["/h/.local/state/unpark", "/s/unpark", "/h/.local/state/unpark"]);
});

describe("cacheProblem", () => {
  it("nothing, an empty value and an absolute path are none", () => {
    for (const [env, paths] of [[{}, posix], [{ UNPARK_CACHE: "" }, posix], [{ UNPARK_CACHE: "/c" }, posix], [{ UNPARK_CACHE: "D:\\c" }, win32]] as const) assert.equal(cacheProblem(env, paths), undefined);
  });
  for (const given of ["off", "none", "0", "cache", "./c", "~/.cache", "../c"]) {
    it(given, () => {
      const words = cacheProblem({ UNPARK_CACHE: given }, posix);
      assert.match(words ?? "", /^UNPARK_CACHE=\S+ is not the absolute path of a folder; /);
      assert.equal(words!.includes("--no-cache"), ["off", "none", "0"].includes(given), words);
    });
  }
});
