import assert from "node:assert/strict";
import { test } from "node:test";
import { difference } from "../../diagnose/snapshot/difference.js";
import { nanos } from "../../model/ids.js";
import type { Snapshot } from "../../model/goroutine/snapshot.js";
import { differenceJson } from "./json.js";
import { differenceText } from "./text.js";

const MINUTE = 60_000_000_000n;
const taken = (source: string, minutes: bigint | undefined, counts: Readonly<Record<string, number>>): Snapshot => ({
  provenance: { source, how: "pprof", ...(minutes === undefined ? {} : { at: nanos(minutes * MINUTE) }) },
  goroutines: Object.entries(counts).map(([name, count]) => ({ count, state: "waiting", waitReason: "chan send", stack: [{ function: `main.${name}`, file: "/src/main.go", line: 7 }] })),
  losses: [],
});
const options = { colour: false, cwd: "/src", all: false };

test("what grows, shrinks and stays; where both times are known, what it comes to in an hour and a day", () => {
  const changed = difference(taken("a", 100n, { grows: 10, shrinks: 50, gone: 2, same: 1 }), taken("b", 110n, { grows: 30, shrinks: 10, fresh: 5, same: 1 }));
  // 20 more in 10 minutes: 2 a minute; 30 + 2*60, 30 + 2*1440. Less than none there cannot be: nothing is said of what shrinks.
  assert.equal(differenceText(changed, options), [
    "a → b: 63 → 46 goroutines (-17) in 10 min", "",
    "New", "       +5  0 → 5  chan send  main.fresh  main.go:7, +0.5 a minute: at this rate 35 in an hour, 725 in a day", "",
    "Grown", "      +20  10 → 30  chan send  main.grows  main.go:7, +2 a minute: at this rate 150 in an hour, 2,910 in a day", "",
    "Shrunk", "      -40  50 → 10  chan send  main.shrinks  main.go:7, -4 a minute", "",
    "Gone", "       -2  2 → 0  chan send  main.gone  main.go:7", "",
    "Same: 1 group", "",
  ].join("\n"));
  const { changes } = differenceJson(changed) as { changes: { change: string; rate?: { perMinute: number; inAnHour: number; inADay: number } }[] };
  assert.deepEqual(changes.find((c) => c.change === "grown")!.rate, { perMinute: 2, inAnHour: 150, inADay: 2910 });
  assert.deepEqual(changes.find((c) => c.change === "shrunk")!.rate, { perMinute: -4, inAnHour: 0, inADay: 0 });
});

test("no rate where a time is missing, or both are the same", () => {
  for (const at of [undefined, 100n]) {
    const text = differenceText(difference(taken("a", 100n, { f: 1 }), taken("b", at, { f: 2 })), options);
    assert.doesNotMatch(text, /minute|rate/);
  }
});
