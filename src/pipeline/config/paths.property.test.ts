// What settings say of paths, by both of Node's path modules.
import assert from "node:assert/strict";
import { posix, win32 } from "node:path";
import { it } from "node:test";
import fc from "fast-check";
import { cacheFolder } from "../../base/user-folders.js";
import { matchesPackage } from "./package-match.js";
import { fitsKind } from "./value-kind.js";

const SYSTEMS = [{ path: posix, root: "/w/p" }, { path: win32, root: "C:\\w\\p" }] as const;

it("a file that settings may name never lies outside of their folder", () => {
  const piece = fc.constantFrom("..", ".", "a", "..a", "... ", "C:", "~", "", " ", ".. ", "b.json", "\\", "/");
  const anything = fc.oneof(fc.string(), fc.array(fc.tuple(piece, fc.constantFrom("/", "\\", ""))).map((all) => all.flat().join("")));
  fc.assert(fc.property(anything, (text) => {
    if (!fitsKind("output", text)) return;
    for (const { path, root } of SYSTEMS) {
      // Windows leaves out blanks and dots at the end of a name: ".. " is "..".
      const file = path.resolve(root, path === win32 ? text.split(/[\\/]/).map((part) => (/^\.\.[. ]*$/.test(part) ? ".." : part)).join("\\") : text);
      const from = path.relative(root, file);
      assert.ok(from === "" || (from !== ".." && !from.startsWith(`..${path.sep}`) && !path.isAbsolute(from)), `${JSON.stringify(text)} is ${file}`);
    }
  }), { numRuns: 2000 });
  for (const text of ["out/a.json", "a b.xml", "..a/b", "a/..b", ".hidden"]) assert.ok(fitsKind("output", text), text);
});

it("a pattern of packages means the same folders on both", () => {
  const names = fc.array(fc.constantFrom("a", "b", "internal", "a.b"), { minLength: 1, maxLength: 4 });
  fc.assert(fc.property(names, names, (folders, other) => {
    const answers = SYSTEMS.map(({ path, root }) => {
      const pkg = { importPath: "x", dir: path.join(root, ...folders) };
      const match = `./${folders.join("/")}`;
      return [match, `${match}/...`, "./...", `./${folders[0]}/...`, `./${other.join("/")}`, "../..."].map((one) => matchesPackage(one, root, pkg, path));
    });
    assert.deepEqual(answers[0], answers[1]);
    assert.deepEqual(answers[0]!.slice(0, 4), [true, true, true, true]);
    assert.deepEqual([answers[0]![4], answers[0]![5]], [folders.join("/") === other.join("/"), false]);
  }));
});

it("the cache is where each system keeps such folders", () => {
  const ROWS: readonly (readonly [env: Readonly<Record<string, string>>, platform: NodeJS.Platform, path: typeof posix, folder: string])[] = [
    [{ HOME: "/home/u" }, "linux", posix, "/home/u/.cache/unpark"],
    [{ HOME: "/home/u", XDG_CACHE_HOME: "/x" }, "linux", posix, "/x/unpark"],
    [{ HOME: "/Users/u" }, "darwin", posix, "/Users/u/Library/Caches/unpark"],
    [{ LocalAppData: "C:\\Users\\u\\AppData\\Local", USERPROFILE: "C:\\Users\\u" }, "win32", win32, "C:\\Users\\u\\AppData\\Local\\unpark"],
    [{ LOCALAPPDATA: "C:\\l" }, "win32", win32, "C:\\l\\unpark"],
    [{ USERPROFILE: "C:\\Users\\u" }, "win32", win32, "C:\\Users\\u\\unpark"],
    [{ UNPARK_CACHE: "D:\\c", LOCALAPPDATA: "C:\\l" }, "win32", win32, "D:\\c"],
  ];
  for (const [env, platform, path, folder] of ROWS) assert.equal(cacheFolder(env, platform, path), folder);
});
