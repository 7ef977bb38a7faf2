import { received } from "../../../control/spinning.js";
import { goChoice, type Choice } from "../../../model/run/choice.js";
import type { GuestGoroutine } from "../../guest/guest-goroutine.js";
import { BOX } from "../../guest/guest-protocol.js";
import { NO_TRAIL } from "../../ignored/local-sites.js";
import type { RunLimits } from "../limits/run-limits.js";
import type { RunParts } from "../run-parts.js";

/** In BOX.acted: a value was sent or received. */
const ACTED_ON_CHANNELS = 2;

/** Operations that pass for one question to the host: that costs a hundred times what one that passes does. */
const PASSES = 256;

/**
 * A natural run that is too long to be shown (`RunOptions.unaskedAfter`): the goroutine whose turn it is does operations that need not
 * wait without asking for each (unparkPassesUnasked in go/runtime/unpark_unasked.go). Tests that call a map ten million times make little else.
 *
 * U1. Nobody asks what such a step did: the run is not traced, data races are not looked for, and no bubble has been seen.
 * U2. The same choices make the same run: what may pass follows from them and from the guest's memory, never from who chooses.
 * U3. Sends to a buffer with room and receives of what is there pass where nobody waits for them at the channel: natively the first who does gets each value.
 *     Locks pass though others wait for them: natively, too, who runs takes a lock before who has been woken.
 * U4. Before anything else of the run is looked at, those that wait for what was touched are marked (PendingTable, T2), and who did more
 *     than look has done so for all that spin.
 */
export class UnaskedPasses {
  readonly #parts: RunParts;
  readonly #limits: RunLimits;
  readonly #after: number;
  /** Who has passes. */
  #granted: GuestGoroutine | undefined;
  /** How many it had when it asked last. */
  #left = 0;

  constructor(parts: RunParts, limits: RunLimits, after = Infinity) {
    this.#parts = parts;
    this.#limits = limits;
    this.#after = parts.recorder === undefined && parts.races === undefined ? after : Infinity;
  }

  /** It goes on by itself. */
  grant(goroutine: GuestGoroutine | undefined, choice: Choice): void {
    const { bubbles, table, guest: { objects, box } } = this.#parts;
    if (goroutine === undefined || this.#limits.steps < this.#after) return;
    goroutine.acted = false;
    goroutine.unasked = 0;
    if (choice.kind !== "go" || bubbles || this.#limits.isWatching) return;
    this.#granted = goroutine;
    this.#left = PASSES;
    table.writeChannelBits(objects, box + BOX.channels);
    objects.setWord(box + BOX.passes, PASSES);
  }

  /** The guest asks something, or comes back (U4). */
  settle(): void {
    if (this.#granted === undefined) return;
    const { table, spinning, guest: { objects, box } } = this.#parts;
    objects.refresh();
    const left = objects.word(box + BOX.passes);
    const passed = objects.word(box + BOX.passed);
    if (left === this.#left) return;
    this.#granted.unasked += this.#left - left;
    this.#left = left;
    for (let i = 0; i < passed; i++) table.touch(objects.word(box + BOX.touched + 4 * i) >>> 0);
    objects.setWord(box + BOX.passed, 0);
    const acted = objects.word(box + BOX.acted);
    if (acted !== 0) {
      objects.setWord(box + BOX.acted, 0);
      if ((acted & ACTED_ON_CHANNELS) !== 0) received(this.#granted, goChoice(this.#granted.name), undefined);
      this.#granted.acted = true;
      spinning.acted(this.#granted, (other) => table.changed(other));
    }
    this.#forgetBlock(this.#granted);
  }

  /** It stops: who goes on next has none. */
  end(): void {
    if (this.#granted === undefined) return;
    this.settle();
    this.#granted = undefined;
    const { objects, box } = this.#parts.guest;
    objects.setWord(box + BOX.passes, 0);
  }

  /** Which locks of the library's it holds is not known any more (library-blocks.ts). */
  #forgetBlock(goroutine: GuestGoroutine): void {
    goroutine.held = [];
    goroutine.acquiring = false;
    goroutine.trail = NO_TRAIL;
  }
}
