import { performance } from "node:perf_hooks";
import { promiseHooks } from "node:v8";
import type { Goroutine } from "../../model/goroutine/snapshot.js";
import { durationOf, type DurationLike } from "../api/duration.js";
import { awaitSource, type AwaitPlace } from "../observe/await-source.js";
import { rawFrames, type RawFrame } from "../observe/engine-frames.js";
import { isUnparks } from "../observe/stack-text.js";
import { frameOf } from "../observe/stack-trace.js";

/** How much of the time awaits are noted, and how many. */
export interface AwaitSamplingOptions {
  /** The part of the time in which awaits are noted: 0.01 is a hundredth. Default 0.01; 1: always. */
  readonly share?: number | undefined;
  /** How long one window of that time is. Default "100ms". */
  readonly window?: DurationLike | undefined;
  /** At most so many are noted in a window, which then ends: what bounds the cost under load. Default 500. */
  readonly perWindow?: number | undefined;
  /** At most so many pending ones are kept; beyond that no more are noted. Default 10,000. */
  readonly most?: number | undefined;
}

/** What `sampleAwaits` gives. */
export interface AwaitSampling {
  /** Where awaits that were noted have not gone on, the most first. */
  places(): readonly AwaitPlace[];
  /** Nothing is noted any more, and the endpoints show none. */
  stop(): void;
}

interface NotedAwait {
  readonly number: number;
  readonly since: number;
  readonly frames: readonly RawFrame[];
  readonly awaited: WeakRef<object>;
  /** It was found freed in an earlier turn of the event loop than this one. */
  lost: boolean;
}

const DEPTH = 12;
/** Of dumps: beyond the ids of goroutines. */
const FIRST_ID = 1_000_000_000;
/** The language's own, whatever a program puts in its place. */
const then = Reflect.get(Promise.prototype, "then") as (this: object, done: () => void, failed: () => void) => Promise<void>;

let running: Sampler | undefined;

/**
 * Notes awaits of ordinary code, in windows of time, so that the endpoints (`debugHandler`, `debugFetch`, `gopsAgent`) show those
 * that have not gone on, as goroutines that wait in `await`: by line and age, also at `/debug/pprof/await`. Between the windows
 * nothing is noted and nothing is slower. What is noted is one in `1 / share` of them: a line at which awaits pile up is there after
 * a while, a single one may not be.
 *
 * A2. It holds no promise: what is awaited holds a note of the await, which is dropped when it settles. Where it is freed and
 *     was not settled, nothing can settle it any more.
 *
 * @param options how much of the time, and how many at most.
 * @throws RangeError for a share that is not above 0 and at most 1, or counts that are no integers of at least 1. Error where it runs already.
 * @example
 * const sampling = sampleAwaits({ share: 1 });
 * const never = (async function stuck() {
 *   await new Promise(() => undefined);
 * })();
 * assert.deepEqual(sampling.places().map(({ function: name, count }) => [name, count]), [["main.stuck", 1]]);
 * sampling.stop();
 */
export function sampleAwaits(options: AwaitSamplingOptions = {}): AwaitSampling {
  const { share = 0.01, window = "100ms", perWindow = 500, most = 10_000 } = options;
  if (!(share > 0 && share <= 1)) throw new RangeError(`sampleAwaits: share is ${share}; it is a part of the time, above 0 and at most 1`);
  for (const [name, count] of Object.entries({ perWindow, most })) {
    if (!(Number.isSafeInteger(count) && count >= 1)) throw new RangeError(`sampleAwaits: ${name} is ${count}; it is an integer of at least 1`);
  }
  const milliseconds = durationOf(window, "sampleAwaits, window") / 1e6;
  if (!(milliseconds >= 1)) throw new RangeError(`sampleAwaits: window is ${window}; it is at least "1ms"`);
  if (running !== undefined) throw new Error("sampleAwaits: it runs already; stop that first");
  const sampler = (running = new Sampler({ share, window: milliseconds, perWindow: share === 1 ? Infinity : perWindow, most }));
  awaitSource.current = sampler;
  return {
    places: () => sampler.places(),
    stop: () => {
      if (running !== sampler) return;
      running = awaitSource.current = undefined;
      sampler.stop();
    },
  };
}

