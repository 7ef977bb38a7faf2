import assert from "node:assert/strict";
import { it } from "node:test";
import fc from "fast-check";
import { Chan, go, otherwise, recv, select, send, SendOnClosedChannel } from "../../index.js";
import { settle } from "../testing/settle.js";

/**
 * The model: a channel is a queue and two waiting lists (Go specification, "Channel types"). Operations are started in
 * a random order, each by a goroutine of its own, with time for everything to settle in between; then each has either
 * come to the same result as in the model, or waits in both.
 */
type Op =
  | { readonly op: "send"; readonly value: number }
  | { readonly op: "recv" | "close" | "poll" }
  | { readonly op: "offer"; readonly value: number };

class Model {
  readonly #capacity: number;
  readonly #queue: number[] = [];
  readonly #senders: { readonly id: number; readonly value: number }[] = [];
  readonly #receivers: number[] = [];
  #closed = false;
  readonly results = new Map<number, string>();

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  apply(id: number, op: Op): void {
    switch (op.op) {
      case "send":
        if (!this.#send(id, op.value)) this.#senders.push({ id, value: op.value });
        break;
      case "offer":
        if (!this.#send(id, op.value)) this.results.set(id, "default");
        break;
      case "recv":
        if (!this.#receive(id)) this.#receivers.push(id);
        break;
      case "poll":
        if (!this.#receive(id)) this.results.set(id, "default");
        break;
      case "close":
        this.#close(id);
    }
  }

  #send(id: number, value: number): boolean {
    if (this.#closed) this.results.set(id, "panic");
    else if (this.#receivers.length > 0) {
      this.results.set(this.#receivers.shift()!, `got ${value}`);
      this.results.set(id, "sent");
    } else if (this.#queue.length < this.#capacity) {
      this.#queue.push(value);
      this.results.set(id, "sent");
    } else return false;
    return true;
  }

  #receive(id: number): boolean {
    if (this.#queue.length > 0) {
      this.results.set(id, `got ${this.#queue.shift()}`);
      const sender = this.#senders.shift();
      if (sender) {
        this.#queue.push(sender.value);
        this.results.set(sender.id, "sent");
      }
    } else if (this.#senders.length > 0) {
      const sender = this.#senders.shift()!;
      this.results.set(id, `got ${sender.value}`);
      this.results.set(sender.id, "sent");
    } else if (this.#closed) this.results.set(id, "closed");
    else return false;
    return true;
  }

  #close(id: number): void {
    this.results.set(id, this.#closed ? "panic" : "done");
    if (this.#closed) return;
    this.#closed = true;
    for (const receiver of this.#receivers.splice(0)) this.results.set(receiver, "closed");
    for (const sender of this.#senders.splice(0)) this.results.set(sender.id, "panic");
  }
}

async function perform(ch: Chan<number>, op: Op): Promise<string> {
  switch (op.op) {
    case "send":
      await ch.send(op.value);
      return "sent";
    case "recv": {
      const [value, ok] = await ch.recvOk();
      return ok ? `got ${value}` : "closed";
    }
    case "offer":
      return (await select(send(ch, op.value), otherwise)).index === 0 ? "sent" : "default";
    case "poll": {
      const got = await select(recv(ch), otherwise);
      return got.index === -1 ? "default" : got.ok ? `got ${got.value}` : "closed";
    }
    case "close":
      await ch.close();
      return "done";
  }
}

const op: fc.Arbitrary<Op> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ op: fc.constant("send" as const), value: fc.nat(99) }) },
  { weight: 4, arbitrary: fc.constant({ op: "recv" as const }) },
  { weight: 1, arbitrary: fc.constant({ op: "close" as const }) },
  { weight: 1, arbitrary: fc.constant({ op: "poll" as const }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant("offer" as const), value: fc.nat(99) }) },
);

it("a channel does what a queue with two waiting lists does", async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(3), fc.array(op, { maxLength: 24 }), async (capacity, ops) => {
      const ch = new Chan<number>(capacity);
      const model = new Model(capacity);
      const results = new Map<number, string>();
      for (const [id, one] of ops.entries()) {
        model.apply(id, one);
        go(async () => {
          try {
            results.set(id, await perform(ch, one));
          } catch (error) {
            assert.ok(error instanceof Error);
            results.set(id, "panic");
          }
        });
        await settle();
        assert.deepEqual([...results].sort(([a], [b]) => a - b), [...model.results].sort(([a], [b]) => a - b));
      }
    }),
    { numRuns: 300 },
  );
});

it("a million operations by many goroutines: everything sent is received once, in each sender's order", async () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown): void => void unhandled.push(reason);
  process.on("unhandledRejection", note);
  const senders = 50;
  const each = 10_000;
  const channels = [new Chan<number>(), new Chan<number>(1), new Chan<number>(64)];
  const finished = new Chan<void>();
  const last = new Map<number, number>();
  let received = 0;
  for (let s = 0; s < senders; s++) {
    go(async () => {
      const ch = channels[s % 3]!;
      for (let i = 0; i < each; i++) await ch.send(s * each + i);
      await finished.send();
    });
  }
  const stop = new Chan<void>();
  const gone = new Chan<void>();
  go(async () => {
    for (;;) {
      const got = await select(recv(channels[0]), recv(channels[1]), recv(channels[2]), recv(stop));
      if (got.index === 3) break;
      const sender = Math.floor(got.value! / each);
      assert.ok((last.get(sender) ?? -1) < got.value!);
      last.set(sender, got.value!);
      received++;
    }
    await gone.close();
  });
  for (let s = 0; s < senders; s++) await finished.recv();
  while (channels.some((ch) => ch.length > 0)) await Promise.resolve();
  await stop.send();
  await gone.recv();
  assert.equal(received, senders * each); // and as many sends: a million operations
  assert.deepEqual(unhandled, []);
  process.off("unhandledRejection", note);
});

it("a parked sender whose channel is closed panics with both places", async () => {
  const ch = new Chan<number>();
  let seen: unknown;
  go(async () => {
    try {
      await ch.send(1);
    } catch (error) {
      seen = error;
    }
  });
  await settle();
  await ch.close();
  await settle();
  assert.ok(seen instanceof SendOnClosedChannel);
  assert.match(seen.other!, /chan\.property\.test/);
});
