import type { GoroutineGroup } from "../../../model/goroutine/goroutine-group.js";
import { countOf, isHung, type SnapshotRule, weigh } from "../suspect-rule.js";

/** golang.org/x/sync/errgroup: Go waits for a slot where SetLimit was called; what it runs has one until it returns. */
const ASKS = /\berrgroup\.\(\*Group\)\.Go$/;
const RUNS = /\berrgroup\.\(\*Group\)\.(?:Go|TryGo|add)\.func\d+$/;

/** Functions that an errgroup runs, and that call Go of an errgroup whose slots are all taken: by themselves, if it is the same. */
export const ownSlot: SnapshotRule = {
  code: "own-slot",
  doc: "Goroutines of an errgroup with a limit that wait in its Go for a slot: where nobody else runs in it, they hold all slots themselves.",
  look(group, view) {
    if (!asks(group)) return undefined;
    const others = countOf(view.groups, (other) => runs(other) && !asks(other));
    const { confidence, evidence } = weigh(group, view);
    const told = others === 0 && isHung(view);
    return {
      cause: "send-without-receiver",
      what: "waiting for a slot of the errgroup that it runs in itself",
      confidence: told ? "high" : others === 0 && confidence !== "low" ? confidence : "low",
      evidence: [
        `it runs in an errgroup, so it holds a slot, and waits in Go for another one (SetLimit)`,
        others === 0 ? "no goroutine of an errgroup does anything else: nobody will give a slot back" : `${others} other goroutine${others === 1 ? "" : "s"} of an errgroup may give a slot back`,
        ...evidence,
      ],
    };
  },
};

const asks = (group: GoroutineGroup): boolean => group.kind === "send" && runs(group) && group.stack.some((frame) => ASKS.test(frame.function));
const runs = (group: GoroutineGroup): boolean => group.stack.some((frame) => RUNS.test(frame.function));
