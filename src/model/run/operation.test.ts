import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { canBlock, isLook, isOf, OPERATION_TABLE, OPERATIONS, operation, readsOnly } from "./operation.js";

const those = (wanted: (op: (typeof OPERATIONS)[number]) => boolean): string => OPERATIONS.filter(wanted).join(" ");

describe("the table of operations", () => {
  it("has one row for each, found by its word", () => {
    assert.equal(new Set(OPERATIONS).size, OPERATION_TABLE.length);
    for (const row of OPERATION_TABLE) assert.equal(operation(row.op), row);
  });

  it("one family, one noun, but for the network's three", () => {
    for (const { family, noun } of OPERATION_TABLE) {
      if (family === "network") continue;
      for (const other of OPERATION_TABLE.filter((one) => one.family === family)) assert.equal(other.noun, noun, family);
    }
  });

  it("says what reads, what looks, and what a goroutine can be blocked in", () => {
    assert.equal(those(readsOnly), "rlock runlock load");
    assert.deepEqual(OPERATIONS.filter(readsOnly), OPERATION_TABLE.filter(({ reads }) => reads === true).map(({ op }) => op)); // compared one by one there
    assert.equal(those(isLook), "trylock tryrlock trywlock load yield netlook trysemacquire");
    assert.equal(those(canBlock), "send recv select lock rlock wlock wacquire wgwait condwait once semacquire sleep netread netwrite netrecv netsend netaccept semwait io");
    assert.equal(those((op) => isOf(op, "semaphore")), "semacquire trysemacquire semwait semleave semrelease");
  });
});
