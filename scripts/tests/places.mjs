// Which processor a file of tests keeps to (one-processor.mjs).
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";

/** What they show is threads and processes that run at the same time: these have all processors. */
const AT_ONCE = /[/\\](?:workers|pool|queue|native|races)[/\\.]|worker-team|stress/;

export const keepsToOne = (file) => !AT_ONCE.test(file);

/** Processors that a process may use, of its /proc/self/status: "0-1,4". */
export const processorsIn = (status) =>
  (/^Cpus_allowed_list:\s*(\S+)$/m.exec(status)?.[1].split(",") ?? []).flatMap((range) => {
    const [first, last = first] = range.split("-").map(Number);
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });

/** A place is a file below `folder`, which only one process can make: one on each processor before a second on any. */
export function takePlace(folder, processors) {
  for (let round = 0; round < ROUNDS; round++) {
    for (const processor of processors) {
      const place = join(folder, `${round}-${processor}`);
      try {
        closeSync(openSync(place, "wx"));
        return { place, processor };
      } catch {
        // Taken. Who crashed has left its own: the others are a little less even.
      }
    }
  }
  return undefined;
}
const ROUNDS = 100;
