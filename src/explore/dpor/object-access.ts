import { DEFAULT_CASE, type Choice } from "../../model/run/choice.js";
import { OPERATIONS, type Access, type OpKind } from "../../model/run/operation.js";
import type { Pending } from "../../model/run/program.js";

/**
 * What a step does to an object, as dependence sees it. Beyond the operations themselves:
 * - `meet`: a send and a receive on an unbuffered channel, in one step;
 * - `probe-send`, `probe-recv`: a select took its default, having found no room, no value;
 * - `offer-send`, `offer-recv`: a select's case that was not taken, or is not yet. It changes nothing, but what makes
 *   it ready gives the select another alternative. `offer-load`: the timer and the clock behind a case's channel.
 */
const EXTRA = ["meet", "probe-send", "probe-recv", "offer-send", "offer-recv", "offer-load"] as const;
export type AccessKind = OpKind | (typeof EXTRA)[number];

export const KINDS: readonly AccessKind[] = [...OPERATIONS, ...EXTRA];
const CODES = new Map<AccessKind, number>(KINDS.map((kind, code) => [kind, code]));
export const codeOf = (kind: AccessKind): number => CODES.get(kind)!;

/** Numbers instead of words, for there are some in every step. -1: not known. */
export interface DependencyAccess {
  readonly object: number;
  readonly kind: number;
  readonly before: number;
  readonly capacity: number;
  readonly delta: number;
  /** An offer of a select that has, or may have, a default. */
  readonly orElse: boolean;
  /** On a buffer: the how manieth value of the channel it sends or takes. Set when the step enters the history. */
  seq: number;
}

const UNKNOWN = -1;
const SEND = codeOf("send");
const RECV = codeOf("recv");
const MEET = codeOf("meet");
const PROBE = { send: codeOf("probe-send"), recv: codeOf("probe-recv") };
const OFFER = { send: codeOf("offer-send"), recv: codeOf("offer-recv"), other: codeOf("offer-load") };

const touch = (access: Access, kind: number, orElse = false): DependencyAccess => ({
  object: access.object,
  kind,
  before: access.before ?? UNKNOWN,
  capacity: access.capacity ?? UNKNOWN,
  delta: access.delta ?? 0,
  orElse,
  seq: UNKNOWN,
});

/** What a step that was done touched, exactly. */
export function dependencyAccesses(choice: Choice, accesses: readonly Access[]): DependencyAccess[] {
  const touches: DependencyAccess[] = [];
  if (choice.kind === "meet") {
    for (const access of accesses) {
      if (access.op === "send") touches.push(touch(access, MEET));
      else if (access.op !== "recv") touches.push(touch(access, codeOf(access.op)));
    }
    return touches;
  }
  const probing = choice.kind === "go" && choice.case === DEFAULT_CASE;
  for (const access of accesses) {
    const direction = probing && (access.op === "send" || access.op === "recv") ? access.op : undefined;
    touches.push(touch(access, direction ? PROBE[direction] : codeOf(access.op)));
  }
  return touches;
}

/** A single channel operation with a default is a select, too, whatever the host calls it. */
export const isSelect = (pending: Pending): boolean => pending.op === "select" || pending.hasDefault !== undefined;

/** What an operation that was not done yet would touch, whichever of its alternatives is taken. */
export function pendingAccesses(pending: Pending): DependencyAccess[] {
  if (!isSelect(pending)) return pending.accesses.map((access) => touch(access, codeOf(access.op)));
  const orElse = pending.hasDefault !== false;
  return pending.accesses.map((access) => {
    const kind = access.op === "send" || access.op === "recv" ? OFFER[access.op] : OFFER.other;
    return touch(access, kind, orElse);
  });
}

/** A value goes into a buffer, or comes out of one. */
export const isSent = (t: DependencyAccess): boolean => t.kind === SEND && t.capacity > 0 && t.before >= 0;
export const isTaken = (t: DependencyAccess): boolean => t.kind === RECV && t.capacity > 0 && t.before > 0;
export const isOffer = (t: DependencyAccess): boolean => t.kind >= OFFER.send;
