import type { Access } from "../../model/run/operation.js";
import type { Trace } from "../../model/run/trace.js";

/** A goroutine has a lock from one step until before another; undefined: it never gave it back. */
interface Hold {
  /** What took it. */
  readonly access: Access;
  readonly goroutine: string;
  readonly from: number;
  readonly to?: number;
}

/**
 * Who holds which lock, and when, as the run's steps show it. A trace does not say whether a TryLock got the lock: one whose
 * goroutine unlocks it later did; one that is never followed by an unlock is not told.
 */
export function holds({ steps }: Trace): readonly Hold[] {
  const done: Hold[] = [];
  const open: Hold[] = [];
  const tried = new Map<string, Hold>();
  /** A mutex may be unlocked by another goroutine than the one that locked it. */
  const giveBack = ({ object }: Access, goroutine: string, to: number): void => {
    const own = open.findLastIndex((hold) => hold.access.object === object && hold.goroutine === goroutine);
    const index = own >= 0 ? own : open.findLastIndex((hold) => hold.access.object === object);
    const since = tried.get(`${goroutine} ${object}`);
    if (index >= 0) done.push({ ...open.splice(index, 1)[0]!, to });
    else if (since !== undefined) done.push({ ...since, to });
  };
  steps.forEach(({ acts, joined = [] }, step) => {
    for (const { op, goroutine, accesses } of [...acts, ...joined]) {
      const [access] = accesses;
      if (access === undefined) continue;
      switch (op) {
        case "lock":
        case "rlock":
        case "wacquire":
        case "once":
          open.push({ access, goroutine, from: step });
          break;
        case "trylock":
        case "tryrlock":
        case "trywlock":
          tried.set(`${goroutine} ${access.object}`, { access, goroutine, from: step });
          break;
        case "unlock":
        case "runlock":
        case "wunlock":
        case "oncedone":
          giveBack(access, goroutine, step);
          break;
        default:
          break;
      }
    }
  });
  return [...done, ...open].sort((a, b) => a.from - b.from);
}
