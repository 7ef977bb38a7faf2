import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { DEFAULT_CASE, goChoice } from "../model/run/choice.js";
import { goroutineName, nanos, objectId } from "../model/ids.js";
import type { Offer } from "../model/run/rendezvous.js";
import { channelNote, TraceRecorder } from "./trace-recorder.js";

const offer = (direction: "send" | "recv", channel?: number): Offer => ({ direction, channel: channel === undefined ? undefined : objectId(channel) });

describe("what is noted of a channel operation", () => {
  const open = { closed: false, length: 0 };
  const closed = { closed: true, length: 0 };
  const left = { closed: true, length: 1 };
  for (const [title, offers, taken, state, note] of [
    ["an open channel", [offer("recv", 1)], undefined, open, undefined],
    ["a receive from a closed channel", [offer("recv", 1)], undefined, closed, "closed"],
    ["a receive of a value that was left in a closed channel", [offer("recv", 1)], undefined, left, undefined],
    ["a send on a closed channel, which panics", [offer("send", 1)], undefined, left, "closed"],
    ["a nil channel", [offer("recv")], undefined, open, "nil"],
    ["the case that a select took", [offer("recv"), offer("recv", 1)], 1, closed, "closed"],
    ["a select's default: no channel's", [offer("recv"), offer("recv", 1)], DEFAULT_CASE, closed, undefined],
  ] as const) {
    it(`${title}: ${note ?? "nothing"}`, () => assert.equal(channelNote(offers, taken, () => state), note));
  }
});

it("a recorder keeps what the host notes until it is read", () => {
  const recorder = new TraceRecorder<string, number>();
  const [main, child] = [goroutineName("1"), goroutineName("1.1")];
  recorder.started(main, 7);
  recorder.after(nanos(5n)); // the first step is nobody's choice
  recorder.step(goChoice(main), [{ goroutine: main, op: "lock", accesses: [], site: "a.go" }]);
  recorder.joins({ goroutine: main, op: "load", accesses: [], site: "b.go" });
  recorder.started(child, 8);
  recorder.after(nanos(9n));
  recorder.ended(child);
  const stack = (site: string) => [{ function: "f", file: site, line: 1 }];
  assert.deepEqual(recorder.noted, { sites: ["a.go", "b.go"], starts: [7, 8] });
  assert.deepEqual(recorder.trace({ stack, life: (_, about, seen) => ({ entry: `${about} ${seen}` }) }), {
    steps: [
      {
        choice: goChoice(main),
        acts: [{ goroutine: main, op: "lock", accesses: [], stack: stack("a.go") }],
        joined: [{ goroutine: main, op: "load", accesses: [], stack: stack("b.go") }],
        time: 9n,
      },
    ],
    lives: [
      { name: main, startedAt: -1, entry: "7 true" },
      { name: child, startedAt: 0, entry: "8 false", endedAt: 0 },
    ],
  });
});
