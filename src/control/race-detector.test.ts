import assert from "node:assert/strict";
import { describe, it, test } from "node:test";
import fc from "fast-check";
import { goroutineName, objectId } from "../model/ids.js";
import type { OpKind } from "../model/run/operation.js";
import { RaceDetector } from "./race-detector.js";

/** `1 starts 1.1`, `1 > 1.1 c` (they meet), `1 lock m`, `1 reads x`, `1 writes x`; one event a line. */
type Event =
  | { readonly kind: "starts"; readonly by: string; readonly child: string }
  | { readonly kind: "operation"; readonly by: readonly string[]; readonly op: OpKind; readonly object: number }
  | { readonly kind: "use"; readonly by: string; readonly address: number; readonly isWrite: boolean };

function eventsIn(text: string): readonly Event[] {
  const numbers = new Map<string, number>();
  const number = (word: string): number => numbers.get(word) ?? numbers.set(word, numbers.size + 1).get(word)!;
  return text.trim().split("\n").map((line): Event => {
    const [by = "", verb = "", what = "", more = ""] = line.trim().split(/\s+/);
    if (verb === "starts") return { kind: "starts", by, child: what };
    if (verb === ">") return { kind: "operation", by: [by, what], op: "send", object: number(more) };
    if (verb === "reads" || verb === "writes") return { kind: "use", by, address: number(what), isWrite: verb === "writes" };
    return { kind: "operation", by: [by], op: verb as OpKind, object: number(what) };
  });
}

/** Pairs of event numbers, the earlier first. */
function racesIn(events: readonly Event[]): readonly string[] {
  const detector = new RaceDetector<number>();
  events.forEach((event, index) => {
    if (event.kind === "starts") detector.started(goroutineName(event.by), goroutineName(event.child));
    else if (event.kind === "operation") detector.operation(event.by.map(goroutineName), [{ object: objectId(event.object), op: event.op }]);
    else detector.use(goroutineName(event.by), event.address, event.isWrite, index);
  });
  return detector.races.map(({ write, other }) => [write, other].sort((a, b) => a - b).join("-"));
}

const TABLE: readonly (readonly [name: string, run: string, races: readonly string[]])[] = [
  ["nothing between two writes", "1 starts 1.1\n1 writes x\n1.1 writes x", ["1-2"]],
  ["two reads", "1 starts 1.1\n1 reads x\n1.1 reads x", []],
  ["R1 before the go statement", "1 writes x\n1 starts 1.1\n1.1 reads x", []],
  ["R1 after it", "1 starts 1.1\n1 writes x\n1.1 reads x", ["1-2"]],
  ["R1 a grandchild", "1 writes x\n1 starts 1.1\n1.1 starts 1.1.1\n1.1.1 writes x", []],
  ["R2 unlock and lock", "1 starts 1.1\n1 lock m\n1 writes x\n1 unlock m\n1.1 lock m\n1.1 writes x", []],
  ["R2 another lock", "1 starts 1.1\n1 lock m\n1 writes x\n1 unlock m\n1.1 lock n\n1.1 writes x", ["2-5"]],
  ["R2 what is done after the unlock", "1 starts 1.1\n1 lock m\n1 unlock m\n1 writes x\n1.1 lock m\n1.1 writes x", ["3-5"]],
  ["R2 a store that publishes", "1 starts 1.1\n1 writes x\n1 store f\n1.1 load f\n1.1 reads x", []],
  ["R2 two loads put nothing in order", "1 starts 1.1\n1 writes x\n1 load f\n1.1 load f\n1.1 reads x", ["1-4"]],
  ["R2 a store after a load", "1 starts 1.1\n1 reads x\n1 load f\n1.1 store f\n1.1 writes x", []],
  ["R2 a meeting orders both ways", "1 starts 1.1\n1 writes x\n1.1 writes y\n1 > 1.1 c\n1 reads y\n1.1 reads x", []],
  ["R3 all reads since the last write", "1 starts 1.1\n1 starts 1.2\n1.1 reads x\n1.2 reads x\n1 writes x", ["2-4", "3-4"]],
];

describe("races of a run", () => {
  for (const [name, run, races] of TABLE) it(name, () => assert.deepEqual(racesIn(eventsIn(run)), races));
});

/** Pairs of uses that no path of edges connects: each goroutine's own order, the start of another, operations on one object. */
function unorderedIn(events: readonly Event[]): ReadonlySet<string> {
  const after = events.map(() => new Set<number>());
  const who = (event: Event): readonly string[] => (event.kind === "operation" ? event.by : [event.by]);
  const joined = (earlier: Event, later: Event): boolean => {
    if (who(earlier).some((one) => who(later).includes(one))) return true;
    if (earlier.kind === "starts" && who(later).some((one) => one === earlier.child)) return true;
    return earlier.kind === "operation" && later.kind === "operation" && earlier.object === later.object && (earlier.op !== "load" || later.op !== "load");
  };
  events.forEach((later, j) => {
    for (let i = 0; i < j; i++) if (joined(events[i]!, later)) for (const k of [i, ...after[i]!]) after[j]!.add(k);
  });
  const found = new Set<string>();
  events.forEach((later, j) => {
    events.slice(0, j).forEach((earlier, i) => {
      if (later.kind !== "use" || earlier.kind !== "use" || later.address !== earlier.address || !(later.isWrite || earlier.isWrite)) return;
      if (!after[j]!.has(i)) found.add(`${i}-${j}`);
    });
  });
  return found;
}

const NAMES = ["1", "1.1", "1.2"] as const;
const event = fc.oneof(
  fc.record({ kind: fc.constant("operation" as const), by: fc.constantFrom<readonly string[]>(["1"], ["1.1"], ["1.2"], ["1", "1.1"], ["1.1", "1.2"]), op: fc.constantFrom<OpKind>("lock", "load", "store"), object: fc.integer({ min: 1, max: 2 }) }),
  fc.record({ kind: fc.constant("use" as const), by: fc.constantFrom(...NAMES), address: fc.integer({ min: 1, max: 2 }), isWrite: fc.boolean() }),
);

test("each race that is found is one, and an address of which none is found has none: against all paths of edges", () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 14 }), (rest) => {
      const events: readonly Event[] = [{ kind: "starts", by: "1", child: "1.1" }, { kind: "starts", by: "1", child: "1.2" }, ...rest];
      const all = unorderedIn(events);
      const found = racesIn(events);
      for (const pair of found) assert.ok(all.has(pair), `${pair} is in order`);
      const addressOf = (pair: string): number => (events[Number(pair.split("-")[0])] as Event & { readonly kind: "use" }).address;
      assert.deepEqual(new Set(found.map(addressOf)), new Set([...all].map(addressOf)));
    }),
    { numRuns: 3_000 },
  );
});
