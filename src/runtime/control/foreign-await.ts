import type { Frame } from "../../model/stack.js";
import { placeOf } from "../api/panic.js";
import type { ControlledGoroutine } from "./controlled-goroutine.js";

/** The sentence for a goroutine that awaits what the runtime does not control; `at`: the await, where it is known. */
export function foreignAwait(member: ControlledGoroutine, at: Frame | undefined): string {
  const last = placeOf(member.stoppedAt);
  const where = at === undefined ? "" : ` at ${at.file}:${at.line}`;
  const after = at !== undefined ? "" : last === undefined ? ", before its first operation" : `, after its operation at ${last}`;
  return (
    `goroutine ${member.name} (${member.entry}) awaits a promise${where} that unpark does not control${after}; ` +
    "await it through outside(…), or replace it by a channel"
  );
}
