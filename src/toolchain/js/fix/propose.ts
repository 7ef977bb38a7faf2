import type { FixCandidate, FixProposals, FixRefusal, FixSite, Way } from "../../../model/results/fix.js";
import { Objects } from "./objects.js";
import { Site, type WayHere } from "./site.js";
import type { Sources } from "./sources.js";
import { awaitAdded, listenerRemoved, signalPassed } from "./ways/async.js";
import { buffer, closeOwner, closeSender, make } from "./ways/channel.js";
import { doneAdded, selectDone } from "./ways/done.js";
import { giveBack } from "./ways/give-back.js";
import { waitgroupCount, waitgroupDone } from "./ways/group.js";
import { lockApart, unlock, unlockLast } from "./ways/lock.js";
import { quitAdded } from "./ways/quit.js";

/** The ways that there are for TypeScript: each proposes nothing where its condition does not hold. */
const HERE: Partial<Readonly<Record<Way, WayHere>>> = {
  buffer, make, "close-owner": closeOwner, "close-sender": closeSender, "done-added": doneAdded, "select-done": selectDone,
  unlock, "unlock-last": unlockLast, "lock-apart": lockApart, "waitgroup-count": waitgroupCount, "waitgroup-done": waitgroupDone, "quit-added": quitAdded,
  "await-added": awaitAdded, "give-back": giveBack, "signal-passed": signalPassed, "listener-removed": listenerRemoved,
};

/** Proposals for each finding, in its order. Nothing is known of one but that it parses. */
export function proposals(sources: Sources, sites: readonly FixSite[]): readonly FixProposals[] {
  const objects = new Objects(sources);
  return sites.map(({ ways, stack, others }) => {
    const site = new Site(sources, objects, stack, others);
    const candidates: FixCandidate[] = [];
    const refused: FixRefusal[] = [];
    const seen = new Set<string>();
    for (const way of ways) {
      const found = HERE[way]?.(site);
      if (typeof found === "string") refused.push({ way, why: found });
      else for (const one of found ?? []) {
        const key = JSON.stringify(one.edits);
        if (!seen.has(key)) candidates.push({ way, ...one });
        seen.add(key);
      }
    }
    return { candidates, refused };
  });
}
