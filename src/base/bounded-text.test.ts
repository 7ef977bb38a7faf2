import assert from "node:assert/strict";
import { test } from "node:test";
import { BoundedText } from "./bounded-text.js";

test("short text stays as it is, long text keeps its beginning and its end, however it comes", () => {
  for (const size of [1, 3, 7, 1000]) {
    const text = "0123456789".repeat(30);
    const bounded = new BoundedText(10);
    for (let at = 0; at < text.length; at += size) bounded.add(text.slice(at, at + size));
    assert.equal(String(bounded), "0123456789\n[280 characters left out]\n0123456789", `${size}`);
    const short = new BoundedText(150);
    for (let at = 0; at < text.length; at += size) short.add(text.slice(at, at + size));
    assert.equal(String(short), text);
  }
});

test("a gigabyte of text takes no more than its ends", () => {
  const bounded = new BoundedText();
  const piece = "x".repeat(1 << 20);
  for (let i = 0; i < 1024; i++) bounded.add(piece);
  assert.ok(String(bounded).length < 3 * (1 << 16));
});
