import assert from "node:assert/strict";
import { test } from "node:test";
import { packageOf, shortSymbol } from "./frames.js";

test("a symbol's package, and its name as the source says it", () => {
  const rows: readonly (readonly [symbol: string, path: string, short: string])[] = [
    ["main.main", "main", "main.main"],
    ["main.(*store).add", "main", "main.(*store).add"],
    ["net/http.(*conn).serve", "net/http", "http.(*conn).serve"],
    ["example.com/shop/cart.(*Cart).Add.func1", "example.com/shop/cart", "cart.(*Cart).Add.func1"],
    ["gopkg.in/yaml%2ev3.Load", "gopkg.in/yaml.v3", "yaml%2ev3.Load"],
    ["example.com/q.Map[go.shape.int]", "example.com/q", "q.Map[go.shape.int]"],
    ["example.com/q.Map[example.com/r.T]", "example.com/q", "q.Map[example.com/r.T]"],
  ];
  for (const [symbol, path, short] of rows) {
    assert.equal(packageOf(symbol), path);
    assert.equal(shortSymbol(symbol), short);
  }
});
