// Runs in any engine: prints one line of JSON, the same everywhere. scripts/engines.mjs compares.
import { Chan, context, go, recv, runtime, select, sync, time } from "../../src/index.js";
import { ControlledProgram } from "../../src/runtime/control/controlled-program.js";
import { everySchedule } from "../../src/runtime/testing/depth-first.js";

const ch = new Chan<number>(4);
const wg = new sync.WaitGroup();
for (let i = 0; i < 10; i++) await wg.go(() => ch.send(i));
let sum = 0;
for (let i = 0; i < 10; i++) sum += (await ch.recv()) ?? 0;
await wg.wait();
const [ctx] = context.withTimeout(context.background(), 5 * time.millisecond);
const late = await select(recv(ch), recv(ctx.done()));
const panics: string[] = [];
runtime.onPanic(({ value }) => panics.push((value as Error).message));
await ch.close();
go(() => ch.send(1));
await time.sleep(2 * time.millisecond);
const ends = await everySchedule(
  new ControlledProgram(async () => {
    const answer = new Chan<number>();
    go(async () => {
      await time.sleep(time.second);
      await answer.send(1);
    });
    await select(recv(answer), recv(time.after(2 * time.second)));
  }),
);
console.log(
  JSON.stringify({
    sum, late: late.index, err: ctx.err()?.message, panics, goroutines: runtime.numGoroutine(),
    schedules: ends.length, leaks: ends.filter((e) => e.blocked.length > 0).length,
  }),
);
