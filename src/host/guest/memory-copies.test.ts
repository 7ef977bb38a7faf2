import assert from "node:assert/strict";
import { it } from "node:test";
import fc from "fast-check";
import { MAP, PAGE } from "./dirty-pages.js";
import { GuestMemory } from "./guest-memory.js";
import { MemoryCopies, type MemoryCopy } from "./memory-copies.js";

const FROM = MAP.at + MAP.entries + 100;
const USED = FROM + 5 * PAGE;
const SIZE = FROM + 12 * PAGE;

type Deed = { readonly kind: "note" } | { readonly kind: "save whole" } | { readonly kind: "write"; readonly at: number; readonly length: number; readonly value: number } | { readonly kind: "save" } | { readonly kind: "restore"; readonly which: number };

const deed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("write" as const), at: fc.integer({ min: FROM, max: SIZE - PAGE - 9 }), length: fc.oneof(fc.integer({ min: 1, max: 8 }), fc.constant(PAGE + 1)), value: fc.integer({ min: 1, max: 255 }) }) },
  { weight: 1, arbitrary: fc.constant({ kind: "save" as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: "save whole" as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: "note" as const }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("restore" as const), which: fc.nat(20) }) },
);

it("what is put back is what was saved, byte by byte, whatever was written in between", () => {
  fc.assert(
    fc.property(fc.array(deed, { maxLength: 40 }), (deeds) => {
      const memory = new GuestMemory({ buffer: new ArrayBuffer(SIZE) });
      const all = memory.all();
      for (let at = FROM; at < USED; at++) all[at] = at % 251;
      const copies = new MemoryCopies(memory);
      let used = USED;
      const save = (whole = false): { readonly copy: MemoryCopy; readonly bytes: Uint8Array; readonly used: number } => ({ copy: whole ? copies.saveWhole(FROM, used) : copies.save(FROM, used), bytes: all.slice(FROM), used });
      const saved = [save()];
      for (const one of deeds) {
        const restore = (which: number): void => {
          const wanted = saved[which % saved.length]!;
          copies.restore(wanted.copy, used);
          used = wanted.used;
          assert.deepEqual(Buffer.compare(all.subarray(FROM), wanted.bytes), 0);
        };
        if (one.kind === "save") saved.push(save());
        else if (one.kind === "save whole") saved.push(save(true));
        else if (one.kind === "note") {
          copies.note();
          restore(saved.length - 1);
        }
        else if (one.kind === "write") {
          // As a store does that is not aligned: only the page of its first byte is noted (W1); long ones are told.
          memory.mark(one.at, one.length > 8 ? one.length : 0);
          all.fill(one.value, one.at, one.at + one.length);
          used = Math.max(used, one.at + one.length);
        } else restore(one.which);
      }
    }),
    { numRuns: 500 * Number(process.env["UNPARK_EFFORT"] ?? 1), seed: 7 },
  );
});

it("a copy of a memory whose pages are noted holds those that were written, not the others", () => {
  const memory = new GuestMemory({ buffer: new ArrayBuffer(SIZE) });
  const copies = new MemoryCopies(memory);
  const first = copies.save(FROM, USED);
  assert.deepEqual([first.kind, first.bytes.length], ["whole", USED - FROM]);
  copies.note();
  copies.restore(first, USED);
  memory.setU32(FROM + 3 * PAGE, 7);
  memory.setU32(FROM + 3 * PAGE + 8, 7);
  const second = copies.save(FROM, USED);
  assert.deepEqual(second.kind === "pages" && second.pages, [((FROM + 3 * PAGE) / PAGE) >>> 0]);
});

it("what a store spilled over into the next page is kept, where that page is written later and put back", () => {
  const memory = new GuestMemory({ buffer: new ArrayBuffer(SIZE) });
  const all = memory.all();
  const copies = new MemoryCopies(memory);
  const first = copies.save(FROM, SIZE - PAGE);
  copies.note();
  copies.restore(first, USED);
  const border = (Math.ceil(FROM / PAGE) + 2) * PAGE;
  memory.mark(border - 3, 0);
  all.fill(9, border - 3, border + 5); // eight bytes, five of them in the next page
  const spilled = copies.save(FROM, USED);
  const wanted = all.slice();
  memory.mark(border + 100, 0);
  all.fill(7, border, border + 200);
  copies.restore(spilled, USED);
  assert.equal(Buffer.compare(all.subarray(FROM, USED), wanted.subarray(FROM, USED)), 0);
});
