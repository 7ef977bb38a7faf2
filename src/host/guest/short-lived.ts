import { setFlagsFromString } from "node:v8";

/** The last version of V8 that is known to have the flag: one that has not would say so on stderr. */
const KNOWN_TO = 14;

/**
 * What a run makes dies with it. V8 counts where objects are made that outlive a collection, and makes those where most did among the old ones
 * from then on: where a collection happened to come while the first runs were saved, or a run of thousands of goroutines was under way, each later
 * run's objects are old at once, and what they hold is copied and kept until all of memory is looked through. Small runs then took 1.6 times as long
 * (query of bench/host 13.4 µs for 8.5), by chance, in the one process and not in the other.
 */
export function nothingGetsOld(): void {
  if (Number.parseInt(process.versions.v8) <= KNOWN_TO) setFlagsFromString("--no-allocation-site-pretenuring");
}

/**
 * For a thread in which programs are explored. A run of thousands of goroutines makes more than V8's 48 MB of new objects at once: what it still needs was
 * then copied twice and made old, and died there (2,000 pairs of goroutines: 6.5 µs a step for 4.5; a run that is small never comes to it).
 */
export const ROOM_FOR_A_RUN = { maxYoungGenerationSizeMb: 192 } as const;
