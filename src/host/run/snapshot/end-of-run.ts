import { nanos, type GoroutineName, type Nanos } from "../../../model/ids.js";
import type { Access } from "../../../model/run/operation.js";
import type { Pending } from "../../../model/run/program.js";
import type { GuestGoroutine } from "../../guest/guest-goroutine.js";
import { CASE_WAIT, CASE_WAIT_READY } from "../../guest/guest-protocol.js";
import { isStopped } from "../pending/guest-pending.js";
import type { RunParts } from "../run-parts.js";
import { detailOf, objectsOf, type BlockedDetail } from "./blocked-object.js";

/**
 * A run that is over: its goroutines enter the runtime's queues for the collection. What each waited for is read before
 * that: a collection moves stacks (runtime.shrinkstack), where a select's cases stand, and may make the memory grow.
 */
export class EndOfRun {
  readonly #parts: RunParts;
  readonly #details = new Map<GoroutineName, BlockedDetail>();
  readonly #objects = new Map<GoroutineName, readonly Access[]>();
  readonly #able = new Set<GoroutineName>();

  constructor(parts: RunParts) {
    this.#parts = parts;
  }

  /**
   * Each goroutine that is stopped without a way to go on really enters the runtime's queues, for the collection; with
   * `ready`, those as well whose select could take something: it waits all the same, others would run on unheeded. What such a one holds is
   * reached: it could go on.
   */
  settle(collector: number, ready = false): void {
    const { goroutines, guest } = this.#parts;
    const waits = (p: Pending): boolean => p.op === "select" && !this.#parts.hasDefault(p.goroutine!);
    const enters = (p: Pending): boolean => p.op !== "sleep" && (p.alternatives.length === 0 || (ready && waits(p)));
    const pending = this.#parts.pending();
    for (const { goroutine, alternatives } of pending) if (goroutine !== undefined && alternatives.length > 0) this.#able.add(goroutine);
    const stopped = goroutines.all.filter((goroutine) => isStopped(goroutine) || goroutine.phase === "entering");
    for (const goroutine of stopped) this.#objects.set(goroutine.name, objectsOf(goroutine, guest.objects));
    const stuck = new Set(pending.filter(enters).map((p) => p.goroutine));
    const settled = stopped.filter((goroutine) => isStopped(goroutine) && stuck.has(goroutine.name));
    const blocked = new Set(pending.flatMap(({ goroutine, alternatives }) => (alternatives.length === 0 ? [goroutine] : [])));
    const caseOf = ({ name }: GuestGoroutine): number => (blocked.has(name) ? CASE_WAIT : CASE_WAIT_READY);
    const enter = new Set(settled);
    for (const goroutine of settled) this.#details.set(goroutine.name, detailOf(goroutine, guest.objects, goroutines.timers));
    this.#parts.settling = true;
    this.#parts.letGo([...settled.map((goroutine) => goroutine.address), collector]);
    for (const goroutine of goroutines.all) guest.objects.setWord(goroutine.address + guest.gCase, enter.has(goroutine) ? caseOf(goroutine) : 0);
  }

  /** Only one goroutine goes on: Unpark's own, in a world where nothing has happened. */
  only(address: number): void {
    this.#parts.settling = true;
    this.#parts.letGo([address]);
  }

  /** What a goroutine that was settled waited for. */
  detail(goroutine: GuestGoroutine): BlockedDetail {
    return this.#details.get(goroutine.name) ?? {};
  }

  /** The objects that a goroutine that was stopped waited for. */
  describe(goroutine: GuestGoroutine): readonly Access[] {
    return this.#objects.get(goroutine.name) ?? [];
  }

  /** It could have gone on. */
  isAble(goroutine: GuestGoroutine): boolean {
    return this.#able.has(goroutine.name);
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
