// Orders of answers a second of small programs, one core: `node dist/bench/promises/orders.js > bench/promises/orders.txt`.
// Best of ten rounds of half a second each; every order of them all (n answers: n!).
import { cpus } from "node:os";
import { explore } from "../../src/explore/explorer.js";
import { DepthFirst } from "../../src/explore/strategies/depth-first.js";
import { outside } from "../../src/promises/outside.js";
import { recordAwaits } from "../../src/promises/pending-awaits.js";
import { ControlledProgram } from "../../src/runtime/control/controlled-program.js";

const PROGRAMS: Readonly<Record<string, () => unknown>> = {
  "a time-out or an answer": async () => {
    const late = new Promise((resolve) => setTimeout(resolve, 1_000));
    await Promise.race([outside("ask")(), late]);
  },
  "three answers": async () => {
    const ask = outside("ask");
    await Promise.all([ask(), ask(), ask()]);
  },
  "double booking": async () => {
    const [open, pay] = [outside("open"), outside("pay")];
    let left = 1;
    const book = async (): Promise<void> => {
      await open();
      if (left === 0) return;
      await pay();
      left--;
    };
    await Promise.all([book(), book()]);
  },
  "six answers": async () => {
    const ask = outside("ask");
    await Promise.all(Array.from({ length: 6 }, () => ask()));
  },
};

console.log(`node ${process.version}, ${process.arch}, ${cpus().length} x ${cpus()[0]!.model}\n`);
for (const [name, body] of Object.entries(PROGRAMS)) {
  const program = new ControlledProgram(body, { prover: recordAwaits, variables: "shared" });
  let best = 0;
  let depth = 0;
  for (let round = 0; round < 10; round++) {
    let runs = 0;
    const start = performance.now();
    while (performance.now() - start < 500) {
      await program.turn();
      const { coverage } = await explore(program, { strategy: new DepthFirst(), budget: 500 }, () => []);
      runs += coverage.schedules;
      depth = coverage.depth;
    }
    best = Math.max(best, (runs * 1000) / (performance.now() - start));
  }
  console.log(`${name.padEnd(28)}${Math.round(best).toString().padStart(8)} orders/s, at most ${depth} steps each`);
}
