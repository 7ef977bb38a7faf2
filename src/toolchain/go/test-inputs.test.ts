import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { affectedBy, graphOf } from "./test-inputs.js";

/** b imports a; c's tests import b; d embeds; sub lies below a's folder. As `go list -deps -test` prints them. */
const package_ = (name: string, more: object = {}) => ({ ImportPath: `m/${name}`, Dir: `/m/${name}`, ...more });
const binary = (name: string, ...deps: readonly string[]) => ({ ImportPath: `m/${name}.test`, Deps: ["testing", `m/${name} [m/${name}.test]`, ...deps], ForTest: `m/${name}` });
const GRAPH = graphOf([
  { ImportPath: "testing", Dir: "/goroot/src/testing", Standard: true, DepOnly: true },
  package_("a"), binary("a"),
  package_("a/sub"), binary("a/sub"),
  package_("b"), binary("b", "m/a"), { ...package_("b"), ImportPath: "m/b [m/b.test]", ForTest: "m/b" },
  package_("c"), binary("c", "m/b", "m/a"), { ...package_("c"), ImportPath: "m/c_test [m/c.test]", ForTest: "m/c" },
  package_("d", { EmbedFiles: ["web/page.html"] }), binary("d"),
  package_("e"), binary("e", "m/d"),
  package_("untested"),
  package_("dep", { DepOnly: true }),
  package_("broken", { Error: { Err: "no such package" } }),
]);

describe("packages whose tests a change can reach", () => {
  it("are those with a test binary; what cannot be loaded stands apart", () => {
    assert.deepEqual(GRAPH.tested.map(({ importPath }) => importPath), ["m/a", "m/a/sub", "m/b", "m/c", "m/d", "m/e"]);
    assert.deepEqual(GRAPH.broken, ["m/broken"]);
  });

  for (const [file, reached] of [
    ["/m/a/a.go", "a b c"],
    ["/m/a/a.s", "a b c"],
    ["/m/a/gone.go", "a b c"],
    ["/m/a/a_test.go", "a"],
    ["/m/a/testdata/x.go", "a"], // the same name elsewhere is no source of the package
    ["/m/a/sub/s.go", "a/sub"],
    ["/m/a/sub/testdata/deep/f", "a/sub"],
    ["/m/b/b.go", "b c"],
    ["/m/c/x_test.go", "c"],
    ["/m/d/web/page.html", "d e"],
    ["/m/d/web/new.html", "d e"],
    ["/m/e/README.md", "e"],
    ["/m/untested/u.go", ""],
    ["/m/README.md", ""],
    ["/elsewhere/go.sum", "a a/sub b c d e"],
    ["/m/go.mod", "a a/sub b c d e"],
    ["/m/vendor/modules.txt", "a a/sub b c d e"],
  ] as const) {
    it(`${file}: ${reached || "none"}`, () => {
      assert.equal(affectedBy([file], GRAPH, (path) => path).map(({ importPath }) => importPath.slice(2)).join(" "), reached);
    });
  }
});
