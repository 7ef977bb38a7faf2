import type { GoroutineName, ObjectId } from "../../model/ids.js";
import type { Goroutine } from "../../model/goroutine/snapshot.js";
import type { Act } from "../../model/run/trace.js";
import { at, place } from "../../model/source/blame.js";
import { caseTaken, cited } from "./syntax.js";
import { count, placeOf, stateWords, nameOf, type RunIndex, type ObjectUse } from "./run-index.js";

/** What was done on one channel during the run, and who still waits for it at the end. */
interface ChannelHistory {
  readonly sends: readonly ObjectUse[];
  readonly receives: readonly ObjectUse[];
  readonly closes: readonly ObjectUse[];
  /** Names of the goroutines blocked at the end with a send, or a receive, of this channel (a select's case too). */
  readonly waitingSenders: readonly GoroutineName[];
  readonly waitingReceivers: readonly GoroutineName[];
}

export function channelHistory(index: RunIndex, channel: ObjectId): ChannelHistory {
  const uses = index.uses(channel);
  const waiting = (direction: "send" | "recv"): GoroutineName[] =>
    index.snapshot.goroutines.flatMap(({ name, blockedOn }) =>
      name !== undefined && blockedOn?.objects.some(({ object, op }) => object === channel && op === direction) ? [name] : [],
    );
  return {
    sends: uses.filter(({ op }) => op === "send"),
    receives: uses.filter(({ op, act }) => op === "recv" && act.note !== "closed"),
    closes: uses.filter(({ op }) => op === "close"),
    waitingSenders: waiting("send"),
    waitingReceivers: waiting("recv"),
  };
}

/** The channel that a goroutine is blocked on, when it is exactly one and by that operation. */
export function blockedChannel(goroutine: Goroutine, op: "send" | "recv"): ObjectId | undefined {
  const blocked = goroutine.blockedOn;
  if (!blocked || blocked.op !== op || blocked.nil) return undefined;
  return blocked.objects[0]?.object;
}

/**
 * Who did the other half and where that one is now, a sentence for each goroutine, or that nobody ever did: `main
 * received 1 value, the last at main.go:9 (step 4), and returned`.
 */
export function partners(index: RunIndex, uses: readonly ObjectUse[], did: "sent" | "received"): readonly string[] {
  if (uses.length === 0) return [`nobody ever ${did === "sent" ? "sent on" : "received from"} this channel`];
  const names = [...new Set(uses.map(({ act }) => act.goroutine))];
  if (names.length > MOST_NAMES && names.every((name) => index.life(name)?.endedAt !== undefined)) {
    const last = uses.at(-1)!;
    return [`${count(names.length, "goroutine")} ${did} ${count(uses.length, "value")}, the last at ${placeOf(last.act)} (step ${last.step}), and have ended`];
  }
  const told = names.slice(0, MOST_NAMES).map((name) => {
    const own = uses.filter(({ act }) => act.goroutine === name);
    const last = own.at(-1)!;
    return `${nameOf(index, name)} ${did} ${count(own.length, "value")}, the last at ${placeOf(last.act)} (step ${last.step}), and ${stateWords(index, name)}`;
  });
  return names.length > told.length ? [...told, `and ${count(names.length - told.length, "other goroutine")} ${did} too`] : told;
}

/** More would fill the screen: a test has a hundred clients. */
const MOST_NAMES = 3;

/**
 * Who could have done the other half, and did something else: a select with that case took another one. The loop that would have
 * received has returned, mostly.
 */
export function passedBy(index: RunIndex, channel: ObjectId, half: "send" | "recv"): readonly string[] {
  const did = new Set(index.uses(channel).filter(({ op }) => op === half).map(({ act }) => act.goroutine));
  const last = new Map<GoroutineName, ObjectUse>();
  index.trace.steps.forEach(({ acts }, step) => {
    for (const act of acts) {
      const offered = act.op === "select" && act.accesses.some(({ object, op }) => object === channel && op === half);
      if (offered && !did.has(act.goroutine)) last.set(act.goroutine, { step: step + 1, act, op: half });
    }
  });
  const over = [...last].filter(([name]) => index.life(name)?.endedAt !== undefined);
  const verb = half === "send" ? "sent on it" : "received from it";
  return over.slice(0, MOST_NAMES).map(([name, { act, step }]) => `${nameOf(index, name)} could have ${verb} in the select at ${placeOf(act)}, took ${otherCase(index, act)} (step ${step}), and ${stateWords(index, name)}`);
}

/** By its line, where the source tells it. */
function otherCase({ context }: RunIndex, act: Act): string {
  const frame = place(act.stack);
  const taken = frame.file.endsWith(".go") && (act.detail ?? -1) >= 0 ? caseTaken(context, frame, act.detail!) : undefined;
  return taken === undefined ? "another case of it" : `that of ${cited(context, frame.file, taken.line)} instead`;
}

/** Who sent on a channel; where nobody did in this run and values were received all the same, where those may come from. */
export function senders(index: RunIndex, { sends, receives }: ChannelHistory): readonly string[] {
  const last = receives.at(-1);
  if (sends.length > 0 || last === undefined) return partners(index, sends, "sent");
  return [`no goroutine sent on this channel: the ${count(receives.length, "value")} received, the last at ${placeOf(last.act)} (step ${last.step}), came from a timer, or lay in it before`];
}

/** Of a receive that waits: who received the last value, where there was one for somebody else. */
export function lastTaker(index: RunIndex, { name }: Goroutine, receives: readonly ObjectUse[]): readonly string[] {
  const last = receives.at(-1);
  if (last === undefined || last.act.goroutine === name) return [];
  return [`${nameOf(index, last.act.goroutine)} received the last value at ${placeOf(last.act)} (step ${last.step}), and ${stateWords(index, last.act.goroutine)}`];
}

/** Why a send to a buffered channel waits, and who sent what lies in it: one that took a slot and did not give it back, mostly. */
export function full(index: RunIndex, { name, blockedOn }: Goroutine, channel: ObjectId): readonly string[] {
  const { sends, receives } = channelHistory(index, channel);
  const held = blockedOn?.capacity ?? sends.length - receives.length; // of a select's channels the capacity is not kept
  if (held <= 0) return [];
  const last = sends.at(-1);
  const words = `the channel's buffer is full: it holds ${count(held, "value")}`;
  if (last === undefined) return [words];
  const sender = last.act.goroutine;
  return [`${words}; ${nameOf(index, sender)} sent the last at ${placeOf(last.act)} (step ${last.step})${sender === name ? "" : `, and ${stateWords(index, sender)}`}`];
}

/** What else could have ended the wait, of an operation that an AbortSignal may end. */
export const endings = ({ blockedOn }: Goroutine): readonly string[] =>
  blockedOn?.op !== "select" && blockedOn?.objects.some(({ label }) => label?.kind === "AbortSignal") === true ? ["nothing aborted its AbortSignal"] : [];

export const here = (goroutine: Goroutine): string => at(place(goroutine.stack));
