import { faultNumber, type Fault } from "../../../model/run/fault.js";
import type { GuestGoroutine } from "../../guest/guest-goroutine.js";
import type { GuestObjects } from "../../guest/guest-objects.js";
import { HEAD, MORE } from "../../net/net-objects.js";

/** A dial's aux (go/net/unpark_dial.go): 0 where nothing can go wrong. */
const DIAL: readonly (readonly Fault[])[] = [[], ["refused", "timeout", "silent"], ["refused"]];

const numbers = (faults: readonly Fault[]): readonly number[] => faults.map(faultNumber);

const DIALS = DIAL.map(numbers);
const NONE: readonly number[] = [];
const READ = numbers(["reset", "cut"]);
const READ_SHORT = numbers(["reset", "cut", "short"]);
const WRITE = numbers(["reset"]);
const OPEN = numbers(["permission"]);
const FILE_WRITE = numbers(["space"]);
const CLOSE = numbers(["close"]);
const WRITE_CUT = numbers(["reset", "cut"]);

/**
 * What can go wrong in an operation that can go on. A read only where there is something to lose; a write only where it
 * begins: between two parts of one write nothing happens that a cut does not show.
 */
export function faultsOf({ op, object, aux }: Pick<GuestGoroutine, "op" | "object" | "aux">, objects: GuestObjects): readonly number[] {
  if ((op === "netread" || op === "netwrite") && isPipe(object, objects)) return NONE; // of one process: it is not cut
  switch (op) {
    case "netdial":
      return DIALS[aux] ?? NONE;
    case "netread": {
      const there = objects.long(object + HEAD.writePos) - objects.long(object + HEAD.readPos);
      return there <= 0 ? NONE : Math.min(there, aux) > 1 ? READ_SHORT : READ;
    }
    case "netwrite":
      return (aux & MORE) !== 0 ? NONE : aux > 1 ? WRITE_CUT : WRITE;
    case "fileopen":
      return OPEN;
    case "filewrite":
      return FILE_WRITE;
    case "fileclose":
      return CLOSE;
    default:
      return NONE;
  }
}

/** go/os/unpark_pipe.go: it has no opposite direction, and names itself. */
const isPipe = (object: number, objects: GuestObjects): boolean => objects.word(object + HEAD.other) >>> 0 === object;
