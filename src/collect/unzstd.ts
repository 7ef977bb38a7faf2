import { Worker } from "node:worker_threads";
import { CollectError, type CollectOptions } from "./collected.js";
import type { Unpacked } from "./zstd-reader.js";

export type UnpackOptions = Pick<CollectOptions, "maxBytes" | "timeoutMs" | "signal">;

/**
 * Node 20's zlib knows no zstd, so a library in JavaScript does it (fzstd), which believes what a block says of itself:
 * ten bytes may keep it busy for seconds, four may become two megabytes. So it works in a thread of its own, which is
 * ended when the time is over, when somebody presses Ctrl-C, and when more came out than is allowed.
 */
export async function* unzstd(chunks: AsyncIterable<Uint8Array>, source: string, { maxBytes, timeoutMs, signal }: UnpackOptions): AsyncGenerator<Uint8Array> {
  const worker = new Worker(new URL("./unzstd-worker.js", import.meta.url), { workerData: { maxBytes }, execArgv: [] });
  let give: (answer: Answer) => void = () => undefined;
  const ask = (piece: Uint8Array | null): Promise<Answer> =>
    new Promise((resolve) => {
      give = resolve;
      worker.postMessage(piece);
    });
  worker.on("message", (answer: Answer) => give(answer));
  worker.on("error", (error) => give({ kind: "damaged", why: error.message }));
  const stop = (): void => give({ kind: "stopped" });
  const late = setTimeout(() => give({ kind: "late" }), timeoutMs);
  signal.addEventListener("abort", stop, { once: true });
  const taken = function* (answer: Answer): Generator<Uint8Array> {
    if (answer.kind !== "unpacked") throw new CollectError(`${source}: ${words(answer, maxBytes, timeoutMs)}`);
    yield* answer.pieces;
  };
  try {
    for await (const chunk of chunks) {
      for (let at = 0; at < chunk.length; at += PIECE) yield* taken(signal.aborted ? { kind: "stopped" } : await ask(new Uint8Array(chunk.subarray(at, at + PIECE))));
    }
    yield* taken(await ask(null));
  } finally {
    clearTimeout(late);
    signal.removeEventListener("abort", stop);
    await worker.terminate();
  }
}

type Answer = Unpacked | { readonly kind: "late" } | { readonly kind: "stopped" };

function words(answer: Exclude<Answer, { kind: "unpacked" }>, maxBytes: number, timeoutMs: number): string {
  switch (answer.kind) {
    case "too-large":
      return `more than ${Math.round(maxBytes / 2 ** 20)} MiB unpacked, given up; --max-size raises the limit`;
    case "damaged":
      return `its zstd data is damaged (${answer.why})`;
    case "late":
      return `not unpacked within ${timeoutMs / 1000} s; --timeout allows more`;
    case "stopped":
      return "interrupted";
  }
}

const PIECE = 1 << 16;
