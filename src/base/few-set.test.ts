import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { FewSet } from "./few-set.js";
import { Prng } from "./prng.js";

describe("FewSet", () => {
  it("is a Set, whether it holds few or many", () => {
    for (let seed = 1; seed <= 50; seed++) {
      const random = new Prng(seed);
      const few = new FewSet<number>();
      const set = new Set<number>();
      for (let step = 0; step < 300; step++) {
        const one = random.below(step < 150 ? 30 : 6);
        if (random.below(50) === 0) [few, set].forEach((each) => each.clear());
        else if (random.below(2) === 0) [few, set].forEach((each) => each.add(one));
        else [few, set].forEach((each) => each.delete(one));
        const visited: number[] = [];
        few.forEach((each) => visited.push(each));
        assert.deepEqual([few.size, few.has(one), few.all(), visited], [set.size, set.has(one), [...set], [...set]], `seed ${seed}, step ${step}`);
      }
    }
  });
});
