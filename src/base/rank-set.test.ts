import assert from "node:assert/strict";
import { it } from "node:test";
import fc from "fast-check";
import { RankSet } from "./rank-set.js";

it("tells each member by its place in order, whatever came and went, as a sorted list does", () => {
  const acts = fc.array(fc.tuple(fc.constantFrom("add", "delete", "clear"), fc.nat(300)).filter(([act, n]) => act !== "clear" || n < 20));
  fc.assert(
    fc.property(acts, (all) => {
      const set = new RankSet();
      let model: number[] = [];
      for (const [act, n] of all) {
        if (act === "add") {
          set.add(n);
          model = [...new Set([...model, n])].sort((a, b) => a - b);
        } else if (act === "delete") {
          set.delete(n);
          model = model.filter((one) => one !== n);
        } else {
          set.clear();
          model = [];
        }
        assert.deepEqual([set.size, model.map((_, rank) => set.at(rank)), set.has(n)], [model.length, model, model.includes(n)]);
      }
    }),
  );
});
