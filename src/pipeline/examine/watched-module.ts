import { replay } from "../../explore/replay-schedule.js";
import type { GoModule } from "../../host/go-module.js";
import type { DataRace } from "../../model/finding/data-race.js";
import { programOf, type ProgramRef } from "../go/module-spec.js";
import type { RaceSource } from "./data-races.js";

/** `watched`: a copy of the module that reports uses of memory. Undefined: it cannot be loaded, and nothing is known. */
export function raceSource(watched: () => GoModule | undefined, which: ProgramRef): RaceSource {
  return async (schedules, enough) => {
    const module = watched();
    if (module === undefined) return [];
    const races = new Map<string, DataRace>();
    for (const schedule of schedules) {
      if (enough()) break;
      await replay(programOf(module, which), schedule, {}, enough);
      for (const race of module.races()) races.set(JSON.stringify(race), race);
    }
    return [...races.values()];
  };
}
