import { moveTo } from "../../control/goroutine.js";
import { CLOCK_READ } from "../../control/pending.js";
import { objectId } from "../../model/ids.js";
import { seedOf } from "../guest/guest-goroutine.js";
import { BOX, EVENT } from "../guest/guest-protocol.js";
import type { RunParts } from "./run-parts.js";
import type { StepsAhead } from "./step/steps-ahead.js";
import type { UnaskedPasses } from "./step/unasked-passes.js";

/** What the program reports that is no operation: goroutines that start and end, how its scope ends, and what a step touches besides. */
export class GuestEvents {
  readonly #parts: RunParts;
  readonly #ahead: StepsAhead;
  readonly #unasked: UnaskedPasses;

  constructor(parts: RunParts, ahead: StepsAhead, unasked: UnaskedPasses) {
    this.#parts = parts;
    this.#ahead = ahead;
    this.#unasked = unasked;
  }

  onStarted(parent: number, child: number): void {
    const { guest, goroutines, clock, footprint, recorder } = this.#parts;
    this.#ahead.stop();
    guest.objects.refresh();
    const timer = guest.objects.word(guest.box + BOX.timer) >>> 0;
    const goroutine = goroutines.start(parent, child, timer);
    goroutine.born = clock.base;
    const [low, high] = seedOf(goroutine.name);
    guest.objects.setWord(child + guest.gSeed, low);
    guest.objects.setWord(child + guest.gSeed + 4, high);
    footprint.starts(goroutine.name);
    this.#parts.races?.started(goroutine.parent, goroutine.name);
    if (timer !== 0) this.#parts.synchronizes(goroutine, timer);
    if (recorder) {
      const [createdAt, entry] = guest.objects.origin(child);
      recorder.started(goroutine.name, { parent: goroutine.parent, createdAt, entry, pcs: this.#parts.points.callers() });
    }
  }

  onEvent(kind: number, a: number): void {
    const { scope, goroutines, table, footprint } = this.#parts;
    this.#unasked.settle();
    switch (kind) {
      case EVENT.main:
        return this.#mainOver(a);
      case EVENT.test:
        return this.#scopeEnds("test", a);
      case EVENT.skip:
        return scope.skip();
      case EVENT.fail: {
        const goroutine = this.#parts.asking();
        if (goroutine) scope.fails(goroutine.name, a === 1);
        return;
      }
      case EVENT.end:
        return this.#ended(a);
      case EVENT.timer: {
        const maker = this.#parts.asking();
        if (!maker) return;
        goroutines.nameTimer(a, maker);
        return this.#parts.synchronizes(maker, a);
      }
      case EVENT.handOver: {
        const goroutine = this.#parts.asking();
        if (goroutine) this.#parts.synchronizes(goroutine, a);
        return;
      }
      case EVENT.rest: {
        const goroutine = this.#parts.asking();
        if (goroutine) this.#parts.races?.rested(goroutine.name, this.#bubbleOf(goroutine.address));
        return;
      }
      case EVENT.touch:
        return table.touch(a);
      case EVENT.effect:
        table.touch(a);
        this.#parts.points.noticed(this.#parts.asking());
        return footprint.affects({ object: objectId(a), op: "netset" });
    }
  }

  /** As the memory says now: it may have grown since it was looked at. */
  #bubbleOf(address: number): number {
    const { objects } = this.#parts.guest;
    objects.refresh();
    return objects.bubbleOf(address);
  }

  #ended(address: number): void {
    const { goroutines, footprint, races, recorder, table, settling } = this.#parts;
    const goroutine = goroutines.at(address);
    if (goroutine === undefined) return;
    footprint.moves(goroutine.name);
    recorder?.ended(goroutine.name);
    const bubble = races === undefined ? 0 : this.#bubbleOf(address); // one that never stopped does not know its own
    if (bubble !== 0) races?.stopped(goroutine.name, bubble);
    table.left(goroutine);
    // After the run a goroutine goes on without being let: a finalizer may end what it waits for.
    if (settling && goroutine.phase === "stopped") moveTo(goroutine, "running");
    moveTo(goroutine, "ended");
    goroutines.end(goroutine);
  }

  /** main returned, or a goroutine called os.Exit: main's own goroutine ends the scope, another one ends the program. */
  #mainOver(code: number): void {
    const { goroutines, scope } = this.#parts;
    const caller = this.#parts.asking();
    if (caller !== undefined && caller === goroutines.main) this.#scopeEnds("main", code);
    else {
      this.#parts.points.noticed(caller);
      scope.exit(code, this.#parts.now());
    }
  }

  #scopeEnds(kind: "main" | "test", code: number): void {
    const { main } = this.#parts.goroutines;
    this.#parts.points.noticed(this.#parts.asking());
    this.#ahead.stop();
    if (main !== undefined) {
      moveTo(main, "over");
      this.#parts.table.over(main);
    }
    // Whether time passes before it is noticed: by a line that is late (go/testing/unpark.go).
    if (this.#parts.isTimeAwaited) this.#parts.footprint.touch(CLOCK_READ);
    this.#parts.scope.end({ kind, code }, this.#parts.now());
  }
}
