import { nanos, type GoroutineName, type Nanos } from "../../../model/ids.js";
import type { Access } from "../../../model/run/operation.js";
import type { Pending } from "../../../model/run/program.js";
import type { GuestGoroutine } from "../../guest/guest-goroutine.js";
import { CASE_WAIT } from "../../guest/guest-protocol.js";
import { isStopped } from "../pending/guest-pending.js";
import type { RunParts } from "../run-parts.js";
import { detailOf, objectsOf, type BlockedDetail } from "./blocked-object.js";

/** A run that is over: its goroutines enter the runtime's queues for the collection, and what each waited for is known. */
export class EndOfRun {
  readonly #parts: RunParts;
  readonly #details = new Map<GoroutineName, BlockedDetail>();

  constructor(parts: RunParts) {
    this.#parts = parts;
  }

  /**
   * Each goroutine that is stopped without a way to go on really enters the runtime's queues, for the collection; with
   * `ready`, those as well whose select could take something: it waits all the same, others would run on unheeded.
   */
  settle(collector: number, ready = false): void {
    const { goroutines, guest, turns } = this.#parts;
    const waits = (p: Pending): boolean => p.op === "select" && !this.#parts.hasDefault(p.goroutine!);
    const enters = (p: Pending): boolean => p.op !== "sleep" && (p.alternatives.length === 0 || (ready && waits(p)));
    const stuck = new Set(this.#parts.pending().filter(enters).map((p) => p.goroutine));
    const settled = goroutines.all.filter((goroutine) => isStopped(goroutine) && stuck.has(goroutine.name));
    for (const goroutine of settled) this.#details.set(goroutine.name, detailOf(goroutine, guest.objects, goroutines.timers));
    this.#parts.settling = true;
    turns.set([...settled.map((goroutine) => goroutine.address), collector]);
    for (const goroutine of settled) guest.objects.setWord(goroutine.address + guest.gCase, CASE_WAIT);
  }

  /** Only one goroutine goes on: Unpark's own, in a world where nothing has happened. */
  only(address: number): void {
    this.#parts.settling = true;
    this.#parts.turns.set([address]);
  }

  /** What a goroutine that was settled waited for. */
  detail(goroutine: GuestGoroutine): BlockedDetail {
    return this.#details.get(goroutine.name) ?? {};
  }

  /** The objects that a blocked goroutine waits for. */
  describe(goroutine: GuestGoroutine): readonly Access[] {
    return objectsOf(goroutine, this.#parts.guest.objects);
  }

  /** Nanoseconds that a goroutine has lived. */
  ageOf({ born }: GuestGoroutine): Nanos {
    return nanos(BigInt(this.#parts.clock.base - born));
  }

  /** A timer has let it go just now, after a wait of more than half of the time after the scope. */
  hasJustWoken({ since }: GuestGoroutine): boolean {
    return this.#parts.clock.base - since > this.#parts.scope.watched(this.#parts.now()) / 2;
  }
}
