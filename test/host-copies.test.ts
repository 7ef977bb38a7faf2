// A world that is put back page by page is the world that was saved, byte by byte: compiled Go programs, forked at each step
// and put back in any order (host/guest/dirty-pages.ts: a store that notes nothing shows here).
import assert from "node:assert/strict";
import { it } from "node:test";
import { Prng } from "../src/base/prng.js";
import { hashString } from "../src/base/hash.js";
import type { GoModule } from "../src/host/go-module.js";
import { PASSING } from "../src/host/guest/guest-protocol.js";
import type { Checkpoint, Run } from "../src/model/run/program.js";
import { buildFixture, fixtureFolder, loadFixture } from "./guest-fixture.js";

/** More than any of the programs takes. */
const END = 64 << 20;
const STEPS = 40;
/** 1,024 words. */
const PASSING_END = PASSING + 4096;

/** Of all words of the memory that are not 0, behind the map of written pages and the table of callers, in which two may have one place. */
function digest(module: GoModule): number {
  module.objects.refresh();
  let hash = 0;
  for (let at = PASSING_END; at < END; at += 4) {
    const word = module.objects.word(at);
    if (word === undefined) break;
    if (word !== 0) hash = (Math.imul(hash ^ word, 0x9e3779b1) + at) | 0;
  }
  return hash;
}

/** Stores are noted from the `notedAfter`-th return on: copies from before must be as good. */
async function check(folder: string, name: string, notedAfter: number): Promise<void> {
  const module = loadFixture(await buildFixture(fixtureFolder(folder), "main"), [name], { notedAfter });
  const random = new Prng(hashString(name));
  const run = module.program().start() as Run;
  let restores = 0;
  const forks: { readonly at: Checkpoint; readonly digest: number }[] = [];
  for (let step = 0; step < STEPS; step++) {
    if (run.outcome() !== undefined || random.below(4) === 0) {
      const fork = forks[random.below(forks.length)];
      if (fork === undefined) continue;
      fork.at.restore();
      restores++;
      assert.equal(digest(module), fork.digest, `${name}, step ${step}`);
      continue;
    }
    forks.push({ at: run.fork!(), digest: digest(module) });
    const able = run.pending().filter(({ alternatives }) => alternatives.length > 0);
    void run.take(able[random.below(able.length)]!.alternatives[0]!);
  }
  assert.ok(forks.length > 3 && restores > 6, `${name}: ${forks.length} steps`);
}

for (const notedAfter of [1, 6]) {
  for (const name of ["abba", "context"]) it(`main: ${name}, noted after ${notedAfter}`, () => check("host", name, notedAfter));
  for (const name of ["http/three", "tcp/big", "http/tls"]) it(`on sockets: ${name}, noted after ${notedAfter}`, () => check("net", name, notedAfter));
}
