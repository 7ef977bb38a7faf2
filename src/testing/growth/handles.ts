import { createHook, executionAsyncId } from "node:async_hooks";
import type { RawFrame } from "../../runtime/observe/engine-frames.js";
import { placeNow, type CurrentRepetition, type GrowthWatch, type LeftThing } from "./left-thing.js";

/** Node's Timeout, as far as it is needed (lib/internal/timers.js). */
interface TimeoutLike {
  readonly _repeat: number | null;
  _idleTimeout: number;
  readonly _idleStart: number;
  refresh(): unknown;
}

interface OpenResource {
  readonly type: string;
  readonly resource: object;
  readonly frames: readonly RawFrame[];
  readonly repetition: number;
}

/** Asynchronous resources of Node's that stay until somebody closes them (async_hooks' types), in words. */
const HANDLES: Readonly<Record<string, string>> = {
  TCPWRAP: "an open connection", TCPSERVERWRAP: "a server that listens", PIPEWRAP: "an open pipe", PIPESERVERWRAP: "a server that listens", TLSWRAP: "an open TLS connection",
  UDPWRAP: "an open UDP socket", FSEVENTWRAP: "a file that is watched", STATWATCHER: "a file that is watched", PROCESSWRAP: "a child process", MESSAGEPORT: "an open message port",
  WORKER: "a worker thread", FILEHANDLE: "an open file", DIRHANDLE: "an open folder", HTTP2SESSION: "an open HTTP/2 session",
};

/** Timers, and handles of the platform: whatever Node says of that it was made, and not that it is gone. */
export class HandleWatch implements GrowthWatch {
  readonly #open = new Map<number, OpenResource>();
  /** Who asked, for what the platform makes later: a server that listens is made when its address was looked up. */
  readonly #asked = new Map<number, readonly RawFrame[]>();
  readonly #hook: { disable(): unknown };
  #noting = true;

  constructor(repetition: CurrentRepetition) {
    const init = (id: number, type: string, trigger: number, resource: object): void => {
      if (!this.#noting || type === "PROMISE") return;
      const maker = this.#open.get(executionAsyncId()); // a timer's callback that sets the next one goes on with its repetition
      const of = repetition() ?? maker?.repetition;
      if (of === undefined) return;
      const frames = placeNow(init, false) ?? this.#asked.get(executionAsyncId()) ?? this.#asked.get(trigger);
      if (frames === undefined) return;
      if (type !== "Timeout" && HANDLES[type] === undefined) this.#asked.set(id, frames);
      else this.#open.set(id, { type, resource, frames, repetition: of });
    };
    const destroy = (id: number): void => {
      this.#open.delete(id);
      this.#asked.delete(id);
    };
    this.#hook = createHook({ init, destroy }).enable();
  }

  /** Timers that fire once, the next first. */
  once(): readonly TimeoutLike[] {
    const timers = [...this.#open.values()].filter(({ type }) => type === "Timeout").map(({ resource }) => resource as TimeoutLike);
    return timers.filter(({ _repeat }) => _repeat === null).sort((a, b) => a._idleStart + a._idleTimeout - b._idleStart - b._idleTimeout);
  }

  left(): readonly LeftThing[] {
    return [...this.#open.values()].map(({ type, resource, frames, repetition }) => {
      if (type !== "Timeout") return { kind: "handle" as const, what: HANDLES[type]!, frames, repetition, inNew: false };
      const what = (resource as TimeoutLike)._repeat === null ? "a timer that is set again and again" : "an interval";
      return { kind: "timer" as const, what, frames, repetition, inNew: false };
    });
  }

  forget(): void {
    // Node tells what is gone.
  }

  stop(): void {
    this.#noting = false;
    this.#hook.disable();
  }
}
