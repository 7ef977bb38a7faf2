// What sampled awaits cost: `node bench/promises/sampling.mjs > bench/promises/sampling.txt`, after a build. Processor time, not the
// clock's, in turns: the machine is shared.
import { cpus } from "node:os";
import { sampleAwaits } from "../../dist/src/runtime/node/index.js";

const AWAITS = 200_000;
const ROUNDS = 3;

/** An await of what has settled, and one of what settles by a turn of the event loop: what a service does between two answers. */
const WORK = {
  "an await of a settled promise": async () => {
    for (let n = 0; n < AWAITS; n++) await DONE;
  },
  "an async call, three deep": async () => {
    for (let n = 0; n < AWAITS / 4; n++) await outer(n);
  },
  "a turn of the event loop": async () => {
    for (let n = 0; n < AWAITS / 20; n++) await new Promise(setImmediate);
  },
};
const COUNTS = [AWAITS, AWAITS, AWAITS / 20];
const DONE = Promise.resolve();
const inner = async (n) => (await DONE, n + 1);
const middle = async (n) => (await inner(n)) + 1;
const outer = async (n) => (await middle(n)) + 1;

/** Processor time for each await, over `SECONDS` of it: windows open and close meanwhile. */
async function cost(body, awaits) {
  const before = process.cpuUsage();
  for (let done = awaits; ; done += awaits) {
    await body();
    const { user, system } = process.cpuUsage(before);
    if (user + system > SECONDS * 1e6) return ((user + system) * 1_000) / done;
    await new Promise(setImmediate);
  }
}

const SECONDS = 2;
const SETTINGS = { off: undefined, "1 % of the time": { share: 0.01 }, "10 %": { share: 0.1 }, always: { share: 1 } };
console.log(`node ${process.version}, ${process.arch}, ${cpus().length} x ${cpus()[0].model}; nanoseconds of processor time for each await, over ${SECONDS} s, the median of ${ROUNDS}\n`);
console.log(`${"".padEnd(34)}${Object.keys(SETTINGS).map((name) => name.padStart(18)).join("")}`);
for (const [at, [name, body]] of Object.entries(WORK).entries()) {
  const costs = Object.fromEntries(Object.keys(SETTINGS).map((setting) => [setting, []]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [setting, options] of Object.entries(SETTINGS)) {
      const sampling = options && sampleAwaits(options);
      costs[setting].push(await cost(body, COUNTS[at]));
      sampling?.stop();
    }
  }
  console.log(`${name.padEnd(34)}${Object.values(costs).map((all) => all.sort((a, b) => a - b)[ROUNDS >> 1].toFixed(0).padStart(18)).join("")}`);
}
