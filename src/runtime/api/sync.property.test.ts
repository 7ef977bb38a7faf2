import assert from "node:assert/strict";
import { it } from "node:test";
import fc from "fast-check";
import { context, go, semaphore, sync } from "../../index.js";
import { settle } from "../testing/settle.js";

/**
 * Each kind of lock against a model in a few lines. Operations are started in a random order, each by a goroutine of its
 * own, with time for everything to settle in between: then each has either ended in both worlds, or waits in both.
 */
interface Model<Op> {
  /** What `op`, started as number `id`, does; `end` says who ends, and how. */
  apply(id: number, op: Op, end: (id: number, how: string) => void): void;
}

async function alike<Op>(ops: readonly Op[], model: Model<Op>, perform: (op: Op) => Promise<unknown>): Promise<void> {
  const expected: (readonly [number, string])[] = [];
  const got: (readonly [number, string])[] = [];
  for (const [id, op] of ops.entries()) {
    model.apply(id, op, (who, how) => void expected.push([who, how]));
    go(async () => {
      const how = await (async () => perform(op))().then(
        (value) => (typeof value === "boolean" ? String(value) : "done"),
        () => "fails",
      );
      got.push([id, how]);
    });
    await settle();
    assert.deepEqual([...got].sort(byNumber), [...expected].sort(byNumber), JSON.stringify(ops.slice(0, id + 1)));
  }
}
const byNumber = ([a]: readonly [number, string], [b]: readonly [number, string]): number => a - b;

const program = <const Op>(...ops: readonly Op[]): fc.Arbitrary<Op[]> => fc.array(fc.constantFrom<Op[]>(...ops), { maxLength: 24 });
const RUNS = { numRuns: 500 };

it("a mutex is a flag and a queue", async () => {
  await fc.assert(
    fc.asyncProperty(program("lock", "lock", "tryLock", "unlock", "unlock"), async (ops) => {
      const mu = new sync.Mutex();
      let held = false;
      const queue: number[] = [];
      const model: Model<(typeof ops)[number]> = {
        apply(id, op, end) {
          if (op === "tryLock") end(id, String(!held));
          if (op === "unlock") {
            end(id, held ? "done" : "fails");
            const next = queue.shift();
            if (next !== undefined) end(next, "done");
            else held = false;
          } else if (!held) {
            held = true;
            if (op === "lock") end(id, "done");
          } else if (op === "lock") queue.push(id);
        },
      };
      await alike(ops, model, (op) => mu[op]());
    }),
    RUNS,
  );
});

/** sync/rwmutex.go: whoever comes after a writer waits for it; the readers that waited for one go before the next. */
it("a RWMutex is one queue of writers, and readers who wait for the first of them", async () => {
  await fc.assert(
    fc.asyncProperty(program("lock", "rlock", "rlock", "unlock", "runlock", "tryLock", "tryRLock"), async (ops) => {
      const mu = new sync.RWMutex();
      let readers = 0;
      let inside = false;
      const writers: number[] = [];
      let waiting: number[] = [];
      const model: Model<(typeof ops)[number]> = {
        apply(id, op, end) {
          const writes = inside || writers.length > 0;
          const step = (fits: boolean, act: () => void): void => {
            end(id, op.startsWith("try") ? String(fits) : fits ? "done" : "fails");
            if (fits) act();
          };
          const nextWriter = (): void => {
            if (inside || readers > 0 || writers.length === 0) return;
            inside = true;
            end(writers.shift()!, "done");
          };
          if (op === "lock") writers.push(id);
          else if (op === "rlock" && writes) waiting.push(id);
          else if (op === "rlock" || op === "tryRLock") step(!writes, () => readers++);
          else if (op === "tryLock") step(!writes && readers === 0, () => (inside = true));
          else if (op === "runlock") step(readers > 0, () => readers--);
          else {
            step(inside, () => {
              inside = false;
              readers += waiting.length;
              for (const reader of waiting) end(reader, "done");
              waiting = [];
            });
          }
          nextWriter();
        },
      };
      await alike(ops, model, (op) => mu[op]());
    }),
    RUNS,
  );
});

