// Schedules a second of small TypeScript programs, one core: `node dist/bench/runtime/explore.js > bench/runtime/explore.txt`.
// Best of ten rounds of half a second each, plain depth-first search, for reduction leaves too few of them to measure.
import { cpus } from "node:os";
import { Chan, go, recv, select, sync, time } from "../../src/index.js";
import { explore } from "../../src/explore/explorer.js";
import { DepthFirst } from "../../src/explore/strategies/depth-first.js";
import { ControlledProgram } from "../../src/runtime/control/controlled-program.js";

const PROGRAMS: Readonly<Record<string, () => unknown>> = {
  "three senders, size 3": () => {
    const ch = new Chan<number>(3);
    for (let i = 0; i < 3; i++) go(() => ch.send(i));
  },
  "two meetings": async () => {
    const ch = new Chan<number>();
    for (let i = 0; i < 2; i++) go(() => ch.send(i));
    await ch.recv();
    await ch.recv();
  },
  "three locks and unlocks": () => {
    const mu = new sync.Mutex();
    for (let i = 0; i < 3; i++) {
      go(async () => {
        await mu.lock();
        await mu.unlock();
      });
    }
  },
  "answer or timeout": async () => {
    const ch = new Chan<number>(1);
    go(async () => {
      await time.sleep(time.millisecond);
      await ch.send(1);
    });
    await select(recv(ch), recv(time.after(time.second)));
  },
};

console.log(`node ${process.version}, ${process.arch}, ${cpus().length} x ${cpus()[0]!.model}\n`);
for (const [name, body] of Object.entries(PROGRAMS)) {
  const program = new ControlledProgram(body);
  let best = 0;
  let depth = 0;
  for (let round = 0; round < 10; round++) {
    let runs = 0;
    const start = performance.now();
    while (performance.now() - start < 500) {
      const { coverage } = await explore(program, { strategy: new DepthFirst(), budget: 500 }, () => []);
      runs += coverage.schedules;
      depth = coverage.depth;
    }
    best = Math.max(best, (runs * 1000) / (performance.now() - start));
  }
  console.log(`${name.padEnd(28)}${Math.round(best).toString().padStart(8)} schedules/s, at most ${depth} steps each`);
}
