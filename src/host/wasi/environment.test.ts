import assert from "node:assert/strict";
import { test } from "node:test";
import { guestEnvironment, processCalls } from "./environment.js";
import { GuestMemory } from "../guest/guest-memory.js";

test("the guest sees a fixed environment, and of the user's own only what sets how Go runs", () => {
  const user = { HOME: "/home/me", PATH: "/usr/bin", SECRET: "x", GODEBUG: "asynctimerchan=1", GOMAXPROCS: undefined };
  assert.deepEqual(guestEnvironment({ cwd: "/src/p", user }), {
    ok: true,
    value: ["GODEBUG=asynctimerchan=1", "HOME=/tmp", "LOGNAME=gopher", "PATH=", "PWD=/src/p", "TMPDIR=/tmp", "TZ=UTC", "USER=gopher"],
  });
});

test("what is set explicitly comes first, and what cannot be set is an error", () => {
  const set = (explicit: Record<string, string>) =>
    guestEnvironment({ cwd: "/", user: { GOMAXPROCS: "1" }, explicit });
  const found = set({ TZ: "Europe/Oslo", GOMAXPROCS: "4", MODE: "a=b" });
  assert.ok(found.ok);
  assert.deepEqual(found.value, ["GOMAXPROCS=4", "HOME=/tmp", "LOGNAME=gopher", "MODE=a=b", "PATH=", "PWD=/", "TMPDIR=/tmp", "TZ=Europe/Oslo", "USER=gopher"]);
  for (const bad of [{ "": "x" }, { "A=B": "x" }, { "A\0": "x" }, { A: "x\0y" }]) assert.equal(set(bad).ok, false);
});

test("arguments and environment are lists of zero-ended UTF-8", () => {
  const buffer = new ArrayBuffer(256);
  const view = new DataView(buffer);
  const calls = processCalls(["prog", "-x", "grün"], [], new GuestMemory({ buffer }));
  assert.equal(calls.args_sizes_get(0, 4), 0);
  assert.deepEqual([view.getUint32(0, true), view.getUint32(4, true)], [3, 5 + 3 + 6]);
  assert.equal(calls.args_get(8, 32), 0);
  assert.deepEqual([8, 12, 16].map((at) => view.getUint32(at, true)), [32, 37, 40]);
  assert.equal(new TextDecoder().decode(buffer.slice(32, 46)), "prog\0-x\0grün\0");
  assert.equal(calls.environ_sizes_get(0, 4), 0);
  assert.deepEqual([view.getUint32(0, true), view.getUint32(4, true)], [0, 0]);
  assert.equal(calls.args_get(8, 250), 21, "EFAULT where it does not fit the memory");
});
