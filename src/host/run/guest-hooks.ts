import { CLOCK_READ } from "../../control/pending.js";
import { moveTo } from "../../control/goroutine.js";
import type { Argument } from "../../model/goroutine/argument.js";
import { objectId, type GoroutineName } from "../../model/ids.js";
import { GUEST_OPERATIONS, OPERATIONS, type OpKind } from "../../model/run/operation.js";
import type { Pending } from "../../model/run/program.js";
import { WEAK } from "../../model/run/trace.js";
import { seedOf, type GuestGoroutine } from "../guest/guest-goroutine.js";
import { isChannelOp, touchedBy } from "../guest/guest-operations.js";
import { BOX, EVENT, passingAt, POINT, STATE } from "../guest/guest-protocol.js";
import { siteFrom } from "../guest/watched-memory.js";
import { isPart } from "../ignored/ignored-operations.js";
import type { RunParts } from "./run-parts.js";
import type { StepsAhead } from "./step/steps-ahead.js";
import type { UnaskedPasses } from "./step/unasked-passes.js";

/** A g begins with the bounds of its stack (runtime2.go, `type g struct`). */
const G_STACK = { low: 0, high: 8 } as const;

/** The program's side of a run: what the hooks of go/runtime/unpark.go ask and report, between two pauses of the module. */
export class GuestHooks {
  readonly #parts: RunParts;
  readonly #ahead: StepsAhead;
  readonly #unasked: UnaskedPasses;
  /** What a draw gives: the value of the choice that is taken. */
  value = -1;
  /** What goes wrong in the operation that is let go on; 0: nothing. */
  fault = 0;
  /** The run is over, and the world goes on for a collection: no goroutine stops any more. */
  settling = false;
  /** What each goroutine could do when the program looked at its goroutines' states; until one of them does something more. */
  #shown: ReadonlyMap<GoroutineName | undefined, Pending> | undefined;

  constructor(parts: RunParts, ahead: StepsAhead, unasked: UnaskedPasses) {
    this.#parts = parts;
    this.#ahead = ahead;
    this.#unasked = unasked;
  }

  onPoint(op: number, address: number, object: number, aux: number, pc: number): number {
    const { goroutines, guest, points, table, recorder } = this.#parts;
    const goroutine = this.settling ? undefined : goroutines.at(address);
    if (goroutine === undefined) return POINT.goOn;
    this.#shown = undefined;
    this.#unasked.settle();
    goroutine.op = GUEST_OPERATIONS[op]!;
    goroutine.object = object;
    goroutine.aux = aux;
    if (goroutine.phase === "entering" && goroutine.op === "semacquire") return POINT.goOn;
    guest.objects.refresh();
    const caller = guest.ignored.callerAt(pc);
    if (caller === undefined) return POINT.nameIt;
    if (caller.isWrapper) return POINT.nameOuter;
    if (points.passesWithoutPoint(goroutine, caller)) {
      if (!guest.isWatched && isPart(caller, goroutine.op)) guest.objects.setWord(passingAt(pc), pc);
      table.touch(object);
      this.#orders(goroutine, object, goroutine.op);
      return POINT.goOn;
    }
    if (points.isLocal(goroutine, caller)) {
      table.touch(object);
      this.#orders(goroutine, object, goroutine.op);
      recorder?.joined(goroutine, guest.objects, points.callers());
      return POINT.goOn;
    }
    if (points.continuesStep(goroutine, caller)) {
      this.#joinStep(goroutine);
      return POINT.goOn;
    }
    const joins = points.joins(goroutine, caller);
    if (joins === "now") {
      this.#joinStep(goroutine);
      return POINT.goOn;
    }
    if (joins === "later") this.#touchAwaited(goroutine);
    points.chooses(goroutine, caller);
    if (this.#ahead.takes(goroutine)) return POINT.goOn;
    this.#stop(goroutine);
    return POINT.park;
  }

  /** With values: what the n-th frame behind the coming point was called with. */
  onArguments(n: number, pc: number, values: readonly Argument[]): void {
    this.#parts.points.called(n, pc, values);
  }

  #stop(goroutine: GuestGoroutine): void {
    const { points, spinning, table, footprint } = this.#parts;
    this.#unasked.end();
    this.#parts.lamports.within(goroutine); // who was woken in a step comes after it
    points.stop(goroutine, () => this.#parts.readClock());
    goroutine.afterFailure = this.#parts.scope.hasFailedFor(goroutine.name);
    if (goroutine.bubble !== 0) {
      this.#parts.bubbles = true;
      this.#parts.races?.stopped(goroutine.name, goroutine.bubble);
    }
    if (goroutine.yielded) spinning.notes(goroutine);
    table.stopped(goroutine);
    footprint.moves(goroutine.name);
  }

  /** An operation without a choice of its own: the step touches what it touches. */
  #joinStep(goroutine: GuestGoroutine): void {
    const { guest, footprint, table, recorder, points } = this.#parts;
    if (goroutine.op === "close") goroutine.empty = 0; // as countEmptyReceives, for a step of its own
    const accesses = touchedBy(goroutine, undefined, guest.objects);
    for (const access of accesses) {
      footprint.touch(access);
      table.touch(access.object);
    }
    this.#parts.orders([goroutine], accesses);
    recorder?.joined(goroutine, guest.objects, points.callers());
    if (goroutine.op === "condwait") goroutine.cond = goroutine.object;
    if (goroutine.op === "condbroadcast" || goroutine.op === "condsignal") this.#ahead.stop(); // who is woken is before no operation yet
  }

