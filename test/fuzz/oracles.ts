import { strict as assert } from "node:assert";
import { spellOut, spellOutLines } from "../../src/base/spell-out.js";

/** What no answer of a parser's may hold: a number that is none, as JSON would write null for it. */
export function numbersAreSome(value: unknown): void {
  JSON.stringify(value, (key, one: unknown) => {
    if (typeof one === "number" && !Number.isFinite(one)) throw new Error(`'${key}' is no number`);
    return typeof one === "bigint" ? String(one) : one;
  });
}

/** A sentence or a name as it may stand in one line of output: nothing that a terminal obeys. */
export function isShown(text: string): void {
  assert.equal(text, spellOut(text));
}

/** The same of a whole text. */
export function areShown(text: string): void {
  assert.equal(text, spellOutLines(text));
  const forged = text.split("\n").find((line) => /^[\s\ufeff]*::/.test(line) || line.includes("##["));
  assert.equal(forged, undefined, "a line that CI obeys");
}

/** JSON that a program reads: control characters are escaped there. */
export function isJson(text: string): void {
  JSON.parse(text);
  assert.ok(!/[\u0000-\u0009\u000b-\u001f]/.test(text), "a raw control character in JSON");
}

export function within(milliseconds: number, what: () => void): void {
  const begin = process.cpuUsage();
  what();
  const { user, system } = process.cpuUsage(begin);
  assert.ok(user + system < milliseconds * 1000, `${Math.round((user + system) / 1000)} ms`);
}
