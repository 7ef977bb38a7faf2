import { received } from "../../../control/spinning.js";
import { actorsOf, DEFAULT_CASE, type Choice } from "../../../model/run/choice.js";
import type { ObjectId } from "../../../model/ids.js";
import type { GuestGoroutine } from "../../guest/guest-goroutine.js";
import { isTakenFrom, netTakesNothing } from "../../net/net-objects.js";
import { isChannelOp, partyOfGoroutine } from "../../guest/guest-operations.js";
import type { GuestObjects } from "../../guest/guest-objects.js";

/**
 * Steps that the natural run is followed once a test is over: what goes on and on then (a publisher that nobody stops) is not waited for any
 * longer, and the test has passed, or failed, all the same. The searches have limits of their own, and may look further (LongRunFallback).
 */
export const AFTER_TEST = 120_000;

/**
 * A receive from a channel that is closed and empty (the Done of a context that is cancelled, too) is always ready and
 * brings nothing: a look, like any other poll. So is an accept of a listener that is closed, and a read of a connection that is over or
 * whose deadline is (a loop that goes on after each error). The channel, or the socket, if the step is one; ask before it is taken.
 */
export function receivesNothing(choice: Choice, actor: GuestGoroutine | undefined, objects: GuestObjects): ObjectId | undefined {
  if (choice.kind !== "go" || actor === undefined || choice.case === DEFAULT_CASE) return undefined;
  if (isTakenFrom(actor)) return netTakesNothing(actor, objects);
  if (!isChannelOp(actor.op)) return undefined;
  const { direction, channel } = partyOfGoroutine(actor, objects).offers[choice.case ?? 0] ?? {};
  if (direction !== "recv" || channel === undefined) return undefined;
  const { closed, length } = objects.channel(channel, () => false);
  return closed && length === 0 ? channel : undefined;
}

/**
 * Counts them, goroutine by goroutine. What it does between two of them (locks, counters, goroutines that it starts) is
 * no sign of an end; a value that is sent or received is, and so is a wait for time, or a channel that it closes: that can be
 * done once, so it has made a new one (go-retry: a hundred thousand contexts that are cancelled before their first use).
 */
export function countEmptyReceives(choice: Choice, actors: readonly GuestGoroutine[], from: ObjectId | undefined): void {
  for (const actor of actors) {
    if (from !== undefined || isTakenFrom(actor) || (isChannelOp(actor.op) && !isDefaultOf(choice)) || actor.op === "sleep" || actor.op === "close") received(actor, choice, from);
  }
}

const isDefaultOf = (choice: Choice): boolean => actorsOf(choice).length === 1 && choice.kind === "go" && choice.case === DEFAULT_CASE;
