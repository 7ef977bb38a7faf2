// What Jazzer.js calls with each input: the target that scripts/fuzz.mjs names.
import { TARGETS } from "../dist/test/fuzz/targets.js";

const { run, seeds } = TARGETS[process.env.UNPARK_FUZZ_TARGET];
// What is loaded when it is needed is loaded, and instrumented, before anything is timed.
await Promise.resolve(run(Buffer.from(seeds()[0]))).catch(() => undefined);

export const fuzz = run;
