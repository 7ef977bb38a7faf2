// The thread of parse-apart.ts: pieces in, one after the other; null ends it.
import { parentPort, workerData } from "node:worker_threads";
import { MemoryBudget } from "../../parse/memory.js";
import { AnyParser } from "../../parse/parse.js";
import type { InputOrigin } from "../../parse/result.js";
import { packed } from "./packed-result.js";
import type { ParseReply } from "./parse-apart.js";

const { origin, limit } = workerData as { readonly origin: InputOrigin; readonly limit: number };
const parser = new AnyParser(origin, new MemoryBudget(limit));
const answer = (reply: ParseReply, handed: ArrayBuffer[] = []): void => parentPort!.postMessage(reply, handed);

parentPort!.on("message", (piece: Uint8Array | null) => {
  if (piece === null) {
    const { result, handed } = packed(parser.end());
    return answer({ kind: "parsed", result }, handed);
  }
  parser.push(piece);
  answer({ kind: "taken" });
});
