import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Prng } from "../../../base/prng.js";
import { goroutineName, nanos } from "../../../model/ids.js";
import type { Pending } from "../../../model/run/program.js";
import { KeptEntries } from "./kept-entries.js";

const CLOCK: Pending = { goroutine: undefined, op: "clock", accesses: [], alternatives: [{ kind: "clock" }], time: nanos(1n) };
const entry = (index: number): Pending => ({ goroutine: goroutineName(`1.${index}`), op: "lock", accesses: [], alternatives: [] });

describe("entries that are kept while somebody asks for them (E1, E2)", () => {
  it("are in order of creation, whoever comes and goes", () => {
    const random = new Prng(7);
    const kept = new KeptEntries();
    const all = new Map<number, Pending>();
    const inOrder = (): readonly Pending[] => [...all].sort(([a], [b]) => a - b).map(([, one]) => one);
    let fills = 0;
    for (let step = 0; step < 2_000; step++) {
      kept.begin();
      for (let changes = random.below(4); changes > 0; changes--) {
        const index = random.below(100);
        if (random.below(2) === 0) all.set(index, entry(index));
        else all.delete(index);
        if (kept.isKnown) kept.place(index, all.get(index));
      }
      if (random.below(5) === 0) continue;
      if (!kept.isKnown) {
        fills++;
        kept.fill();
        for (const [index, one] of [...all].sort(([a], [b]) => a - b)) kept.add(index, one);
        kept.filled();
      }
      const last = random.below(2) === 0 ? CLOCK : undefined;
      assert.deepEqual(kept.followedBy(last), [...inOrder(), ...(last ? [last] : [])]);
      assert.equal(kept.followedBy(last).length, all.size + (last ? 1 : 0), "asked for again");
    }
    assert.ok(fills > 100 && fills < 600, `${fills}: filled again only where nobody had asked in the step before`);
  });
});
