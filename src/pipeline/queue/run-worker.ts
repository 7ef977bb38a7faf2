import { randomInt } from "node:crypto";
import { join } from "node:path";
import { ok, type Result } from "../../base/result.js";
import { openNats } from "../../queue/nats/open-nats.js";
import { cacheFolder } from "../../base/user-folders.js";
import { engine } from "../results/open-results.js";
import { SpecReceiver } from "./portable-spec.js";
import { QueueWorker, type WorkerOptions } from "./worker.js";
import { WorkerSlot } from "./worker-slot.js";

interface RunWorkerOptions extends Omit<WorkerOptions, "version" | "shown"> {
  readonly url: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly threads: number;
  /** Called once, when it is connected, with the queue's name. */
  readonly ready: (queue: string) => void;
}

/** `unpark worker`: until it is told to end. An error: it could not begin. */
export async function runWorker({ url, env, threads, ready, ...options }: RunWorkerOptions): Promise<Result<void, string>> {
  const { version, shown } = engine();
  const opened = await openNats(url, env, version, options.say);
  if (!opened.ok) return opened;
  const queue = opened.value;
  const specs = new SpecReceiver(queue, join(cacheFolder(env), "queue"));
  // Threads of different machines go for different random walks.
  const own = randomInt(2 ** 30);
  const slots = Array.from({ length: threads }, (_, i) => new WorkerSlot(specs, (own + i * 1_000_003) >>> 0));
  ready(queue.name);
  await new QueueWorker(queue, slots, { ...options, version, shown }).run();
  await queue.close();
  return ok(undefined);
}
