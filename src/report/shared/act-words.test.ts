import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { goroutineName, objectId } from "../../model/ids.js";
import type { OpKind } from "../../model/run/operation.js";
import { actWords } from "./act-words.js";
import { ObjectNames } from "./object-names.js";

const say = (op: OpKind, detail?: number): string =>
  actWords(
    { goroutine: goroutineName("1"), op, accesses: [{ object: objectId(7), op }], stack: [], ...(detail === undefined ? {} : { detail }) },
    undefined,
    new ObjectNames(),
  );

/** A word for every operation: does not compile while one is missing. */
const SENTENCES: Readonly<Record<OpKind, string>> = {
  send: "sends on channel A",
  recv: "receives from channel A",
  close: "closes channel A",
  select: "", // by its case: below
  lock: "locks mutex A",
  trylock: "tries to lock mutex A",
  unlock: "unlocks mutex A",
  rlock: "read-locks rwmutex A",
  tryrlock: "tries to lock rwmutex A",
  runlock: "read-unlocks rwmutex A",
  wlock: "waits to write-lock rwmutex A",
  trywlock: "tries to lock rwmutex A",
  wacquire: "write-locks rwmutex A",
  wunlock: "write-unlocks rwmutex A",
  wgadd: "adds ? to waitgroup A",
  wgwait: "has waited for waitgroup A",
  condwait: "begins to wait on cond A",
  condsignal: "signals cond A",
  condbroadcast: "broadcasts on cond A",
  once: "enters once A",
  oncedone: "has done once A",
  semacquire: "asks for semaphore A",
  trysemacquire: "tries to acquire semaphore A",
  semwait: "acquires semaphore A",
  semleave: "stops waiting for semaphore A",
  semrelease: "releases semaphore A",
  load: "reads atomic A",
  store: "writes atomic A",
  rmw: "changes atomic A",
  yield: "yields",
  sleep: "wakes up from its sleep",
  timerstop: "stops timer A",
  timerreset: "resets timer A",
  random: "draws the random number ?",
  fileopen: "opens a file",
  filewrite: "writes to a file",
  fileclose: "closes a file",
  netread: "reads from stream A",
  netwrite: "writes to stream A",
  netrecv: "receives a datagram at address A",
  netsend: "sends a datagram to address A",
  netaccept: "accepts a connection at address A",
  netdial: "connects to address A",
  netbind: "binds address A",
  netclose: "closes socket A",
  netfin: "ends stream A",
  netstop: "stops reading from stream A",
  netset: "sets a deadline or an option of handle A",
  netlook: "looks, without waiting, at handle A",
  io: "waits for the outside",
  answer: "is answered",
  start: "begins",
  clock: "moves the clock to the next timer",
};

describe("what a goroutine does, in words", () => {
  for (const [op, sentence] of Object.entries(SENTENCES)) {
    if (op === "select") continue; // its access is a send or a receive: below
    it(`${op}: ${sentence}`, () => assert.equal(say(op as OpKind), sentence));
  }

  it("a try says whether it got the lock, where the host knows", () => {
    assert.equal(say("trylock", 1), "tries to lock mutex A: got it");
    assert.equal(say("tryrlock", 0), "tries to lock rwmutex A: did not get it");
  });

  it("a WaitGroup's Add by its number, a draw by its value", () => {
    assert.equal(say("wgadd", 2), "adds 2 to waitgroup A");
    assert.equal(say("wgadd", -1), "calls Done on waitgroup A");
    assert.equal(say("random", 3), "draws the random number 3");
    assert.equal(say("netread", 4), "reads from stream A: the connection is reset");
    assert.equal(say("netdial", 1), "connects to address A: the connection is refused");
    assert.equal(say("filewrite", 8), "writes to a file: no space is left, and nothing is written");
  });

  it("a select names the case that it took", () => {
    const accesses = [{ object: objectId(1), op: "send" as const }, { object: objectId(2), op: "recv" as const }];
    const select = (detail: number): string =>
      actWords({ goroutine: goroutineName("1"), op: "select", accesses, stack: [], detail }, undefined, new ObjectNames());
    assert.equal(select(0), "selects: sends on channel A");
    assert.equal(select(1), "selects: receives from channel B");
    assert.equal(select(-1), "selects: takes the default case");
  });
});
