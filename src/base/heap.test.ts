import assert from "node:assert/strict";
import { it } from "node:test";
import fc from "fast-check";
import { Deque } from "./deque.js";
import { Heap, type HeapItem } from "./heap.js";

it("a heap with removals gives what a sorted list gives", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 20 }), fc.boolean())), (commands) => {
      const heap = new Heap<HeapItem & { readonly key: number; readonly seq: number }>((a, b) => a.key < b.key || (a.key === b.key && a.seq < b.seq));
      const model: { key: number; seq: number; heapIndex: number }[] = [];
      commands.forEach(([key, adds], seq) => {
        if (adds || model.length === 0) {
          const item = { key, seq, heapIndex: -1 };
          heap.push(item);
          model.push(item);
        } else {
          const item = model.splice(key % model.length, 1)[0]!;
          assert.equal(heap.remove(item), true);
          assert.equal(heap.remove(item), false);
        }
      });
      model.sort((a, b) => a.key - b.key || a.seq - b.seq);
      for (const item of model) assert.equal(heap.pop(), item);
      assert.equal(heap.pop(), undefined);
    }),
  );
});

it("a deque is a list with a front and a back", () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.integer(), { nil: undefined })), (commands) => {
      const deque = new Deque<number>(1);
      const model: number[] = [];
      for (const value of commands) {
        if (value === undefined) assert.equal(deque.shift(), model.shift());
        else {
          deque.push(value);
          model.push(value);
        }
        assert.equal(deque.size, model.length);
      }
    }),
  );
});
