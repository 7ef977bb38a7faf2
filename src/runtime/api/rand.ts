import { noObject, ObjectOperation } from "../core/object-operations.js";
import { world, scheduler } from "../core/current-runtime.js";

/**
 * An integer by chance, as math/rand/v2's. Under control a goroutine draws from a stream of its own, keyed by its name, so
 * that the numbers do not depend on what others do in between.
 *
 * @param n an integer above 0: what it gives is at least 0 and below n.
 * @throws RangeError for any other n.
 * @example
 * assert.ok([0, 1, 2].includes(rand.intN(3)));
 */
export function intN(n: number): number {
  if (!(Number.isSafeInteger(n) && n > 0)) throw new RangeError("invalid argument to IntN");
  return Math.floor(float() * n);
}

/**
 * A number by chance, at least 0 and below 1.
 *
 * @example
 * assert.ok(rand.float() < 1);
 */
export const float = (): number => (world.control !== undefined ? world.control.random() : scheduler.prng.next() / 0x1_0000_0000);

/**
 * As `intN`, but an input that is explored: under control each of the n values is a choice, for n up to 16.
 *
 * @param n an integer above 0: how many values there are.
 * @throws RangeError for any other n.
 * @example
 * assert.equal(await rand.choose(1), 0);
 */
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
