import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { GuestGoroutine } from "../../guest/guest-goroutine.js";
import { WakeTimes } from "./wake-times.js";

type Act = readonly ["add" | "leave" | "again", number, readonly number[]] | readonly ["next" | "move", number];
const one = fc.integer({ min: 0, max: 5 });
const times = fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 3 });
const act: fc.Arbitrary<Act> = fc.oneof(fc.tuple(fc.constantFrom("add" as const, "leave" as const, "again" as const), one, times), fc.tuple(fc.constant("next" as const), one), fc.tuple(fc.constant("move" as const), fc.integer({ min: 0, max: 9 })));

test("the next time of those that wait, and who is due: as by looking at all", () => {
  fc.assert(
    fc.property(fc.array(act, { maxLength: 80 }), (acts) => {
      const goroutines = Array.from({ length: 6 }, (_, index) => ({ index }) as GuestGoroutine);
      const wakes = new WakeTimes();
      const model = new Map<GuestGoroutine, readonly number[]>();
      let now = 0;
      const next = (): number => Math.min(Infinity, ...[...model.values()].flat().filter((when) => when > now));
      const asked = (): number => wakes.next(now, (goroutine) => model.get(goroutine)!);
      for (const [what, at, when = []] of acts) {
        const goroutine = goroutines[at % 6]!;
        if (what === "add" || what === "again") {
          const isKnown = model.has(goroutine);
          if (isKnown !== (what === "again")) continue;
          model.set(goroutine, when);
          if (isKnown) wakes.askAgain(goroutine);
          else wakes.add(goroutine);
        } else if (what === "leave") {
          model.delete(goroutine);
          wakes.leave(goroutine);
        } else if (what === "next") assert.equal(asked(), next());
        else {
          asked(); // the clock moves only behind a look at all
          const due = new Set<GuestGoroutine>();
          const before = now;
          now += at;
          wakes.takeDue(now, (each) => due.add(each));
          assert.deepEqual(due, new Set([...model].filter(([, all]) => all.some((time) => time > before && time <= now)).map(([each]) => each)));
        }
        assert.equal(wakes.size, model.size);
      }
    }),
    { numRuns: 2_000 },
  );
});
