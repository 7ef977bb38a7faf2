import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { makeOverlay } from "./overlay.js";
import type { PatchSet } from "./patch.js";
import type { GoVersion } from "../go/go-version.js";
import { parseGoVersion } from "../go/go-version.js";

const root = mkdtempSync(join(tmpdir(), "unpark-overlay-"));
after(() => rmSync(root, { recursive: true, force: true }));
const goroot = join(root, "goroot");
const sources = join(root, "go");
mkdirSync(join(goroot, "src", "sync"), { recursive: true });
mkdirSync(sources);
writeFileSync(join(goroot, "src", "sync", "cond.go"), "package sync\n\nfunc (c *Cond) Wait() {\n}\n");
writeFileSync(join(sources, "new.go"), "package sync\n\nfunc hook() {}\n");
const target = { goroot, version: parseGoVersion("go1.26.8") as GoVersion };
const options = { cacheDir: join(root, "cache"), sources };

const wait: PatchSet = {
  name: "one",
  patches: [{ file: "sync/cond.go", function: "(*Cond).Wait", edit: { kind: "enter", text: "hook()" }, why: "a test" }],
  files: [],
};
const added = (file: string, overwrite?: true): PatchSet => ({
  name: "two",
  patches: [],
  files: [{ file, source: "new.go", ...(overwrite === undefined ? {} : { overwrite }) }],
});
const messageOf = (sets: readonly PatchSet[]): string => {
  const result = makeOverlay(target, sets, options);
  return result.ok ? "ok" : result.error.message;
};

describe("makeOverlay", () => {
  it("combines patch sets into one overlay whose keys are GOROOT's", () => {
    const made = makeOverlay(target, [wait, added("sync/unpark.go")], options);
    assert.ok(made.ok);
    assert.deepEqual(made.value.files, ["sync/cond.go", "sync/unpark.go"]);
    const { Replace } = JSON.parse(readFileSync(made.value.path, "utf8")) as { Replace: Record<string, string> };
    assert.deepEqual(Object.keys(Replace), made.value.files.map((file) => join(goroot, "src", file)));
    assert.equal(readFileSync(Replace[join(goroot, "src", "sync/cond.go")] ?? "", "utf8"), "package sync\n\nfunc (c *Cond) Wait() { hook()\n}\n");
  });

  it("O3: what is missing, changed or cut in its folder is noticed and written again", () => {
    const make = (): string => {
      const made = makeOverlay(target, [wait, added("sync/unpark.go")], options);
      assert.ok(made.ok, made.ok ? "" : made.error.message);
      return made.value.path;
    };
    const path = make();
    const whole = readFileSync(path, "utf8");
    const changed = Object.values((JSON.parse(whole) as { Replace: Record<string, string> }).Replace)[0]!;
    const text = readFileSync(changed, "utf8");
    for (const damage of [() => rmSync(path), () => writeFileSync(path, "{"), () => writeFileSync(changed, "package nothing"), () => rmSync(changed), () => rmSync(join(path, "../src"), { recursive: true })]) {
      damage();
      assert.equal(make(), path);
      assert.deepEqual([readFileSync(path, "utf8"), readFileSync(changed, "utf8")], [whole, text]);
    }
  });

  it("applies a later set's patch to an earlier set's result", () => {
    const again: PatchSet = { name: "again", patches: [{ file: "sync/cond.go", edit: { kind: "replace", old: "hook()", new: "hook(1)" }, why: "a test" }], files: [] };
    assert.equal(messageOf([wait, again]), "ok");
    assert.match(messageOf([again, wait]), /the text "hook\(\)" is not there/);
  });

  it("is reused while nothing has changed, and another once something has", () => {
    const path = (sets: readonly PatchSet[], at = target): string => {
      const made = makeOverlay(at, sets, options);
      return made.ok ? made.value.path : made.error.message;
    };
    const first = path([wait]);
    assert.equal(path([wait]), first);
    assert.notEqual(path([wait, added("sync/unpark.go")]), first);
    writeFileSync(join(goroot, "src", "sync", "cond.go"), "package sync\n\n// new\nfunc (c *Cond) Wait() {\n}\n");
    assert.notEqual(path([wait]), first);
    assert.deepEqual(readdirSync(join(options.cacheDir, "overlay")).filter((name) => name.endsWith(".tmp")), []);
  });

  it("names the file that is missing, in the way, or added twice", () => {
    assert.match(messageOf([{ ...wait, patches: [{ file: "sync/gone.go", edit: { kind: "declare", text: "" }, why: "a test" }] }]), /sync\/gone\.go of Go 1\.26\.8.*there is no such file/);
    assert.match(messageOf([added("sync/cond.go")]), /sync\/cond\.go.*the file exists already/);
    assert.equal(messageOf([added("sync/cond.go", true)]), "ok");
    assert.match(messageOf([added("sync/unpark.go"), added("sync/unpark.go")]), /another patch changes or adds this file/);
  });

  it("merges the user's own overlay, since Go takes one alone", () => {
    const made = makeOverlay(target, [wait], { ...options, userReplace: { "/src/mine.go": "/over/mine.go" } });
    assert.ok(made.ok);
    assert.match(readFileSync(made.value.path, "utf8"), /"\/src\/mine\.go": "\/over\/mine\.go"/);
  });
});
