import { collector } from "../../runtime/control/reachability.js";

const { setImmediate: nextTurn, setTimeout: later } = globalThis; // a runner's fake timers come later
const turn = (): Promise<void> => new Promise((resolve) => void nextTurn(resolve));
/** Longer than what a close or a timer of a millisecond needs. */
const pause = (): Promise<void> => new Promise((resolve) => void later(resolve, 5));

/** What is about to end may end; what nobody holds is freed. */
export async function atRest(): Promise<void> {
  const collect = collector();
  for (let round = 0; round < 3; round++) {
    for (let i = 0; i < 5; i++) await turn();
    await pause();
    collect?.();
  }
  await turn();
}
