import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { LayeredMap } from "./layered-map.js";
import { Prng } from "./prng.js";

describe("LayeredMap", () => {
  it("is a Map that can be saved and put back, whatever is set afterwards", () => {
    const random = new Prng(3);
    const layered = new LayeredMap<number, number>();
    let map = new Map<number, number>();
    const saved: (readonly [ReadonlyMap<number, number>, ReadonlyMap<number, number>])[] = [];
    for (let step = 0; step < 3_000; step++) {
      const key = random.below(20);
      layered.set(key, step);
      map.set(key, step);
      if (random.below(20) === 0) saved.push([layered.save(), new Map(map)]);
      if (random.below(20) === 0 && saved.length > 0) {
        const [layers, copy] = saved[random.below(saved.length)]!;
        layered.restore(layers);
        map = new Map(copy);
      }
      assert.deepEqual([layered.get(key), layered.get(key + 1)], [map.get(key), map.get(key + 1)]);
      assert.deepEqual([...layered.keys()], [...map.keys()]);
    }
    for (const [layers, copy] of saved) assert.deepEqual(layers, copy);
  });
});
