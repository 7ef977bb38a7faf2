import assert from "node:assert/strict";
import { it } from "node:test";
import fc from "fast-check";
import { Chan, go, recv, select, send } from "../../index.js";
import { settle } from "../testing/settle.js";

/**
 * The model: each channel is a queue and two waiting lists, and a select waits in the lists of all its cases at once (Go
 * specification, "Select statements"). Where several cases can go on at once, the model is told which one it was, and
 * that it could.
 */
interface Case {
  readonly ch: number;
  readonly direction: "send" | "recv";
  readonly value: number;
}
type Op = { readonly cases: readonly Case[] } | { readonly close: number };
interface Waiting {
  readonly id: number;
  readonly index: number;
  readonly value: number;
}

class Channel {
  closed = false;
  readonly capacity: number;
  readonly queue: number[] = [];
  senders: Waiting[] = [];
  receivers: Waiting[] = [];

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  canDo(direction: "send" | "recv"): boolean {
    if (this.closed) return true;
    return direction === "send" ? this.receivers.length > 0 || this.queue.length < this.capacity : this.queue.length > 0 || this.senders.length > 0;
  }
}

class Model {
  readonly results = new Map<number, string>();
  readonly #channels: readonly Channel[];

  constructor(capacities: readonly number[]) {
    this.#channels = capacities.map((capacity) => new Channel(capacity));
  }

  /** `chose`: what select `id` said, if it has ended. */
  select(id: number, cases: readonly Case[], chose: string | undefined): void {
    const ready = cases.flatMap((one, i) => (this.#channels[one.ch]!.canDo(one.direction) ? [i] : []));
    if (ready.length === 0) {
      for (const [index, { ch, direction, value }] of cases.entries()) {
        this.#channels[ch]![direction === "send" ? "senders" : "receivers"].push({ id, index, value });
      }
      return;
    }
    // A panic does not say which case it was: any that sends on a closed channel.
    const panics = ready.find((i) => cases[i]!.direction === "send" && this.#channels[cases[i]!.ch]!.closed);
    const index = chose === "panic" ? panics : Number(chose?.split(" ")[0]);
    assert.ok(index !== undefined && ready.includes(index), `select ${id} said ${chose}, but only ${ready.join()} could go on`);
    this.#do(id, index, cases[index]!);
  }

  close(id: number, ch: number): void {
    const channel = this.#channels[ch]!;
    this.results.set(id, channel.closed ? "panic" : "done");
    channel.closed = true;
    while (channel.receivers.length > 0) this.#end(channel.receivers[0]!, "closed");
    while (channel.senders.length > 0) this.#end(channel.senders[0]!, undefined);
  }

  #do(id: number, index: number, { ch, direction, value }: Case): void {
    const { closed, queue, senders, receivers } = this.#channels[ch]!;
    if (direction === "send") {
      this.results.set(id, closed ? "panic" : `${index} sent`);
      if (closed) return;
      if (receivers.length > 0) this.#end(receivers[0]!, `got ${value}`);
      else queue.push(value);
      return;
    }
    const [sender] = senders;
    if (sender) queue.push(sender.value);
    const got = queue.shift();
    this.results.set(id, `${index} ${got === undefined ? "closed" : `got ${got}`}`);
    if (sender) this.#end(sender, "sent");
  }

  /** It goes on with that case, and leaves all lists. */
  #end({ id, index }: Waiting, how: string | undefined): void {
    this.results.set(id, how === undefined ? "panic" : `${index} ${how}`);
    for (const channel of this.#channels) {
      channel.senders = channel.senders.filter((one) => one.id !== id);
      channel.receivers = channel.receivers.filter((one) => one.id !== id);
    }
  }
}

async function perform(channels: readonly Chan<number>[], op: Op): Promise<string> {
  if ("close" in op) {
    await channels[op.close]!.close();
    return "done";
  }
  const cases = op.cases.map(({ ch, direction, value }) => (direction === "send" ? send(channels[ch], value) : recv(channels[ch])));
  const { index, ok, value } = await select(...cases);
  if (op.cases[index]!.direction === "send") return `${index} sent`;
  return ok ? `${index} got ${value}` : `${index} closed`;
}

const one: fc.Arbitrary<Case> = fc.record({ ch: fc.nat(2), direction: fc.constantFrom("send" as const, "recv" as const), value: fc.nat(99) });
const op: fc.Arbitrary<Op> = fc.oneof(
  { weight: 12, arbitrary: fc.record({ cases: fc.array(one, { minLength: 1, maxLength: 3 }) }) },
  { weight: 1, arbitrary: fc.record({ close: fc.nat(2) }) },
);

it("a select waits in the lists of all its cases, and does one that can go on", async () => {
  await fc.assert(
    fc.asyncProperty(fc.tuple(fc.nat(2), fc.nat(2), fc.nat(2)), fc.array(op, { maxLength: 24 }), async (capacities, ops) => {
      const channels = capacities.map((capacity) => new Chan<number>(capacity));
      const model = new Model(capacities);
      const results = new Map<number, string>();
      for (const [id, now] of ops.entries()) {
        go(async () => {
          results.set(id, await perform(channels, now).catch(() => "panic"));
        });
        await settle();
        if ("close" in now) model.close(id, now.close);
        else model.select(id, now.cases, results.get(id));
        assert.deepEqual([...results].sort(([a], [b]) => a - b), [...model.results].sort(([a], [b]) => a - b));
      }
    }),
    { numRuns: 1_000 },
  );
});
