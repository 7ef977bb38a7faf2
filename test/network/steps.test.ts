// How many steps programs on sockets take: as few as in bench/net.txt. A lock of Go's own that is asked about once more, or whose caller is
// not known (a deferred unlock), is a step or two in each, which no other test notices.
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { naturalRun, netPrograms, type BenchProgram } from "../../bench/programs.js";
import * as fixture from "../guest-fixture.js";

const STEPS: Readonly<Record<string, number>> = {
  "http/three": 144, // at most 150 were asked (issue 13); 706 with Go's own network of channels
  "http/get": 108,
  "http/post": 194,
  "http/shutdown": 70,
  "rpc/call": 48,
  "tcp/ping-pong": 87,
  "tcp/echo": 11, // listen, dial, accept, twice write and read, closes
  "udp/echo": 7,
  "tcp/big": 39,
};

describe("steps of programs on sockets, in the order in which goroutines were started", { timeout: 300_000 }, () => {
  let programs: readonly BenchProgram[] = [];
  before(async () => {
    programs = await netPrograms(fixture, Object.keys(STEPS));
  });
  for (const [name, steps] of Object.entries(STEPS)) {
    it(name, () => assert.equal(naturalRun(programs.find(({ what }) => what === name)!.program), steps));
  }
});
