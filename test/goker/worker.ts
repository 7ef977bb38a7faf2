// A worker thread that explores kernels of one built module, one after the other, as scripts/goker.mjs asks.
import { readFileSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import type { GoModule } from "../../src/host/go-module.js";
import { loadGo } from "../../src/host/go-program.js";
import { examine, type ExamineOptions } from "./examine.js";

export interface Job {
  readonly kernel: string;
  readonly documented: readonly string[];
  readonly options: ExamineOptions;
}

/** The module of all kernels, at the point where one of them is chosen. */
export function loadSuite(wasm: string): GoModule {
  const loaded = loadGo({
    name: "goker",
    wasm: readFileSync(wasm),
    args: ["goker.test", "-test.v=false"],
    environment: ["PWD=/"],
    mounts: [],
    cwd: "/",
  });
  if (!loaded.ok) throw new Error(loaded.error);
  return loaded.value;
}

if (parentPort) {
  const port = parentPort;
  const module = loadSuite((workerData as { readonly wasm: string }).wasm);
  port.on("message", ({ kernel, documented, options }: Job) => {
    const program = module.program(module.tests.indexOf(`Test${kernel}`));
    examine(program, kernel, documented.map((pattern) => new RegExp(pattern)), options).then(
      (examination) => port.postMessage({ examination }),
      (error: unknown) => port.postMessage({ kernel, error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    );
  });
  port.postMessage({ ready: true });
}
