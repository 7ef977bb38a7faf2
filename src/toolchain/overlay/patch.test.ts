import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Edit, Patch } from "./patch.js";
import { applyPatch } from "./patch.js";
import type { GoVersion } from "../go/go-version.js";
import { parseGoVersion } from "../go/go-version.js";

const go = (text: string): GoVersion => parseGoVersion(text) as GoVersion;
const SOURCE = `// Package demo has func one() { in a comment.
package demo

import (
	_ "unsafe"
	"sync"
)

func one() {
	if x := "}"; x != "" { // }
		return
	}
}

func empty() {}

func short() int { return '}' }

func asm(x int) interface{}

func wide(
	a map[string]struct{},
	b interface{ M() },
) (c struct{ d int }) {
	_ = \`
}
\`
	return
}

func (m *Mutex) Lock() {
	lock(m)
}

func (m Mutex) Peek() interface{} {
	return nil
}

func (*Pointer[T]) Load() *T {
	lock(nil)
	lock(nil)
}

func Map[K comparable, V any](m map[K]V) {
}
`;

const apply = (fn: string | undefined, edit: Edit, rest: Partial<Patch> = {}, version = "1.26.8"): string => {
  const patch: Patch = { file: "demo/demo.go", ...(fn === undefined ? {} : { function: fn }), edit, why: "a test", ...rest };
  const result = applyPatch(SOURCE, patch, go(version));
  return result.ok ? result.value : `error: ${result.error.message}`;
};

describe("applyPatch", () => {
  for (const [fn, before, after] of [
    ["one", "func one() {\n", "func one() { hook()\n"],
    ["empty", "func empty() {}", "func empty() { hook();}"],
    ["short", "func short() int { return", "func short() int { hook(); return"],
    ["wide", ") (c struct{ d int }) {\n", ") (c struct{ d int }) { hook()\n"],
    ["(*Mutex).Lock", "func (m *Mutex) Lock() {\n", "func (m *Mutex) Lock() { hook()\n"],
    ["Mutex.Peek", "func (m Mutex) Peek() interface{} {\n", "func (m Mutex) Peek() interface{} { hook()\n"],
    ["(*Pointer).Load", "func (*Pointer[T]) Load() *T {\n", "func (*Pointer[T]) Load() *T { hook()\n"],
    ["Map", "func Map[K comparable, V any](m map[K]V) {\n", "func Map[K comparable, V any](m map[K]V) { hook()\n"],
  ] as const) {
    it(`enters ${fn} without moving a line`, () => {
      assert.equal(apply(fn, { kind: "enter", text: "hook()" }), SOURCE.replace(before, after));
    });
  }

  it("confines a replacement to the function", () => {
    assert.equal(
      apply("(*Mutex).Lock", { kind: "replace", old: "lock(m)", new: "relock(m)" }),
      SOURCE.replace("lock(m)", "relock(m)"),
    );
    assert.match(apply("one", { kind: "replace", old: "lock(m)", new: "" }), /the text "lock\(m\)" is not there/);
    // The function's text ends at its own brace, not at one in a string: "return" is in `wide` once.
    assert.match(apply("wide", { kind: "replace", old: "\treturn\n}", new: "\tgone()\n}" }), /gone\(\)\n}\n\nfunc \(m \*Mutex\)/);
  });

  it("replaces all only where asked to", () => {
    const edit = { old: "lock(nil)", new: "x()" };
    assert.match(apply("(*Pointer).Load", { kind: "replace", ...edit }), /the text "lock\(nil\)" is there 2 times/);
    assert.equal(apply("(*Pointer).Load", { kind: "replace-all", ...edit }), SOURCE.replaceAll("lock(nil)", "x()"));
  });

  it("takes $ in a replacement as it is", () => {
    assert.match(apply("one", { kind: "replace", old: "return", new: "$&" }), /\$&/);
  });

  it("adds an import unless it is there under its own name", () => {
    assert.equal(apply(undefined, { kind: "import", path: "sync" }), SOURCE);
    assert.equal(apply(undefined, { kind: "import", path: "unsafe" }), SOURCE.replace("package demo\n", 'package demo; import "unsafe"\n'));
  });

  it("appends declarations", () => {
    assert.ok(apply(undefined, { kind: "declare", text: "func hook()\n" }).endsWith("}\n\nfunc hook()\n"));
  });

  it("says what is missing, where and in which Go", () => {
    assert.equal(
      apply("two", { kind: "enter", text: "hook()" }, {}, "1.27.0"),
      "error: cannot prepare GOROOT/src/demo/demo.go of Go 1.27.0 for a test: function two is not in the file. " +
        "This Go version differs from those that Unpark knows; use another (GOTOOLCHAIN=go1.26.8) or report it.",
    );
    assert.match(apply("asm", { kind: "enter", text: "hook()" }), /has no body/);
    assert.match(apply("Mutex.Lock", { kind: "enter", text: "hook()" }), /function Mutex.Lock is not in the file/);
    assert.match(apply("(*Mutex).Peek", { kind: "enter", text: "hook()" }), /is not in the file/);
  });

  it("leaves other versions alone", () => {
    const edit = { kind: "enter", text: "hook()" } as const;
    for (const [range, version, applies] of [
      [{ since: "1.25" }, "1.24.10", false],
      [{ since: "1.25" }, "1.25.0", true],
      [{ since: "1.25" }, "1.25rc2", true],
      [{ since: "1.25.4" }, "1.25.3", false],
      [{ before: "1.25" }, "1.24.10", true],
      [{ before: "1.25" }, "1.25rc1", false],
      [{ before: "1.25" }, "1.25.0", false],
      [{ since: "1.24", before: "1.27" }, "1.26.8", true],
    ] as const) {
      assert.equal(apply("one", edit, range, version) !== SOURCE, applies, JSON.stringify([range, version]));
    }
  });
});
