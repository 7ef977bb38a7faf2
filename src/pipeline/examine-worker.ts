// A worker thread: examines one program after the other, as it is told. Started by pool.ts.
import { parentPort } from "node:worker_threads";
import type { Result } from "../base/result.js";
import type { Examination, Failure } from "../model/examination.js";
import { examineModule } from "./examine-module.js";
import type { ModuleSpec } from "./module-spec.js";
import type { Progress, Settings } from "./settings.js";

export interface Job {
  readonly kind: "job";
  readonly spec: ModuleSpec;
  readonly index: number;
  readonly settings: Settings;
  /** Is the natural schedule's output wanted while it runs? */
  readonly output: boolean;
}

export type ToWorker = Job | { readonly kind: "abort" };

export type FromWorker =
  | { readonly kind: "output"; readonly stream: "stdout" | "stderr"; readonly bytes: Uint8Array }
  | { readonly kind: "progress"; readonly progress: Progress }
  | { readonly kind: "done"; readonly result: Result<Examination, Failure> }
  | { readonly kind: "crashed"; readonly message: string; readonly stack: string | undefined };

const port = parentPort!;
let abort = new AbortController();
const say = (message: FromWorker): void => port.postMessage(message);

port.on("message", (message: ToWorker) => {
  if (message.kind === "abort") abort.abort();
  else void work(message);
});

async function work({ spec, index, settings, output }: Job): Promise<void> {
  abort = new AbortController();
  try {
    const result = await examineModule(spec, index, settings, {
      signal: abort.signal,
      progress: (progress) => say({ kind: "progress", progress }),
      ...(output ? { output: (stream: "stdout" | "stderr", bytes: Uint8Array) => say({ kind: "output", stream, bytes: bytes.slice() }) } : {}),
    });
    say({ kind: "done", result });
  } catch (error) {
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    say({ kind: "crashed", message, stack });
  }
}
