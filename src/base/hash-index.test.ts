import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { HashIndex } from "./hash-index.js";

test("finds what a list of pairs finds, in the order in which it was added", () => {
  const hash = fc.oneof(fc.constantFrom(0, -1, 2 ** 31 - 1, -(2 ** 31)), fc.integer({ min: -4, max: 4 }), fc.integer().map((n) => n | 0));
  fc.assert(
    fc.property(fc.array(hash, { maxLength: 600 }), hash, fc.nat(5), (hashes, asked, divisor) => {
      const index = new HashIndex();
      hashes.forEach((one, number) => index.add(one, number));
      for (const one of [...hashes, asked]) {
        const passes = (number: number): boolean => number % (divisor + 1) === 0;
        assert.equal(index.find(one, passes), hashes.findIndex((other, number) => other === one && passes(number)));
      }
    }),
    { numRuns: 50 },
  );
});