interface Settings {
  readonly share: number;
  /** Milliseconds. */
  readonly window: number;
  readonly perWindow: number;
  readonly most: number;
}

class Sampler {
  readonly #settings: Settings;
  readonly #noted = new Set<NotedAwait>();
  #unhook: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #count = 0;
  #inWindow = 0;
  /** Its own promises are none of the program's. */
  #busy = false;

  constructor(settings: Settings) {
    this.#settings = settings;
    this.#open();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#close();
    this.#noted.clear();
  }

  places(): readonly AwaitPlace[] {
    const now = performance.now();
    const places = new Map<string, AwaitPlace>();
    for (const { frames, since, lost } of this.#noted) {
      const frame = frameOf(frames[0]!);
      const key = `${frame.file}:${frame.line}`;
      const { count = 0, oldest = 0, lost: before = 0 } = places.get(key) ?? {};
      places.set(key, { function: frame.function, file: frame.file, line: frame.line, count: count + 1, oldest: Math.max(oldest, Math.round(now - since)), lost: before + Number(lost) });
    }
    return [...places.values()].sort((a, b) => b.count - a.count);
  }

  goroutines(): readonly Goroutine[] {
    const now = performance.now();
    const { share } = this.#settings;
    const labels = share === 1 ? {} : { labels: { sampled: `${share * 100} % of the time` } };
    return [...this.#noted].map(({ number, since, frames, lost }) => {
      const minutes = Math.floor((now - since) / 60_000);
      return {
        id: FIRST_ID + number,
        count: 1,
        state: "waiting",
        waitReason: lost ? "await that can never go on" : "await",
        stack: frames.map(frameOf),
        ...(minutes >= 1 ? { waitMinutes: minutes } : {}),
        ...labels,
      };
    });
  }

  #open(): void {
    const { share, window } = this.#settings;
    this.#inWindow = 0;
    const init = (_promise: object, parent: object | undefined): void => {
      if (parent !== undefined && !this.#busy) this.#begins(parent, init);
    };
    this.#unhook ??= promiseHooks.createHook({ init: init }) as () => void;
    this.#timer = setTimeout(() => {
      this.#looksAfterLost();
      if (share === 1) return this.#open();
      this.#close();
      // Not in step with anything that comes at equal distances.
      this.#timer = setTimeout(() => this.#open(), window * (1 / share - 1) * (0.5 + Math.random()));
      this.#timer.unref();
    }, window);
    this.#timer.unref();
  }

  #close(): void {
    this.#unhook?.();
    this.#unhook = undefined;
  }

  #begins(awaited: object, above: (...args: never[]) => unknown): void {
    const { perWindow, most } = this.#settings;
    if (this.#inWindow >= perWindow || this.#noted.size >= most) return this.#close();
    const raw = rawFrames(above, DEPTH).filter(({ file }) => !file.startsWith("node:internal/promise_hooks"));
    // `then` has the engine's own frame on top; what a package of the platform awaits inside, the platform's.
    const top = raw[0];
    if (top === undefined || top.file === "" || top.file.startsWith("node:") || isUnparks(top.file)) return;
    this.#inWindow++;
    const note: NotedAwait = { number: ++this.#count, since: performance.now(), frames: raw.filter(isShown), awaited: new WeakRef(awaited), lost: false };
    this.#noted.add(note);
    const goesOn = (): void => void this.#noted.delete(note);
    this.#busy = true;
    try {
      // The await itself is what handles a rejection.
      void then.call(awaited, goesOn, goesOn);
    } finally {
      this.#busy = false;
    }
  }

  /** A turn after the microtasks: what has settled has told so. Twice, for a job may still hold what it will tell. */
  #looksAfterLost(): void {
    const gone = [...this.#noted].filter(({ awaited, lost }) => !lost && awaited.deref() === undefined);
    if (gone.length === 0) return;
    setImmediate(() => {
      for (const note of gone) note.lost = true; // of those that have gone on nobody is asked any more
    });
  }
}

const isShown = ({ file }: RawFrame): boolean => file !== "" && !file.startsWith("node:") && !isUnparks(file);
