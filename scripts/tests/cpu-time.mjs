// Loaded into each file's process by `npm test -- --times`: at its end it writes what time of processors it took, its own
// and that of the children which it has waited for, where /proc says so (Linux).
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { isMainThread } from "node:worker_threads";

const TICKS = 100; // in a second: USER_HZ, proc(5)

const [, file] = process.argv;
if (isMainThread && process.env.TESTS_CPU_TIMES !== undefined && file?.endsWith(".test.js") && existsSync("/proc/self/stat")) {
  process.on("exit", () => {
    // Fields 14 to 17, after the name in brackets, which may have spaces in it.
    const fields = readFileSync("/proc/self/stat", "utf8").split(") ").at(-1).split(" ").slice(11, 15).map((ticks) => Number(ticks) / TICKS);
    appendFileSync(process.env.TESTS_CPU_TIMES, `${JSON.stringify({ file, own: fields[0] + fields[1], children: fields[2] + fields[3] })}\n`);
  });
}
