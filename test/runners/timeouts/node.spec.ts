import assert from "node:assert/strict";
import { after, describe, it as test } from "node:test";
import { Pool, shared } from "./pool.js";

const alive = setInterval(() => undefined, 60_000); // or nothing would wait for the time-outs
after(() => clearInterval(alive));
const it = (name: string, body: () => Promise<void>) => void test(name, { timeout: 1_000 }, body);

it("its own pool is empty", async () => {
  const pool = new Pool();
  await pool.acquire();
  await pool.acquire();
});

it("a pool of the module is empty", async () => {
  await shared.acquire();
  await shared.acquire();
});

it("is slow", async () => {
  await new Promise((resolve) => setTimeout(resolve, 2_000));
});

it("passes", async () => {
  await Promise.resolve();
});

it("fails", async () => {
  await Promise.resolve();
  assert.equal(1, 2);
});

it("begins what can never go on", async () => {
  const pool = new Pool();
  const query = async () => {
    await pool.acquire();
  };
  await query();
  void query();
});

it("begins what may go on", async () => {
  void (async () => {
    await shared.acquire();
  })();
});

/** Node 24 and later keep a file alive in which a test waits for nothing. */
const cancels = Number(process.versions.node.split(".")[0]) < 24;

describe("a suite", { skip: !cancels }, () => {
  test("waits for nobody", async () => {
    clearInterval(alive);
    const pool = new Pool();
    await pool.acquire();
    await pool.acquire();
  });
});
