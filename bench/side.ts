// Trees of Unpark that are measured beside each other, each in a thread with the room that its own pool gives one.
import { once } from "node:events";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import type * as shortLived from "../src/host/guest/short-lived.js";

/** One tree, in its thread. */
export interface Side<Asked> {
  /** What the thread says at first: its programs. */
  readonly names: readonly string[];
  ask<T>(asked: Asked): Promise<T>;
}

/** This tree, and the other one where there is one. `script`: the thread's, beside this file; it gets the tree's folder as `workerData`. */
export async function sidesOf<Asked>(script: string, other: string | undefined): Promise<readonly Side<Asked>[]> {
  const sides: Side<Asked>[] = [];
  for (const tree of [fileURLToPath(new URL("../..", import.meta.url)), ...(other === undefined ? [] : [resolve(other)])]) sides.push(await sideOf<Asked>(script, tree));
  return sides;
}

async function sideOf<Asked>(script: string, tree: string): Promise<Side<Asked>> {
  const { ROOM_FOR_A_RUN } = (await import(pathToFileURL(join(tree, "dist/src/host/guest/short-lived.js")).href).catch(() => ({}))) as Partial<typeof shortLived>;
  const thread = new Worker(new URL(script, import.meta.url), { workerData: tree, ...(ROOM_FOR_A_RUN && { resourceLimits: ROOM_FOR_A_RUN }) });
  thread.unref();
  const answer = async (): Promise<unknown> => ((await once(thread, "message")) as readonly unknown[])[0];
  const names = (await answer()) as readonly string[];
  return {
    names,
    ask: <T>(asked: Asked): Promise<T> => {
      thread.postMessage(asked);
      return answer() as Promise<T>;
    },
  };
}
