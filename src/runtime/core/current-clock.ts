import { scheduler, world } from "./current-runtime.js";
import { RealClock } from "./real-clock.js";
import type { Clock } from "./timer-clock.js";

export const realClock = new RealClock(scheduler.platform);

/** Under control the run's own. */
export const clock = (): Clock => world.control?.clock ?? realClock;
