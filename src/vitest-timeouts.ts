/**
 * `setupFiles: ["unpark/vitest/timeouts"]`: a test that times out says which of its awaits can never go on, proved, and which
 * merely have not. Nothing else changes; each promise that a test makes costs a few microseconds more.
 */
import { afterEach, beforeEach } from "vitest";
import { TestAwaits } from "./testing/timed-out.js";

let awaits: TestAwaits | undefined;

beforeEach(() => {
  awaits?.stop();
  awaits = new TestAwaits();
});

afterEach(async ({ task }) => {
  const mine = awaits;
  awaits = undefined;
  mine?.stop();
  const error = task.result?.errors?.find(({ message }) => message.startsWith("Test timed out in "));
  if (error === undefined || mine === undefined) return;
  const lines = await mine.explain();
  error.message = [error.message, ...lines.map((line) => (line.startsWith(" ") ? line : `unpark: ${line}`))].join("\n");
  if (error.stack !== undefined) error.stack = error.message;
});
