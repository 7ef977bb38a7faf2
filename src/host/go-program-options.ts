import { loopLimits } from "../control/loop-limits.js";
import type { MovedSource } from "../model/source/moved.js";
import { DEFAULT_STEPS } from "../model/run/limits.js";
import type { RunOptions } from "../model/run/program.js";
import type { WorldOptions } from "./guest/guest-world.js";
import type { RunBounds } from "./guest/module-host.js";
import { AFTER_TEST } from "./run/limits/empty-receives.js";

/** A Go program or test binary, built with the control hooks. */
export interface GoProgramOptions extends WorldOptions {
  readonly name: string;
  /** The module's bytes. */
  readonly wasm: Uint8Array;
  /** Nanoseconds of virtual time after which the clock no longer moves. */
  readonly horizon?: number;
  /** So many things may go wrong in one run (model/run/fault.ts). Default 0. */
  readonly faults?: number;
  /** A run's longest length in steps, where `RunOptions.steps` does not say. */
  readonly maxSteps?: number;
  /** How many jumps a goroutine may make between two visible operations. */
  readonly fuel?: number;
  /** Mebibytes that the guest's memory may grow to. Default 512. */
  readonly memoryLimit?: number;
  readonly goVersion?: string;
  readonly moved?: readonly MovedSource[];
  /** Inner locks and atomics of the standard library are choices, too (ignored-operations.ts): to see what that changes. Default false. */
  readonly everything?: boolean;
}

/**
 * The horizon: 100 days. Virtual time costs nothing, rounds and steps do (control/livelock.ts); but the host counts nanoseconds
 * in doubles, exact up to 2^53 (control/virtual-time.ts). A timer beyond it (math.MaxInt64: never) is not waited for.
 */
const HORIZON = 100 * 86_400e9;

/** What bounds a run: what was asked of it, of its module, or the usual. */
export function boundsOf(module: GoProgramOptions, { steps, rounds, natural, timeout }: RunOptions): RunBounds {
  const { empty, endless, fruitless } = loopLimits(steps);
  return {
    horizon: module.horizon ?? HORIZON,
    faults: module.faults ?? 0,
    maxSteps: steps ?? module.maxSteps ?? DEFAULT_STEPS,
    maxRounds: rounds,
    maxEmpty: empty,
    mostEmpty: endless,
    maxFruitless: fruitless,
    maxAfterTest: natural === true ? AFTER_TEST : Infinity,
    timeout: timeout ?? Infinity,
  };
}
