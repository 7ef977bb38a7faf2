import type { Choice } from "../../../model/run/choice.js";
import type { GoroutineName } from "../../../model/ids.js";
import type { GuestGoroutine } from "../../guest/guest-goroutine.js";
import { CASE_WAIT } from "../../guest/guest-protocol.js";

/** Lets a goroutine go on, with a select case; answers its address. */
type Release = (name: GoroutineName, index: number | undefined) => number;

/** Who goes on within a step, one after the other, whenever the guest has no goroutine left to run. Empty between steps. */
export class WakeQueue {
  #queue: readonly number[] = [];
  /** So many have had their turn. */
  #gone = 0;

  set(addresses: readonly number[]): void {
    this.#queue = addresses;
    this.#gone = 0;
  }

  get isEmpty(): boolean {
    return this.#gone === this.#queue.length;
  }

  next(): number | undefined {
    return this.isEmpty ? undefined : this.#queue[this.#gone++];
  }
}

/** Who has to be let go on for a choice, in which order. `waits`: has the goroutine a select without default? */
export function wakeOrder(choice: Choice, release: Release, hasDefault: (name: GoroutineName) => boolean): readonly number[] {
  switch (choice.kind) {
    case "clock":
      return [];
    case "value":
      return [release(choice.goroutine, undefined)];
    case "go":
      return [release(choice.goroutine, choice.case)];
    case "meet":
      return meetingOrder(choice, release, hasDefault);
  }
}

/**
 * The one who waits in the queue goes first, and the other finds it there. A plain operation always waits on an open
 * unbuffered channel; of two selects one without default is made to (CASE_WAIT), whatever else it could take.
 */
function meetingOrder(
  { sender, sendCase, receiver, recvCase }: Extract<Choice, { kind: "meet" }>,
  release: Release,
  hasDefault: (name: GoroutineName) => boolean,
): readonly number[] {
  const senderWaits = sendCase === undefined || (recvCase !== undefined && !hasDefault(sender));
  return senderWaits
    ? [release(sender, CASE_WAIT), release(receiver, recvCase)]
    : [release(receiver, CASE_WAIT), release(sender, sendCase)];
}

/**
 * A bubble's clock moves, and its Wait returns, only when all its goroutines are parked by the runtime itself
 * (testing/synctest, "durably blocked"). So where nobody in a bubble can go on, they really wait, in order of creation:
 * the one exception to P2 of the seam. Which of two waiting receivers comes first is not explored then.
 */
export function mustWaitInBubbles(goroutines: readonly GuestGoroutine[], canGo: (goroutine: GuestGoroutine) => boolean): readonly GuestGoroutine[] {
  const inBubbles = goroutines.filter((one) => one.phase === "stopped" && one.bubble !== 0);
  const busy = new Set(inBubbles.filter(canGo).map(({ bubble }) => bubble));
  return inBubbles.filter((one) => !busy.has(one.bubble) && WAITS_IN_BUBBLE.has(one.op));
}

/** What blocks durably in a synctest bubble, of what the host stops before; a mutex does not. */
const WAITS_IN_BUBBLE: ReadonlySet<GuestGoroutine["op"]> = new Set<GuestGoroutine["op"]>(["send", "recv", "select", "wgwait"]);
