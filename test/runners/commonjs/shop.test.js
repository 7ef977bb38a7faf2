/* eslint-disable @typescript-eslint/no-require-imports -- a project of plain CommonJS */
const { Chan, go, sync } = require("unpark");
const { explore } = require("unpark/testing");
require("unpark/jest");

function booking(outside, lock) {
  const [open, pay] = [outside("open"), outside("pay")];
  let left = 1;
  let booked = 0;
  const book = async () => {
    await lock.lock();
    await open();
    if (left > 0) {
      await pay();
      left--;
      booked++;
    }
    await lock.unlock();
  };
  return { book, booked: () => booked };
}

test("books twice", () => explore(async ({ outside }) => {
  const { book, booked } = booking(outside, { lock: async () => {}, unlock: async () => {} });
  await Promise.all([book(), book()]);
  expect(booked()).toBe(1);
}));

test("books once, with a lock", () => explore(async ({ outside }) => {
  const { book, booked } = booking(outside, new sync.Mutex());
  await Promise.all([book(), book()]);
  expect(booked()).toBe(1);
}));

test("a minute costs nothing", () => explore(async () => {
  const start = Date.now();
  await new Promise((resolve) => setTimeout(resolve, 60_000));
  expect(Date.now() - start).toBe(60_000);
}));

class Pool {
  waiting = [];
  free = 1;
  acquire() {
    return this.free-- > 0 ? Promise.resolve() : new Promise((resolve) => this.waiting.push(resolve));
  }
}

test("never gives its client back", () => explore(async () => {
  const pool = new Pool();
  const query = async () => {
    await pool.acquire();
  };
  await query();
  await query();
}));

test("goroutines", () => explore(async () => {
  const answers = new Chan();
  go(async () => answers.send(1));
  expect(await answers.recv()).toBe(1);
}));

test("does not leak", async () => {
  await expect(async () => go(async () => new Chan(1).send(1))).not.toLeak();
});