  /** The step ends here for what somebody else holds: it comes before or after who gives that back. */
  #touchAwaited(goroutine: GuestGoroutine): void {
    const { guest, footprint } = this.#parts;
    for (const access of touchedBy(goroutine, undefined, guest.objects)) footprint.touch(access);
  }

  /** What is let through without a choice puts uses of memory in order like any other operation. */
  #orders({ name }: GuestGoroutine, object: number, op: OpKind = "rmw"): void {
    this.#parts.races?.operation([name], [{ object: objectId(object >>> 0), op }]);
  }

  /** The user's code is about to use memory: of its own stack nobody else knows (Go moves to the heap what others may see). */
  onAccess(address: number, site: number): void {
    const { races, guest, goroutines } = this.#parts;
    if (races === undefined || this.settling) return;
    const g = guest.currentG();
    guest.objects.refresh();
    if (address >= guest.objects.word(g + G_STACK.low) >>> 0 && address < guest.objects.word(g + G_STACK.high) >>> 0) return;
    const goroutine = goroutines.at(g);
    if (goroutine !== undefined) races.use(goroutine.name, address, siteFrom(site).isWrite, site);
  }

  /** What a goroutine is natively by now that is stopped at a point here: runnable, or waiting inside of its operation. */
  shownState(address: number): number {
    const { goroutines, guest } = this.#parts;
    const goroutine = goroutines.at(address);
    if (goroutine?.phase !== "stopped") return STATE.other;
    guest.objects.refresh();
    this.#shown ??= new Map(this.#parts.scan().map((one) => [one.goroutine, one]));
    const shown = this.#shown.get(goroutine.name);
    if (shown === undefined || shown.alternatives.length > 0) return STATE.runnable;
    const nil = isChannelOp(goroutine.op) && shown.accesses.length === 0;
    return OPERATIONS.indexOf(goroutine.op) + (nil ? STATE.nil : 0);
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
    if (timer !== 0) this.#orders(goroutine, timer);
    if (recorder) {
      const [createdAt, entry] = guest.objects.origin(child);
      recorder.started(goroutine.name, { parent: goroutine.parent, createdAt, entry });
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
        if (goroutine) scope.fails(goroutine.name);
        return;
      }
      case EVENT.end:
        return this.#ended(a);
      case EVENT.timer: {
        const maker = this.#parts.asking();
        if (!maker) return;
        goroutines.nameTimer(a, maker);
        return this.#orders(maker, a);
      }
      case EVENT.handOver: {
        const goroutine = this.#parts.asking();
        if (goroutine) this.#orders(goroutine, a);
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

  onIdle(): number {
    this.#shown = undefined;
    this.#unasked.end();
    return this.#parts.turns.idle();
  }

  onNext(): number {
    return this.#parts.turns.next();
  }

  /** A function was called that answers ENOSYS, for its own code is not for this system. */
  onStub(name: string): void {
    const goroutine = name === WEAK ? this.#parts.asking() : undefined;
    if (goroutine !== undefined) goroutine.asksWeak = true;
    if (name !== WEAK) this.#parts.recorder?.stubbed(name);
  }

  onRandom(): number {
    return this.value;
  }

  /** Asked once: what the goroutine does after it in the same step goes well. */
  onFault(): number {
    const { fault } = this;
    this.fault = 0;
    return fault;
  }

  /** As the memory says now: it may have grown since it was looked at. */
  #bubbleOf(address: number): number {
    const { objects } = this.#parts.guest;
    objects.refresh();
    return objects.bubbleOf(address);
  }

  #ended(address: number): void {
    const { goroutines, footprint, races, recorder, table } = this.#parts;
    const goroutine = goroutines.at(address);
    if (goroutine === undefined) return;
    footprint.moves(goroutine.name);
    recorder?.ended(goroutine.name);
    const bubble = races === undefined ? 0 : this.#bubbleOf(address); // one that never stopped does not know its own
    if (bubble !== 0) races?.stopped(goroutine.name, bubble);
    table.left(goroutine);
    // After the run a goroutine goes on without being let: a finalizer may end what it waits for.
    if (this.settling && goroutine.phase === "stopped") moveTo(goroutine, "running");
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
