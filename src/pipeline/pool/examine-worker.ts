// A worker thread: lists and examines a module's programs, one after the other, or helps another worker, as it is told. Started by pool.ts.
import { parentPort, type MessagePort } from "node:worker_threads";
import type { Result } from "../../base/result.js";
import type { Examination, Failure } from "../../model/results/examination.js";
import { LastModule, examineModule, helpModule } from "../examine/examine-module.js";
import { programsOf } from "../go/load-module.js";
import type { ModuleSpec, ProgramRef } from "../go/module-spec.js";
import type { ExploreSettings } from "../../explore/explore-settings.js";
import type { Progress } from "../config/progress.js";

/** What a worker is to do, until it says that it is done. */
export type Job = ListJob | ExamineJob | HelpJob;

export interface ListJob {
  readonly kind: "list";
  readonly spec: ModuleSpec;
}

export interface ExamineJob {
  readonly kind: "examine";
  readonly spec: ModuleSpec;
  readonly which: ProgramRef;
  readonly settings: ExploreSettings;
  /** Is the natural schedule's output wanted while it runs? */
  readonly output: boolean;
  /** Bytes of output that nobody has read yet, shared (an Int32): a reader that is slow keeps the program waiting. */
  readonly unread: SharedArrayBuffer;
}

export interface HelpJob {
  readonly kind: "help";
  readonly spec: ModuleSpec;
  readonly which: ProgramRef;
  /** To the worker that examines the program. */
  readonly port: MessagePort;
}

/** `end`: what it is doing is to come to an end soon, whatever it is. `forget`: no job of the same modules comes. `helper`: somebody comes to help. */
export type ToWorker = Job | { readonly kind: "end" } | { readonly kind: "forget" } | { readonly kind: "helper"; readonly port: MessagePort };

export type FromWorker =
  | { readonly kind: "output"; readonly stream: "stdout" | "stderr"; readonly bytes: Uint8Array }
  | { readonly kind: "progress"; readonly progress: Progress }
  /** There is more to explore than one can do. */
  | { readonly kind: "call" }
  /** Nobody is needed any more. */
  | { readonly kind: "dismiss" }
  | { readonly kind: "listed"; readonly programs: Result<readonly string[], string> }
  | { readonly kind: "examined"; readonly result: Result<Examination, Failure> }
  | { readonly kind: "helped" }
  | { readonly kind: "crashed"; readonly message: string; readonly stack: string | undefined };

const port = parentPort!;
let modules = new LastModule();
let ending = new AbortController();
let join: ((port: MessagePort) => void) | undefined;
const say = (message: FromWorker): void => port.postMessage(message);

port.on("message", (message: ToWorker) => {
  if (message.kind === "end") ending.abort();
  else if (message.kind === "forget") modules = new LastModule();
  else if (message.kind === "helper") welcome(message.port);
  else void work(message);
});

/** Who comes too late is told so by a closed port. */
function welcome(helper: MessagePort): void {
  if (join) join(helper);
  else helper.close();
}

async function work(job: Job): Promise<void> {
  ending = new AbortController();
  join = undefined;
  try {
    if (job.kind === "list") say({ kind: "listed", programs: programsOf(job.spec, modules.load) });
    else if (job.kind === "examine") say({ kind: "examined", result: await examined(job) });
    else {
      await helpModule(job.spec, job.which, job.port, ending.signal, modules.load);
      say({ kind: "helped" });
    }
  } catch (error) {
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    say({ kind: "crashed", message, stack });
  }
}

function examined({ spec, which, settings, output, unread }: ExamineJob): Promise<Result<Examination, Failure>> {
  return examineModule(spec, which, settings, {
    signal: ending.signal,
    progress: (progress) => say({ kind: "progress", progress }),
    ...(output ? { output: (stream: "stdout" | "stderr", bytes: Uint8Array) => put(stream, bytes, new Int32Array(unread)) } : {}),
    helpers: {
      call: (welcomed) => {
        join = welcomed;
        say({ kind: "call" });
      },
      dismiss: () => {
        join = undefined;
        say({ kind: "dismiss" });
      },
    },
  }, modules.load);
}

function put(stream: "stdout" | "stderr", bytes: Uint8Array, unread: Int32Array): void {
  Atomics.add(unread, 0, bytes.length);
  say({ kind: "output", stream, bytes: bytes.slice() });
  for (let count = Atomics.load(unread, 0); count > MOST_UNREAD; count = Atomics.load(unread, 0)) Atomics.wait(unread, 0, count);
}

const MOST_UNREAD = 1 << 22;
