// Paths of both kinds of systems, by Node's own two path modules: whatever system this runs on.
import assert from "node:assert/strict";
import { posix, win32 } from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { artifactLocation } from "./file-uri.js";
import { pathBelow } from "./path-below.js";

/** A name that both kinds of systems take. */
const name = fc.string({ unit: fc.constantFrom(..."abzAZ019 .-_#%é&+[(~"), minLength: 1, maxLength: 8 }).filter((text) => /[^. ]$/.test(text) && !text.startsWith(" "));
const names = fc.array(name, { minLength: 1, maxLength: 4 });
const SYSTEMS = [
  { title: "posix", path: posix, root: fc.constantFrom("/", "/home/u"), asGo: (file: string) => file },
  { title: "win32", path: win32, root: fc.constantFrom("C:\\", "d:\\work", "\\\\server\\share\\w"), asGo: (file: string) => file.replaceAll("\\", "/") },
] as const;

for (const { title, path, root, asGo } of SYSTEMS) {
  describe(`paths of ${title}`, () => {
    it("a file below a folder is shown from there, with slashes, as Go and as Node name it", () => {
      fc.assert(fc.property(root, names, names, fc.boolean(), (top, folders, below, trailing) => {
        const folder = path.join(top, ...folders);
        const file = path.join(folder, ...below);
        for (const form of [file, asGo(file)]) assert.equal(pathBelow(form, trailing ? folder + path.sep : folder), below.join("/"));
        if (title === "win32") assert.equal(pathBelow(file.toUpperCase(), folder.toLowerCase()), below.join("/").toUpperCase());
        else assert.equal(pathBelow(`${folder}/a\\b.go`, folder), "a\\b.go", "a backslash is a letter there");
      }));
    });

    it("what only begins like the folder, the folder itself, and what lies elsewhere is no file below it", () => {
      fc.assert(fc.property(root, names, name, (top, folders, more) => {
        const folder = path.join(top, ...folders);
        for (const file of [folder, `${folder}${more}`, path.join(path.dirname(folder), `${more}${more}x`, "y.go"), path.dirname(folder)]) {
          const lies = path.relative(folder, file);
          if (lies === "" || lies.startsWith("..") || path.isAbsolute(lies)) assert.equal(pathBelow(file, folder), undefined, `${file} below ${folder}`);
        }
      }));
    });

    it("SARIF's URI of a file is the one that Node reads back", () => {
      const windows = title === "win32";
      fc.assert(fc.property(root, names, (top, folders) => {
        const file = path.join(top, ...folders);
        const { uri } = artifactLocation(file, undefined);
        const back = fileURLToPath(new URL(uri), { windows });
        assert.equal(windows ? back.toLowerCase() : back, windows ? file.toLowerCase() : file); // a host's name has no capitals
        const inside = artifactLocation(asGo(file), path.dirname(file));
        assert.deepEqual(inside, path.dirname(file) === path.parse(file).root && !windows ? artifactLocation(file, undefined) : { uri: encodeURIComponent(path.basename(file)), uriBaseId: "%SRCROOT%" });
      }));
    });
  });
}
