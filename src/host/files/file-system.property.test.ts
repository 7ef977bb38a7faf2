import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import fc from "fast-check";
import { FileSystemGuest, type FileAnswer } from "../testing/file-system-guest.js";
import { FDFLAG, FILETYPE, OFLAG } from "../wasi/flags.js";

/**
 * The overlay against a model that is nothing but a map from paths to texts (`undefined`: a directory), copied whole
 * to save it. Random sequences of calls over a few short names, on real files, made ones and mixes, must answer alike,
 * and the whole trees must be alike in the end; the real folder must not have changed.
 */
const host = mkdtempSync(join(tmpdir(), "unpark-fs-model-"));
after(() => rmSync(host, { recursive: true, force: true }));
mkdirSync(join(host, "a/b"), { recursive: true });
writeFileSync(join(host, "a/c"), "real c");
writeFileSync(join(host, "a/b/c"), "real bc");
writeFileSync(join(host, "b"), "real b");

type Model = Map<string, string | undefined>;
const INITIAL: Model = new Map([
  ["m", undefined],
  ["m/a", undefined],
  ["m/a/b", undefined],
  ["m/a/c", "real c"],
  ["m/a/b/c", "real bc"],
  ["m/b", "real b"],
]);

const above = (path: string): string => path.slice(0, path.lastIndexOf("/"));
const below = (model: Model, path: string): string[] => [...model.keys()].filter((key) => key.startsWith(`${path}/`));
const isDirectory = (model: Model, path: string): boolean => model.has(path) && model.get(path) === undefined;

/** What walking to a path's parent answers: undefined where it is a directory. */
function obstacle(model: Model, path: string): "ENOENT" | "ENOTDIR" | undefined {
  const parts = above(path).split("/");
  for (let i = 1; i <= parts.length; i++) {
    const step = parts.slice(0, i).join("/");
    if (!model.has(step)) return "ENOENT";
    if (!isDirectory(model, step)) return "ENOTDIR";
  }
  return undefined;
}

type Call =
  | { readonly call: "write" | "append"; readonly path: string; readonly text: string }
  | { readonly call: "mkdir" | "rmdir" | "unlink" | "read"; readonly path: string }
  | { readonly call: "truncate"; readonly path: string; readonly size: number }
  | { readonly call: "rename"; readonly path: string; readonly to: string }
  | { readonly call: "save" }
  | { readonly call: "restore"; readonly which: number };

function onModel(model: Model, step: Exclude<Call, { call: "save" | "restore" }>): FileAnswer<string | number> {
  const { path } = step;
  const blocked = obstacle(model, path);
  if (blocked) return blocked;
  const found = model.has(path);
  const directory = isDirectory(model, path);
  switch (step.call) {
    case "write":
    case "append":
      if (directory) return "EISDIR";
      model.set(path, (step.call === "append" ? (model.get(path) ?? "") : "") + step.text);
      return step.text.length;
    case "read":
      return found ? (directory ? "EISDIR" : model.get(path)!) : "ENOENT";
    case "truncate":
      if (!found) return "ENOENT";
      if (directory) return "EISDIR";
      model.set(path, model.get(path)!.slice(0, step.size).padEnd(step.size, "\0"));
      return 0;
    case "mkdir":
      if (found) return "EEXIST";
      model.set(path, undefined);
      return 0;
    case "rmdir":
      if (!found) return "ENOENT";
      if (!directory) return "ENOTDIR";
      if (below(model, path).length > 0) return "ENOTEMPTY";
      model.delete(path);
      return 0;
    case "unlink":
      if (!found) return "ENOENT";
      if (directory) return "EISDIR";
      model.delete(path);
      return 0;
    case "rename":
      return renameInModel(model, path, step.to);
  }
}

function renameInModel(model: Model, from: string, to: string): FileAnswer<number> {
  const blocked = obstacle(model, to);
  if (blocked) return blocked;
  if (!model.has(from)) return "ENOENT";
  if (from === to) return 0;
  if (isDirectory(model, from)) {
    if (to.startsWith(`${from}/`)) return "EINVAL";
    if (model.has(to) && !isDirectory(model, to)) return "ENOTDIR";
    if (below(model, to).length > 0) return "ENOTEMPTY";
  } else if (isDirectory(model, to)) return "EISDIR";
  const moved = [from, ...below(model, from)].map((key) => [to + key.slice(from.length), model.get(key)] as const);
  for (const key of [from, ...below(model, from)]) model.delete(key);
  for (const [key, value] of moved) model.set(key, value);
  return 0;
}

