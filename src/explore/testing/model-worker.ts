// A worker thread that helps to explore a model program. Started by model-workers.ts.
import { parentPort } from "node:worker_threads";
import { help } from "../workers/helper.js";
import { ModelProgram } from "./model-program.js";
import type { ModelProgramText } from "./model-operations.js";
import type { HelpModel } from "./model-workers.js";
import { signatureOf } from "./signatures.js";

let recall = new AbortController();
parentPort?.on("message", (message: HelpModel | "recall") => {
  if (message === "recall") return recall.abort();
  recall = new AbortController();
  void help(
    message.port,
    ({ context }) => ({
      program: new ModelProgram(context as ModelProgramText),
      judge: (end) => {
        if (message.fate === "throws") throw new Error("the judge says no");
        if (message.fate === "dies") process.exit();
        return signatureOf(end);
      },
    }),
    recall.signal,
  );
});
