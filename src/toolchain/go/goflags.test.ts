import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { splitGoFlags } from "./goflags.js";

describe("splitGoFlags", () => {
  for (const [given, goflags, overlay, dropped] of [
    ["", "", undefined, []],
    ["-mod=vendor -trimpath", "-mod=vendor", undefined, ["-trimpath"]],
    ["-race -buildmode=pie -tags=a,b", "-tags=a,b", undefined, ["-race", "-buildmode=pie"]],
    ["--overlay=mine.json -v", "-v", "mine.json", []],
    [`'-ldflags=-s -w -X main.v=1' -v`, `'-ldflags=-w -X main.v=1' -v`, undefined, []],
    [`"-ldflags=-X 'main.v=a b'"`, `"-ldflags=-X 'main.v=a b'"`, undefined, []],
  ] as const) {
    it(given === "" ? "takes none" : given, () => {
      assert.deepEqual(splitGoFlags(given), { given, goflags, overlay, dropped });
    });
  }
});
