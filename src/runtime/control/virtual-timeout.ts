import { CLOCK_OBJECT } from "../../model/run/operation.js";
import type { ObjectId } from "../../model/ids.js";
import { inThisContext } from "../core/async-context.js";
import { world } from "../core/current-runtime.js";
import type { NamedGoroutine, OperationControl } from "../core/pending-operation.js";
import type { TimerEntry } from "../core/timer-clock.js";
import { hereDeep } from "../observe/engine-frames.js";

/** Longer ones are taken for 1 ms (lib/internal/timers.js, TIMEOUT_MAX). */
const LONGEST = 2 ** 31 - 1;
const MILLISECOND = 1e6;

const byId = new WeakMap<OperationControl, Map<number, VirtualTimeout>>();

export interface TimeoutOptions {
  readonly repeat?: boolean;
  /** `setImmediate`: due at once, in the clock's next step. */
  readonly immediate?: boolean;
  readonly unref?: boolean;
}

/** What `setTimeout` gives under control: a timer of the run's clock, whose callback is a goroutine of its own. */
export class VirtualTimeout implements TimerEntry {
  when = 0;
  sequence = 0;
  heapIndex = -1;
  readonly acts = true;
  readonly isCallback = true;
  readonly object: ObjectId;
  readonly #home: OperationControl;
  readonly #maker: NamedGoroutine;
  readonly #number: number;
  readonly #length: number;
  readonly #body: () => unknown;
  readonly #repeat: boolean;
  readonly #madeAt: Error | undefined;
  #ref: boolean;
  #cleared = false;

  constructor(home: OperationControl, milliseconds: unknown, body: () => unknown, { repeat = false, immediate = false, unref = false }: TimeoutOptions = {}) {
    this.#home = home;
    this.#maker = home.current;
    this.#number = home.newTimer();
    this.object = home.newObject();
    this.#length = immediate ? 0 : lengthOf(milliseconds);
    this.#body = Object.defineProperty(inThisContext(body), "name", { value: body.name });
    this.#repeat = repeat;
    this.#ref = !unref;
    this.#madeAt = home.captures ? hereDeep("started") : undefined;
    this.#set();
  }

  get keepsAlive(): boolean {
    return this.#ref;
  }

  fire(): void {
    if (this.#repeat) this.#set();
    this.#home.startByTimer(this.#maker, this.#number, named(() => (this.#cleared ? undefined : this.#body()), this.#body.name), { madeAt: this.#madeAt });
  }

  clear(): void {
    if (world.control !== this.#home) return; // of a run that is over
    this.#cleared = true; // also where it is due already, in the step that lasts
    world.control.touch(CLOCK_OBJECT, "load");
    world.control.clock.clear(this);
  }

  close(): this {
    this.clear();
    return this;
  }

  refresh(): this {
    if (world.control === this.#home) this.#set();
    return this;
  }

  ref(): this {
    this.#ref = true;
    return this;
  }

  unref(): this {
    this.#ref = false;
    return this;
  }

  hasRef(): boolean {
    return this.#ref;
  }

  [Symbol.toPrimitive](): number {
    let ids = byId.get(this.#home);
    if (ids === undefined) byId.set(this.#home, (ids = new Map<number, VirtualTimeout>()));
    ids.set(this.object, this);
    return this.object;
  }

  [Symbol.dispose](): void {
    this.clear();
  }

  #set(): void {
    this.#cleared = false;
    this.#home.clock.set(this, this.#home.clock.now() + this.#length);
  }
}

/** `clearTimeout`'s argument, where it is a timer under control: the handle, or its number. */
export function virtualTimeout(handle: unknown): VirtualTimeout | undefined {
  if (handle instanceof VirtualTimeout) return handle;
  if (world.control === undefined || (typeof handle !== "number" && typeof handle !== "string")) return undefined;
  return byId.get(world.control)?.get(Number(handle));
}

function lengthOf(milliseconds: unknown): number {
  const wanted = Number(milliseconds);
  return (wanted >= 1 && wanted <= LONGEST ? Math.trunc(wanted) : 1) * MILLISECOND;
}

const named = (body: () => unknown, value: string): (() => unknown) => Object.defineProperty(body, "name", { value });
