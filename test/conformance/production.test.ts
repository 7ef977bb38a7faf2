// What a program does in production, on the real scheduler and in real time, is one of the things that it does in some
// schedule under control: the two worlds share their rules.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { go, runtime } from "../../src/index.js";
import { ControlledProgram } from "../../src/runtime/control/controlled-program.js";
import { everySchedule } from "../../src/runtime/testing/depth-first.js";
import { realClock } from "../../src/runtime/core/current-clock.js";
import { PROGRAMS } from "./programs.js";
import { told, type Run } from "./told.js";
import { typescript } from "./to-typescript.js";

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function atRest(): Promise<void> {
  for (let quiet = 0; quiet < 3; ) {
    await turn();
    const busy = realClock.size > 0 || runtime.census().goroutines.some(({ id, state }) => id !== 1 && state !== "waiting");
    quiet = busy ? 0 : quiet + 1;
  }
}

async function produce(body: () => Promise<void>): Promise<Run> {
  const lines: string[] = [];
  let panicked: string | undefined;
  let over = false;
  const { log } = console;
  console.log = (...words: readonly unknown[]) => {
    if (panicked === undefined) lines.push(words.join(" "));
  };
  runtime.onPanic(({ text }) => (panicked ??= text));
  try {
    go(async () => {
      await body();
      over = true;
    });
    await atRest();
  } finally {
    console.log = log;
    runtime.onPanic(undefined);
  }
  const printed = lines.join("\n");
  if (panicked !== undefined) return { outcome: { kind: "panic", message: panicked }, printed };
  return { outcome: { kind: over ? "quiescent" : "deadlock" }, printed };
}

describe("production does what some schedule does", () => {
  for (const description of PROGRAMS) {
    it(description.name, async () => {
      const possible = new Set((await everySchedule(new ControlledProgram(typescript(description)), 5_000, { blocked: false })).map(told));
      for (let i = 0; i < 3; i++) {
        const did = told(await produce(typescript(description)));
        // Under control a panic is no event, so it comes as early as it can; in production others may get further first.
        const panics = did.startsWith("panic") || did.startsWith("fatal error");
        const seen = panics ? [...possible].some((one) => one.split(" | ")[0] === did.split(" | ")[0]) : possible.has(did);
        assert.ok(seen, `${did}\nis none of\n${[...possible].join("\n")}`);
      }
    });
  }
});
