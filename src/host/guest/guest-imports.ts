import type { FileSystem } from "../files/file-system.js";
import type { Callers } from "../ignored/ignored-operations.js";
import type { GoRun } from "../run/go-run.js";
import { processCalls } from "../wasi/environment.js";
import { readClock, timeCalls, type TimeSource } from "../wasi/time-calls.js";
import { callArguments } from "./call-arguments.js";
import type { GuestMemory } from "./guest-memory.js";
import { EVENT, STATE } from "./guest-protocol.js";
import type { LeakCollector } from "./leak-collector.js";

/** Ends the guest from inside an import: it never returns. */
export class GuestExit extends Error {
  readonly code: number;
  constructor(code: number) {
    super(`exit ${code}`);
    this.code = code;
  }
}

/** What the guest's calls reach. */
export interface GuestCalls {
  readonly args: readonly string[];
  readonly environment: readonly string[];
  /** The module asks at each use of memory (watched-memory.ts); else it tells of long writes (dirty-pages.ts). */
  readonly isWatched: boolean;
  readonly memory: GuestMemory;
  readonly files: FileSystem;
  readonly time: TimeSource;
  readonly callers: Callers;
  readonly collector: LeakCollector;
  /** The run that goes on; undefined before control begins. */
  run(): GoRun | undefined;
  /** Address of the asking goroutine's random state; undefined before control begins. */
  randomState(): number | undefined;
  /** unparkMain: where the box is; answers whether to take control at once (a main program: 1) or before the tests (0). */
  begin(box: number): number;
  /** A loop has made so many jumps (instrument.ts): sets how many it may make, or throws GuestStopped. */
  moreJumps(): void;
  /** Our own goroutine is there, which collects. */
  collectorStarted(g: number): void;
  /** A test that -test.run lets through. */
  test(name: string): void;
  /** The test that the run is one of; -1: the main program. */
  selected(): number;
  /** The subtest of it that the run is cut down to; with `list` its subtests are named, and none is run. */
  part(): ProgramPart;
  /** A subtest of what the run is one of. */
  subtest(name: string): void;
}

/** Of a test: all of it, one of its subtests by its full name, or only the names of the subtests of either. */
export type ProgramPart = "whole" | { readonly subtest: string } | { readonly list: string | undefined };

type Imports = Record<string, (...args: never[]) => unknown>;

const ENOSYS = 52;

export function guestImports(module: WebAssembly.Module, calls: GuestCalls): Record<string, Imports> {
  const { files, memory, time } = calls;
  const wasi: Imports = {
    ...files.table,
    ...processCalls(calls.args, calls.environment, memory),
    ...timeCalls(memory, time, () => calls.run(), () => calls.randomState()),
    proc_exit: (code: number): never => {
      throw new GuestExit(code);
    },
    sched_yield: () => 0,
    proc_raise: () => ENOSYS,
  };
  const missing = WebAssembly.Module.imports(module).filter((one) => one.module === "wasi_snapshot_preview1" && !(one.name in wasi));
  for (const { name } of missing) wasi[name] = () => ENOSYS;
  return { wasi_snapshot_preview1: wasi, unpark: hooks(calls) };
}

/** The functions of go/runtime/unpark_host.go that the host supplies (`//go:wasmimport unpark …`). */
function hooks(calls: GuestCalls): Imports {
  const { callers, collector, memory, time } = calls;
  const decoder = new TextDecoder();
  const text = (address: number, length: number): string => (length === 0 ? "" : decoder.decode(memory.bytes(address, length)));
  return {
    begin: (box: number) => calls.begin(box >>> 0),
    point: (op: number, g: number, object: number, aux: number, pc: number) => calls.run()!.hooks.onPoint(op, g >>> 0, object >>> 0, aux, pc >>> 0),
    arguments: (n: number, pc: number, frame: number, info: number) => calls.run()?.hooks.onArguments(n, pc >>> 0, callArguments(memory, frame >>> 0, info >>> 0)),
    name: (pc: number, name: number, length: number) => callers.name(pc >>> 0, text(name, length)),
    started: (parent: number, child: number) => calls.run()?.hooks.events.onStarted(parent >>> 0, child >>> 0),
    event: (kind: number, a: number) => {
      if (kind === EVENT.collector) calls.collectorStarted(a >>> 0);
      else calls.run()?.hooks.events.onEvent(kind, a);
    },
    stub: (name: number, length: number) => calls.run()?.hooks.onStub(text(name, length)),
    fuel: () => calls.moreJumps(),
    access: (address: number, site: number) => (calls.isWatched ? calls.run()?.hooks.onAccess(address >>> 0, site) : memory.mark(address >>> 0, site >>> 0)),
    clock: () => readClock(time, calls.run()),
    idle: () => calls.run()!.hooks.onIdle(),
    random: () => calls.run()!.hooks.onRandom(),
    fault: () => calls.run()?.hooks.onFault() ?? 0,
    test: (name: number, length: number) => calls.test(text(name, length)),
    selected: () => calls.selected(),
    part: (to: number, most: number) => {
      const part = calls.part();
      const lists = typeof part === "object" && "list" in part;
      const name = part === "whole" ? "" : "list" in part ? (part.list ?? "") : part.subtest;
      const bytes = new TextEncoder().encode(name).subarray(0, most);
      memory.bytes(to >>> 0, bytes.length).set(bytes);
      return lists ? -1 - bytes.length : bytes.length;
    },
    subtest: (name: number, length: number) => calls.subtest(text(name, length)),
    goroutine: (g: number, id: number, status: number, reason: number, length: number, leaked: number, parent: number) =>
      collector.goroutine(g >>> 0, id, status, text(reason, length), leaked !== 0, parent),
    frame: (fn: number, fnLength: number, file: number, fileLength: number, line: number) =>
      collector.frame(text(fn, fnLength), text(file, fileLength), line),
    state: (g: number) => calls.run()?.hooks.shown.at(g >>> 0) ?? STATE.other,
    symbolize: () => collector.nextAddress(),
  };
}
