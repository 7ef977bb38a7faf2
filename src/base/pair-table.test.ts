import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { PairTable } from "./pair-table.js";

test("each pair has one number, in the order of coming; as a Map of pairs has it", () => {
  const pair = fc.tuple(fc.integer({ min: 0, max: 300 }), fc.integer({ min: -1, max: 300 }));
  fc.assert(
    fc.property(fc.array(pair, { maxLength: 3000 }), (pairs) => {
      let bytes = 0;
      const table = new PairTable((more) => (bytes += more), 2);
      const known = new Map<string, number>();
      for (const [left, right] of pairs) {
        const expected = known.get(`${left} ${right}`) ?? known.size;
        known.set(`${left} ${right}`, expected);
        const id = table.id(left, right);
        assert.deepEqual([id, table.left(id), table.right(id), table.size], [expected, left, right, known.size]);
      }
      assert.ok(known.size <= 2 || bytes >= 8 * known.size, "what it grows by is told");
    }),
    { numRuns: 60 },
  );
});
