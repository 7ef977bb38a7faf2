import { noObject, ObjectOperation } from "../core/object-operations.js";
import { world, scheduler } from "../core/current-runtime.js";

/**
 * math/rand/v2's global functions. Under control a goroutine draws from a stream of its own, keyed by its name, so
 * that the numbers do not depend on what others do in between.
 */
/** 0 … n-1. */
export function intN(n: number): number {
  if (!(Number.isSafeInteger(n) && n > 0)) throw new RangeError("invalid argument to IntN");
  return Math.floor(float() * n);
}

/** 0 ≤ x < 1. */
export const float = (): number => (world.control !== undefined ? world.control.random() : scheduler.prng.next() / 0x1_0000_0000);

/** As `intN`, but an input that is explored: under control each of the n values is a choice, for n up to 16. */
export function choose(n: number): Promise<number> {
  if (world.control === undefined || n > 16) return scheduler.give(intN(n)) as Promise<number>;
  return world.control.stop<number>(new Draw(n));
}

class Draw extends ObjectOperation {
  override readonly accesses = [];
  readonly values: number;

  constructor(values: number) {
    super(noObject(world.control), "random", () => 0);
    this.values = values;
  }

  override perform(value?: number): number {
    return value ?? 0;
  }
}
