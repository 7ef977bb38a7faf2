import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Prng } from "../../../base/prng.js";
import { goroutineName, nanos } from "../../../model/ids.js";
import type { Pending } from "../../../model/run/program.js";
import { newGoroutine, type GuestGoroutine } from "../../guest/guest-goroutine.js";
import { PendingList } from "./pending-list.js";

const CLOCK: Pending = { goroutine: undefined, op: "clock", accesses: [], alternatives: [{ kind: "clock" }], time: nanos(1n) };

function told({ name }: GuestGoroutine, able: boolean): Pending {
  return { goroutine: name, op: "lock", accesses: [], alternatives: able ? [{ kind: "go", goroutine: name }] : [] };
}

const entryOf = (goroutine: GuestGoroutine): Pending => goroutine.told!;
const started = (index: number): GuestGoroutine => newGoroutine(goroutineName(`1.${index + 1}`), 8 * index, index, undefined, 0);

/** What the list is to be, by looking at everybody. */
const anew = (goroutines: readonly GuestGoroutine[], clock: Pending | undefined): readonly Pending[] => [
  ...goroutines.flatMap((one) => (one.phase === "stopped" ? [one.told!] : [])),
  ...(clock ? [clock] : []),
];

/** One goroutine starts, stops, goes on, is over, or is told something else where it stands. */
function change(random: Prng, goroutines: GuestGoroutine[], list: PendingList): void {
  const which = random.below(goroutines.length + 1);
  if (which === goroutines.length) goroutines.push(started(which));
  const goroutine = goroutines[which]!;
  const stays = goroutine.phase === "stopped" && random.below(2) === 0;
  if (!stays) goroutine.phase = random.below(4) > 0 ? "stopped" : "running";
  goroutine.told = told(goroutine, random.below(3) === 0);
  if (stays) list.noteTold(goroutine);
  else list.note(goroutine);
}

describe("the list that is kept from step to step", () => {
  it("is what looking at everybody gives, whatever has changed (L1)", () => {
    for (let seed = 1; seed <= 200; seed++) {
      const random = new Prng(seed);
      const list = new PendingList();
      const goroutines = Array.from({ length: random.below(60) }, (_, index) => started(index));
      for (let step = 0; step < 60; step++) {
        for (let changes = random.below(random.below(10) === 0 ? 40 : 4); changes >= 0; changes--) change(random, goroutines, list);
        if (random.below(20) === 0) list.forget();
        const clock = random.below(2) === 0 ? CLOCK : undefined;
        list.bringUpToDate({ goroutines, entryOf }, clock);
        const now = anew(goroutines, clock);
        // Not asked for after each step: then they are kept from before, or filled anew.
        for (let asked = random.below(3); asked > 0; asked--) assert.deepEqual(list.entries({ goroutines }), now, `seed ${seed}, step ${step}`);
        if (random.below(3) > 0) assert.deepEqual(list.ableEntries({ goroutines }), now.filter(({ alternatives }) => alternatives.length > 0), `seed ${seed}, step ${step}`);
        assert.equal(list.able, now.some(({ op, alternatives }) => op !== "clock" && alternatives.length > 0), `seed ${seed}, step ${step}`);
      }
    }
  });

  it("looks at everybody only where more than one in eight have changed", () => {
    const list = new PendingList();
    const goroutines = Array.from({ length: 100 }, (_, index) => started(index));
    for (const one of goroutines) Object.assign(one, { phase: "stopped", told: told(one, true) });
    let looks = 0;
    const all = {
      entryOf,
      get goroutines() {
        looks++;
        return goroutines;
      },
    };
    list.bringUpToDate(all, undefined);
    assert.equal(looks, 1);
    for (let n = 0; n < 12; n++) list.note(goroutines[n]!);
    list.bringUpToDate(all, undefined);
    assert.equal(looks, 1);
    for (let n = 0; n < 13; n++) list.note(goroutines[n]!);
    list.bringUpToDate(all, undefined);
    assert.equal(looks, 2);
  });
});
