import { optional } from "../../base/optional.js";
import { DEFAULT_CASE } from "../../model/run/choice.js";
import { at, place } from "../../model/source/blame.js";
import type { GoroutineName } from "../../model/ids.js";
import { faultOf } from "../../model/run/fault.js";
import { operation, type Access } from "../../model/run/operation.js";
import type { Act } from "../../model/run/trace.js";
import type { ObjectNames } from "./object-names.js";

/** What a goroutine does in one step, in a sentence's words; with `other` where the two meet. */
export function actWords(act: Act, other: Act | undefined, names: ObjectNames): string {
  const object = act.accesses[0] && names.of(act.accesses[0], act.op);
  const own = labelled(act.accesses[0], act, object);
  if (own !== undefined) return own;
  if (other) return `sends on ${object} to ${short(other.goroutine)}, which receives at ${at(place(other.stack))}`;
  switch (act.op) {
    case "select":
      return select(act, names);
    case "wgadd":
      return (act.detail ?? 0) < 0 ? `calls Done on ${object}` : `adds ${act.detail ?? "?"} to ${object}`;
    case "answer":
      return ANSWERS[act.detail ?? 0]!;
    case "random":
      return `draws the random number ${act.detail ?? "?"}`;
    default:
      return plain(act, object);
  }
}

/** As promises/outside.ts numbers them. */
const ANSWERS = ["is answered", "fails", "is never answered"];

/** What it does to a thing that the program knows by another name than the operation tells. */
function labelled(access: Access | undefined, { op, detail }: Act, object: string | undefined): string | undefined {
  if (access?.label === undefined || op === "select") return undefined;
  switch (access.label.kind) {
    case "context":
      return op === "recv" ? `sees that ${object} is over` : op === "close" ? `ends ${object}` : undefined;
    case "AbortSignal":
      return `sees that ${object} has aborted`;
    case "goroutine":
      return `joins ${object}`;
    case "errgroup":
      return op === "wgwait" ? `has waited for ${object}` : (detail ?? 0) < 0 ? `is over for ${object}` : `adds a goroutine to ${object}`;
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
  const object = names.of(taken);
  return `selects: ${labelled(taken, { ...act, op: taken.op }, object) ?? `${operation(taken.op).verb} ${object}`}`;
}

const short = (name: GoroutineName): string => (name === "1" ? "main" : name);
