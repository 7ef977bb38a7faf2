import type { Frame } from "../../model/goroutine/stack.js";
import { panicText, placeOf } from "../api/panic.js";
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

/** Work that the platform was asked to do, and whose answer may still come. */
export interface OutsideRequest {
  /** As the platform calls it: FSREQCALLBACK, TCPCONNECTWRAP. */
  readonly what: string;
  readonly at: Frame | undefined;
}

/** As undici says of a fetch. */
const FETCH_FAILED = /^fetch failed$/;

/** The sentence for a run that failed after its clock had moved while an answer from outside was due. */
export function overtakenAnswer(member: ControlledGoroutine, error: unknown): string {
  return (
    `goroutine ${member.name} (${member.entry}) failed (${panicText(error)}) after virtual time had passed while an answer from outside was due, which may ` +
    `come before any time-out, and unpark does not control when: ${FETCH_FAILED.test(panicText(error)) ? "let the process answer it (a mock, msw, undici's MockAgent), " : ""}await it through outside(…), or replace it by a channel`
  );
}

/** The sentence for a run in which no goroutine can go on before an answer from outside. */
export function outsideAnswer(member: ControlledGoroutine, { what, at }: OutsideRequest): string {
  const where = at === undefined ? "" : `, asked for at ${at.file}:${at.line},`;
  return (
    `an answer from outside (${what})${where} may still let goroutine ${member.name} (${member.entry}) go on, and unpark ` +
    "does not control when: await it through outside(…), or replace it by a channel"
  );
}
