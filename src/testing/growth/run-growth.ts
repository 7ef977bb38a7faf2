import { atRest } from "./at-rest.js";
import { CollectionWatch } from "./collections.js";
import { ListenerWatch } from "./listeners.js";
import { grownOf, placed, type GrownThing } from "./repeat.js";

/** Runs the body's natural schedule, in virtual time, so many times; tells which run is going on. Gives how many were done. */
type NaturalRuns = (times: number, running: (number: number | undefined) => void) => Promise<number>;

/** More than enough (FEWEST in repeat.ts), and a few milliseconds. */
const RUNS = 12;

/**
 * What was lingering at the end of a run may be there once, for all (a pool's worker), or once more for each run: entries of the
 * module's own collections and listeners on its own targets tell. Timers and handles are the run's own, and no question here.
 */
export async function growthOfRuns(runs: NaturalRuns): Promise<{ readonly grown: readonly GrownThing[]; readonly runs: number }> {
  let current: number | undefined;
  const watches = [new CollectionWatch(() => current), new ListenerWatch(() => current)];
  try {
    const done = await runs(RUNS, (number) => (current = number));
    await atRest();
    const things = watches.flatMap((watch) => watch.left());
    return { grown: done < RUNS ? [] : grownOf(things.filter(({ inNew }) => !inNew).map(placed), done), runs: done };
  } finally {
    for (const watch of watches) watch.stop();
  }
}
