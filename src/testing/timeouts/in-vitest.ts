/**
 * `setupFiles: ["unpark/vitest/timeouts"]`: a test that times out says which of its awaits can never go on, proved, and which
 * merely have not; what tests leave behind is told on stderr when their file is over. Nothing else changes; each promise
 * that a test makes costs a few microseconds more.
 */
import { afterAll, afterEach, beforeEach } from "vitest";
import { FileAwaits, LONG, prefixed } from "./file-awaits.js";

const awaits = new FileAwaits();

beforeEach(({ task }) => awaits.begin(task.name));

afterEach(({ task }) => {
  const error = task.result?.errors?.find(({ message }) => message.startsWith("Test timed out in "));
  if (error !== undefined) {
    error.message = [error.message, ...prefixed(awaits.explain(task.name))].join("\n");
    if (error.stack !== undefined) error.stack = error.message;
  }
  awaits.end(task.name);
});

afterAll(async () => {
  const lines = prefixed(await awaits.left());
  if (lines.length > 0) process.stderr.write(`${lines.join("\n")}\n`);
}, LONG);
