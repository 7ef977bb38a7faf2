import { test } from "node:test";

/** Awaits what nobody will ever settle. */
async function query() {
  await new Promise(() => {});
}

test("query works", { timeout: 300 }, () => Promise.race([query(), new Promise((done) => setTimeout(done, 2_000))]));
