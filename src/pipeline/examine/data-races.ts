import type { Coverage } from "../../model/results/examination.js";
import type { DataRace } from "../../model/finding/data-race.js";
import type { Schedule } from "../../model/run/schedule.js";

/**
 * Looks for data races in runs of one program.
 *
 * Operations are what the search puts in every order that differs; plain uses of variables go along with them. That is
 * all there is to try only where no two uses race (data-race freedom: Adve and Hill, ISCA 1990): with a race, another
 * order of the two is another behaviour that no schedule shows. So an exploration in which one is seen is not complete.
 */
export type RaceSource = (schedules: readonly Schedule[], enough: () => boolean) => Promise<readonly DataRace[]>;

/** So many schedules of an exploration are looked at: a race shows in most schedules in which both uses are done. */
export const LOOKED_AT = 4;

export const withRaces = (coverage: Coverage, races: readonly DataRace[]): Coverage => (races.length === 0 ? coverage : { ...coverage, complete: false, stoppedBy: NOT_ORDERED });

const NOT_ORDERED = "orders of a data race were not tried";

/** A sentence for the limits. */
export function raceWords({ write, other }: DataRace): string {
  const who = write === other ? `${write} writes a variable that another goroutine uses there` : `${write} writes a variable that ${other} uses`;
  return `${who}, and no operation puts the two in order (a data race: go test -race shows the lines): schedules that differ only in that were not tried`;
}