function onGuest(guest: FileSystemGuest, step: Exclude<Call, { call: "save" | "restore" }>): FileAnswer<string | number> {
  switch (step.call) {
    case "write":
      return guest.writeFile(step.path, step.text);
    case "append":
      return withOpen(guest, guest.open(step.path, OFLAG.CREATE, "w", FDFLAG.APPEND), (fd) => guest.write(fd, step.text));
    case "truncate":
      return withOpen(guest, guest.open(step.path, 0, "w"), (fd) => guest.truncate(fd, step.size));
    case "read":
      return guest.readFile(step.path);
    case "rename":
      return guest.rename(step.path, step.to);
    case "mkdir":
    case "rmdir":
    case "unlink":
      return guest[step.call](step.path);
  }
}

function withOpen<T>(guest: FileSystemGuest, fd: FileAnswer<number>, body: (fd: number) => FileAnswer<T>): FileAnswer<T> {
  if (typeof fd === "string") return fd;
  const answer = body(fd);
  guest.close(fd);
  return answer;
}

function treeOf(guest: FileSystemGuest, path: string, into: Model = new Map()): Model {
  for (const name of guest.list(path)) {
    const inner = `${path}/${name}`;
    const stat = guest.stat(inner, false);
    if (typeof stat === "string") assert.fail(`${inner}: ${stat}`);
    if (stat.type === FILETYPE.DIRECTORY) treeOf(guest, inner, into.set(inner, undefined));
    else {
      const text = guest.readFile(inner);
      assert.equal(stat.size, text.length);
      into.set(inner, text);
    }
  }
  return into;
}

const sorted = (model: Model): (readonly [string, string | undefined])[] =>
  [...model].sort(([a], [b]) => (a < b ? -1 : 1));

const path = fc
  .array(fc.constantFrom("a", "b", "c"), { minLength: 1, maxLength: 3 })
  .map((names) => ["m", ...names].join("/"));
const text = fc.constantFrom("", "x", "longer text");
const call: fc.Arbitrary<Call> = fc.oneof(
  fc.record({ call: fc.constantFrom("write" as const, "append" as const), path, text }),
  fc.record({ call: fc.constantFrom("mkdir" as const, "rmdir" as const, "unlink" as const, "read" as const), path }),
  fc.record({ call: fc.constant("truncate" as const), path, size: fc.nat(12) }),
  fc.record({ call: fc.constant("rename" as const), path, to: path }),
  fc.constant({ call: "save" as const }),
  fc.record({ call: fc.constant("restore" as const), which: fc.nat(3) }),
);

test("answers, trees and restored states are those of a plain map; the real folder stays as it was", () => {
  fc.assert(
    fc.property(fc.array(call, { maxLength: 60 }), (calls) => {
      const guest = new FileSystemGuest({ mounts: [{ at: "/m", from: host }] });
      let model = new Map(INITIAL);
      const saved = [{ state: guest.files.save(), model: new Map(model) }];
      for (const step of calls) {
        if (step.call === "save") saved.push({ state: guest.files.save(), model: new Map(model) });
        else if (step.call === "restore") {
          const chosen = saved[step.which % saved.length]!;
          guest.files.restore(chosen.state);
          model = new Map(chosen.model);
        } else assert.equal(onGuest(guest, step), onModel(model, step), JSON.stringify(step));
      }
      for (const last of [{ state: guest.files.save(), model }, ...saved]) {
        guest.files.restore(last.state);
        assert.deepEqual(sorted(treeOf(guest, "m")), sorted(new Map(last.model)).slice(1));
      }
    }),
    { numRuns: 400 },
  );
  assert.deepEqual(readdirSync(host, { recursive: true }).sort(), ["a", "a/b", "a/b/c", "a/c", "b"]);
  assert.deepEqual(
    ["a/b/c", "a/c", "b"].map((name) => readFileSync(join(host, name), "utf8")),
    ["real bc", "real c", "real b"],
  );
});
