import { DEFAULT_CASE } from "../../model/choice.js";
import { at, place } from "../../model/frames.js";
import type { GoroutineName } from "../../model/ids.js";
import type { OpKind } from "../../model/operation.js";
import type { Act } from "../../model/trace.js";
import type { ObjectNames } from "./object-names.js";

const VERBS: Partial<Record<OpKind, string>> = {
  send: "sends on",
  recv: "receives from",
  close: "closes",
  lock: "locks",
  unlock: "unlocks",
  rlock: "read-locks",
  runlock: "read-unlocks",
  wlock: "waits to write-lock",
  wacquire: "write-locks",
  wunlock: "write-unlocks",
  wgwait: "has waited for",
  condwait: "begins to wait on",
  condsignal: "signals",
  condbroadcast: "broadcasts on",
  once: "enters",
  oncedone: "has done",
  load: "reads",
  store: "writes",
  rmw: "changes",
  timerstop: "stops",
  timerreset: "resets",
  semacquire: "acquires",
  netread: "reads from",
  netwrite: "writes to",
  netrecv: "receives a datagram at",
  netsend: "sends a datagram to",
  netaccept: "accepts a connection at",
  netdial: "dials",
  netbind: "binds",
  netclose: "closes",
  netfin: "closes for writing",
  netstop: "closes for reading",
  netset: "sets a deadline of",
};

/** What a goroutine does in one step, in a sentence's words; with `other` where the two meet. */
export function actWords(act: Act, other: Act | undefined, names: ObjectNames): string {
  const object = act.accesses[0] && names.of(act.accesses[0]);
  if (other) return `sends on ${object} to ${short(other.goroutine)}, which receives at ${at(place(other.stack))}`;
  switch (act.op) {
    case "select":
      return select(act, names);
    case "wgadd":
      return (act.detail ?? 0) < 0 ? `calls Done on ${object}` : `adds ${act.detail ?? "?"} to ${object}`;
    case "trylock":
    case "trywlock":
    case "tryrlock":
      return `tries to lock ${object}${act.detail === undefined ? "" : act.detail === 1 ? ": got it" : ": did not get it"}`;
    case "random":
      return `draws the random number ${act.detail ?? "?"}`;
    case "yield":
      return "yields";
    case "sleep":
      return "wakes up from its sleep";
    case "start":
      return "begins";
    case "io":
      return "waits for the outside";
    default: {
      const note = act.note === "closed" ? ", which is closed" : act.note === "nil" ? ", which is nil" : "";
      return `${VERBS[act.op] ?? act.op} ${object ?? "something"}${note}`;
    }
  }
}

function select(act: Act, names: ObjectNames): string {
  if (act.detail === DEFAULT_CASE) return "selects: takes the default case";
  const taken = act.accesses.length === 1 ? act.accesses[0] : act.accesses[act.detail ?? -1];
  if (!taken) return act.detail === undefined ? "selects" : `selects: takes case ${act.detail + 1}`;
  return `selects: ${taken.op === "send" ? "sends on" : "receives from"} ${names.of(taken)}`;
}

const short = (name: GoroutineName): string => (name === "1" ? "main" : name);
