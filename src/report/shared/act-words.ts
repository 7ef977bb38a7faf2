import { optional } from "../../base/optional.js";
import { DEFAULT_CASE } from "../../model/choice.js";
import { at, place } from "../../model/blame.js";
import type { GoroutineName } from "../../model/ids.js";
import { faultOf } from "../../model/fault.js";
import { operation } from "../../model/operation.js";
import type { Act } from "../../model/trace.js";
import type { ObjectNames } from "./object-names.js";

/** What a goroutine does in one step, in a sentence's words; with `other` where the two meet. */
export function actWords(act: Act, other: Act | undefined, names: ObjectNames): string {
  const object = act.accesses[0] && names.of(act.accesses[0], act.op);
  if (other) return `sends on ${object} to ${short(other.goroutine)}, which receives at ${at(place(other.stack))}`;
  switch (act.op) {
    case "select":
      return select(act, names);
    case "wgadd":
      return (act.detail ?? 0) < 0 ? `calls Done on ${object}` : `adds ${act.detail ?? "?"} to ${object}`;
    case "answer":
      return act.detail === 1 ? "fails" : "is answered";
    case "random":
      return `draws the random number ${act.detail ?? "?"}`;
    default:
      return plain(act, object);
  }
}

function plain({ op, note, detail }: Act, object: string | undefined): string {
  const { verb, noun, looks } = operation(op);
  const fault = faultOf({ op, ...optional({ detail }) });
  const what = noun === undefined ? verb : `${verb} ${object ?? "something"}`;
  if (fault !== undefined) return `${what}: ${fault}`;
  if (noun === undefined) return verb;
  const tried = looks === true && detail !== undefined ? (detail === 1 ? ": got it" : ": did not get it") : "";
  return `${what}${note === "closed" ? ", which is closed" : note === "nil" ? ", which is nil" : tried}`;
}

function select(act: Act, names: ObjectNames): string {
  if (act.detail === DEFAULT_CASE) return "selects: takes the default case";
  const taken = act.accesses.length === 1 ? act.accesses[0] : act.accesses[act.detail ?? -1];
  if (!taken) return act.detail === undefined ? "selects" : `selects: takes case ${act.detail + 1}`;
  return `selects: ${operation(taken.op).verb} ${names.of(taken)}`;
}

const short = (name: GoroutineName): string => (name === "1" ? "main" : name);
