// What Jazzer.js calls with each input: the target that scripts/fuzz.mjs names.
import { TARGETS } from "../dist/test/fuzz/targets.js";

export const fuzz = TARGETS[process.env.UNPARK_FUZZ_TARGET].run;
