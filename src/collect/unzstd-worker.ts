// The thread of unzstd.ts: a piece of packed bytes in, what it unpacks to out; null ends it.
import { parentPort, workerData } from "node:worker_threads";
import { ZstdReader } from "./zstd-reader.js";

const reader = new ZstdReader((workerData as { readonly maxBytes: number }).maxBytes);
parentPort!.on("message", (piece: Uint8Array | null) => parentPort!.postMessage(reader.push(piece)));
