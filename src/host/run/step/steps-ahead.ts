import { isSpinning } from "../../../control/spinning.js";
import type { Choice } from "../../../model/run/choice.js";
import { isOf, type OpKind } from "../../../model/run/operation.js";
import type { GoesOn } from "../../../model/run/program.js";
import type { GuestGoroutine } from "../../guest/guest-goroutine.js";
import { accessesOf, canGoOn, isChannelOp } from "../../guest/guest-operations.js";
import { codesWhere } from "../../guest/op-codes.js";
import { beginsBlock } from "./library-blocks.js";
import type { RunLimits, TakenStep } from "../limits/run-limits.js";
import type { RunParts } from "../run-parts.js";
import type { UnaskedPasses } from "./unasked-passes.js";

/**
 * Steps that a goroutine takes at once, without stopping, where the explorer says that it would choose the same goroutine again
 * (`GoesOn`): a stop costs some twenty times what such a step does, and a test that calls a cache 100,000 times makes little else.
 *
 * A1. The run is the one that it would be with a stop before each step: same choices, outcome, times and draws (a test compares
 *     the two). So it goes on only where no other goroutine's way to go on has changed since the last stop, none was
 *     started or woken, and the operation has one way to go on.
 * A2. Nobody asks such a run for footprints: `last` tells of all the steps together, and not all.
 */
export class StepsAhead {
  readonly #parts: RunParts;
  readonly #limits: RunLimits;
  readonly #unasked: UnaskedPasses;
  #goesOn: GoesOn | undefined;
  /** The step at hand. */
  #taken: TakenStep = { actor: undefined, nothing: false, clock: false, isClock: true };
  /** The limits know that it is over. */
  #noted = true;

  constructor(parts: RunParts, limits: RunLimits, unasked: UnaskedPasses) {
    this.#parts = parts;
    this.#limits = limits;
    this.#unasked = unasked;
  }

  /** A choice is about to be done. */
  begin(choice: Choice, taken: TakenStep, goesOn: GoesOn | undefined): void {
    this.#taken = taken;
    this.#noted = false;
    this.#unasked.grant(taken.actor, choice);
    this.#goesOn = goesOn !== undefined && choice.kind === "go" && WAKES_NOBODY[taken.actor!.code] === 1 ? goesOn : undefined;
  }

  /** It has to stop at its next operation: what others see has changed. */
  stop(): void {
    this.#goesOn = undefined;
  }

  /** At an operation of a goroutine: is it a step that it takes at once? */
  takes(goroutine: GuestGoroutine): boolean {
    if (this.#goesOn === undefined || goroutine !== this.#taken.actor || this.#limits.isWatching || !this.#isAlone(goroutine)) return false;
    this.stepOver();
    const choice = this.#limits.reached() === undefined && !this.#limits.isWatching ? this.#goesOn(goroutine.op, isSpinning(goroutine), goroutine.unasked) : undefined;
    if (choice !== undefined) this.#take(goroutine, choice);
    return choice !== undefined;
  }

  /** The step at hand is over. */
  stepOver(): void {
    if (this.#noted) return;
    this.#noted = true;
    this.#parts.points.stepOver();
    this.#limits.stepOver(this.#taken);
  }

  #isAlone(goroutine: GuestGoroutine): boolean {
    const { bubbles, table, clock, guest: { objects } } = this.#parts;
    const { code, object, address, phase } = goroutine;
    if (ONE_WAY[code] === 0 || phase !== "running" || bubbles || objects.bubbleOf(address) !== 0) return false;
    return table.isSettledWithout(object) && canGoOn(goroutine, { objects, clock });
  }

  /** What GoStep does for a choice, and SchedulingPoints for a stop. */
  #take(goroutine: GuestGoroutine, choice: Choice): void {
    const { guest, clock, spinning, table } = this.#parts;
    this.#limits.stepBegins();
    const accesses = accessesOf(goroutine, guest.objects);
    spinning.step(choice, [goroutine], goroutine.op, accesses[0]?.object, (one) => table.changed(one));
    this.#parts.orders([goroutine], accesses);
    goroutine.since = clock.base;
    goroutine.yielded = false;
    goroutine.arrived = false;
    goroutine.readings = 0;
    goroutine.acquiring = beginsBlock(goroutine);
    goroutine.began = goroutine.op;
    guest.objects.setWord(goroutine.address + guest.gCase, 0);
    this.#taken = { actor: goroutine, nothing: false, clock: false, isClock: false };
    this.#noted = false;
    this.#unasked.grant(goroutine, choice);
  }
}

/** No goroutine waits inside the runtime for it, and it is no draw. */
const isOneWay = (op: OpKind): boolean => isOf(op, "mutex", "rwmutex", "waitgroup", "once", "atomic");
const ONE_WAY = codesWhere(isOneWay);
const WAKES_NOBODY = codesWhere((op) => isOneWay(op) || isChannelOp(op) || op === "close" || op === "sleep" || op === "yield");