it("a WaitGroup is a number, and who waits for its zero", async () => {
  await fc.assert(
    fc.asyncProperty(program<number | "wait">(1, 2, -1, -1, "wait"), async (ops) => {
      const wg = new sync.WaitGroup();
      let count = 0;
      let waiting: number[] = [];
      const model: Model<number | string> = {
        apply(id, op, end) {
          if (typeof op === "string") waiting.push(id);
          else if (count + op < 0) end(id, "fails");
          else {
            count += op;
            end(id, "done");
          }
          if (count > 0) return;
          for (const one of waiting) end(one, "done");
          waiting = [];
        },
      };
      await alike(ops, model, (op) => (typeof op === "number" ? wg.add(op) : wg.wait()));
    }),
    RUNS,
  );
});

it("a Cond is a queue of those who wait, with the lock taken again afterwards", async () => {
  await fc.assert(
    fc.asyncProperty(program("wait", "wait", "signal", "broadcast"), async (ops) => {
      const mu = new sync.Mutex();
      const cond = new sync.Cond(mu);
      const waiting: number[] = [];
      const model: Model<(typeof ops)[number]> = {
        apply(id, op, end) {
          if (op === "wait") return void waiting.push(id);
          end(id, "done");
          for (const one of waiting.splice(0, op === "signal" ? 1 : Infinity)) end(one, "done");
        },
      };
      await alike(ops, model, async (op) => {
        if (op !== "wait") return cond[op]();
        await mu.lock();
        await cond.wait();
        await mu.unlock();
      });
    }),
    RUNS,
  );
});

/** x/sync/semaphore: in order, so that a small request does not overtake a large one; one that leaves lets others by. */
it("a semaphore is a sum and a queue", async () => {
  const op = fc.oneof(
    fc.record({ op: fc.constantFrom("acquire" as const, "tryAcquire" as const, "release" as const), weight: fc.integer({ min: 1, max: 4 }) }),
    fc.record({ op: fc.constant("leave" as const), weight: fc.integer({ min: 1, max: 3 }) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(op, { maxLength: 24 }), async (ops) => {
      const size = 3;
      const sem = new semaphore.Weighted(size);
      const leaves: (() => Promise<void>)[] = [];
      let used = 0;
      const queue: { readonly id: number; readonly weight: number }[] = [];
      const contexts: number[] = [];
      const hopeless: number[] = [];
      const model: Model<(typeof ops)[number]> = {
        apply(id, { op: what, weight }, end) {
          const free = queue.length === 0 && used + weight <= size;
          const grant = (): void => {
            for (let first = queue[0]; first && used + first.weight <= size; first = queue[0]) {
              queue.shift();
              used += first.weight;
              end(first.id, "done");
            }
          };
          if (what === "tryAcquire") end(id, String(free));
          if (what === "tryAcquire" || what === "acquire") {
            if (what === "acquire") contexts.push(id);
            if (free) used += weight;
            if (what === "tryAcquire") return;
            if (free) end(id, "done");
            else if (weight <= size) queue.push({ id, weight });
            else hopeless.push(id);
          } else if (what === "release") {
            end(id, weight <= used ? "done" : "fails");
            if (weight <= used) used -= weight;
            grant();
          } else {
            end(id, "done");
            const who = contexts.shift();
            const at = queue.findIndex((request) => request.id === who);
            if (at >= 0) queue.splice(at, 1);
            if (at >= 0 || hopeless.includes(who ?? -1)) end(who!, "fails");
            grant();
          }
        },
      };
      await alike(ops, model, async ({ op: what, weight }) => {
        if (what === "leave") return leaves.shift()?.();
        if (what !== "acquire") return sem[what](weight);
        const [ctx, cancel] = context.withCancel(context.background());
        leaves.push(async () => void (await cancel()));
        return sem.acquire(weight, ctx);
      });
    }),
    RUNS,
  );
});
