import { expect, it } from "vitest";
import { Pool, shared } from "./pool.js";

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
  expect(1).toBe(2);
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
