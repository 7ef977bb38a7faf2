// Whose await is told: never one of Node's own, which is no line of the program's, but that of who awaits it.
import assert from "node:assert/strict";
import { afterEach, it } from "node:test";
import { setInterval as ticks } from "node:timers/promises";
import { recordAwaits } from "./pending-awaits.js";

const HOUR = 3_600_000;
const recording = recordAwaits(() => true)!;
afterEach(() => recording.forget());

const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));
const pending = (): readonly (string | undefined)[] => recording.pending().map(({ stack }) => stack[0]?.function);

it("of a generator of Node's that was asked, and that nobody awaits, nothing is told", async () => {
  asks();
  await turn();
  assert.equal(pending().includes("main.asks"), false);
});

it("who awaits it is told", async () => {
  void waits();
  await turn();
  assert.deepEqual(pending().filter((name) => name === "main.waits"), ["main.waits"]);
});

function asks(): void {
  void ticks(HOUR, undefined, { ref: false })[Symbol.asyncIterator]().next();
}

async function waits(): Promise<void> {
  for await (const _ of ticks(HOUR, undefined, { ref: false })) return;
}
