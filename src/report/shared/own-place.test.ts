import assert from "node:assert/strict";
import { test } from "node:test";
import { ownPlace } from "./own-place.js";

const at = (file: string, line: number) => ({ function: "f", file, line, reason: "select" });
const own = at("/repo/a.go", 1);
const started = at("/repo/b.go", 2);
const called = at("/repo/c.go", 3);
const gos = at("/usr/local/go/src/net/http/transport.go", 4);

test("a repository is shown the first of its own lines: of the wait, the go statement, the call", () => {
  const shown = (one: Parameters<typeof ownPlace>[0], folder?: string): string => {
    const { file, line, what } = ownPlace(one, folder);
    return `${file}:${line}${what === undefined ? "" : ` ${what}`}`;
  };
  assert.deepEqual(
    [
      shown({ blocked: own, createdBy: started, calledFrom: called }, "/repo"),
      shown({ blocked: gos, createdBy: started, calledFrom: called }, "/repo"),
      shown({ blocked: gos, createdBy: gos, calledFrom: called }, "/repo"),
      shown({ blocked: gos, createdBy: gos }, "/repo"),
      shown({ blocked: gos, createdBy: started }),
    ],
    ["/repo/a.go:1", "/repo/b.go:2 started here", "/repo/c.go:3 this call led to the go statement", `${gos.file}:4`, `${gos.file}:4`],
  );
});
