import { setTimeout as sleep } from "node:timers/promises";
import type { Discovery, FoundTargets } from "./discovered.js";

/** A discovery that is asked again and again, for nothing tells of changes there. */
export function refreshed(name: string, everyMs: number, once: (signal: AbortSignal) => Promise<FoundTargets>): Discovery {
  return {
    name, once,
    follow: async (signal, onFound) => {
      while (!signal.aborted) {
        const found = await once(signal);
        if (signal.aborted) return;
        onFound(found);
        await pause(everyMs, signal);
      }
    },
  };
}

/** Until the time is over or the signal comes. */
export const pause = (ms: number, signal: AbortSignal): Promise<void> => sleep(ms, undefined, { signal }).catch(() => undefined);
