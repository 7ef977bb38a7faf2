// One thread and two on one schedule tree: 3 goroutines that each take one lock four times, 12!/(4!)^3 = 34,650 schedules.
//   npm run build && node dist/bench/explore/workers.js      Kept output: workers.txt
// On a machine that is busy otherwise the processor time says more than the clock: it is the overhead of sharing.
import { cpus, loadavg } from "node:os";
import { explore } from "../../src/explore/explorer.js";
import { LAZY_CLOCK } from "../../src/explore/gate.js";
import { ModelHands } from "../../src/explore/testing/model-hands.js";
import { ModelProgram } from "../../src/explore/testing/model-program.js";
import { lock, spawn, unlock } from "../../src/explore/testing/operations.js";
import { signatureOf } from "../../src/explore/testing/signatures.js";

const body = Array.from({ length: 4 }, () => [lock(1), unlock(1)]).flat();
const text = { main: [spawn(...body), spawn(...body), spawn(...body)] };

console.log(`Node ${process.version}, ${cpus()[0]?.model ?? "?"} (${cpus().length} cores, shared; load ${loadavg()[0]!.toFixed(1)})\n`);
for (const workers of [1, 2, 1, 2]) {
  const hands = await new ModelHands(text, workers - 1).start();
  const before = process.cpuUsage();
  const { coverage, runs, redundant } = await explore(new ModelProgram(text), { clock: LAZY_CLOCK, budget: 120_000, hands }, signatureOf);
  const { user, system } = process.cpuUsage(before);
  await hands.end();
  console.log(
    `${workers} worker${workers === 1 ? " " : "s"} ${coverage.schedules} schedules, ${runs} runs, ${redundant} redundant, ` +
      `${(coverage.milliseconds / 1000).toFixed(2)} s, processor ${((user + system) / 1e6).toFixed(2)} s`,
  );
}
