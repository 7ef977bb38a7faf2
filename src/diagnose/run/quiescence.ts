import type { Outcome } from "../../model/run/outcome.js";
import type { Goroutine, Snapshot } from "../../model/goroutine/snapshot.js";

/**
 * A main at rest is deadlocked, unless it waits for what comes from outside: connections, or a signal that it asked for.
 * Those do not come under control, but a server that waits for its first client is no deadlock. Where the collection
 * proves that nothing can reach what main waits for, it is one all the same: no signal would help.
 *
 * Nor is it one where finalizers wake somebody: natively the collector comes again and again.
 */
export function outcomeAtRest(outcome: Outcome, { goroutines, wokenByFinalizers }: Snapshot, closedWorld: boolean): Outcome {
  if (outcome.kind === "deadlock" && wokenByFinalizers === true) return { kind: "horizon", scopeOver: false, cutShort: 0, limit: "collector" };
  if (outcome.kind !== "deadlock" || !closedWorld || !goroutines.some(waitsForOutside)) return outcome;
  const main = goroutines.find(({ name }) => name === "1");
  if (main?.unreachable === true && !accepts(main)) return outcome;
  return { kind: "horizon", scopeOver: false, cutShort: 0, limit: "outside" };
}

const waitsForOutside = (goroutine: Goroutine): boolean => accepts(goroutine) || listensToSignals(goroutine);

/** net's listeners, the real ones and those of wasip1 (net/net_fake.go). */
const accepts = ({ stack }: Goroutine): boolean => stack.some((frame) => /^net\.\(\*\w+\)\.[aA]ccept\w*$/.test(frame.function));
/** Started by the first signal.Notify (os/signal/signal_unix.go). */
const listensToSignals = ({ stack }: Goroutine): boolean => stack.some((frame) => frame.function === "os/signal.loop");
