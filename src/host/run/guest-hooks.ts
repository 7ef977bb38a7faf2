import type { Argument } from "../../model/goroutine/argument.js";
import { GUEST_OPERATIONS } from "../../model/run/operation.js";
import { COLLECTION, COLLECTION_UNASKED, WEAK } from "../../model/run/trace.js";
import type { GuestGoroutine } from "../guest/guest-goroutine.js";
import { touchedBy } from "../guest/guest-operations.js";
import { IDLE, passingAt, POINT } from "../guest/guest-protocol.js";
import { siteFrom } from "../guest/watched-memory.js";
import { GuestEvents } from "./guest-events.js";
import type { RunParts } from "./run-parts.js";
import { ShownStates } from "./shown-states.js";
import type { StepsAhead } from "./step/steps-ahead.js";
import type { UnaskedPasses } from "./step/unasked-passes.js";

/** A g begins with the bounds of its stack (runtime2.go, `type g struct`). */
const G_STACK = { low: 0, high: 8 } as const;

/** The program's side of a run: what the hooks of go/runtime ask, between two pauses of the module; what they report is in `events`. */
export class GuestHooks {
  readonly #parts: RunParts;
  readonly #ahead: StepsAhead;
  readonly #unasked: UnaskedPasses;
  readonly events: GuestEvents;
  readonly shown: ShownStates;
  /** What a draw gives: the value of the choice that is taken. */
  value = -1;
  /** What goes wrong in the operation that is let go on; 0: nothing. */
  fault = 0;

  constructor(parts: RunParts, ahead: StepsAhead, unasked: UnaskedPasses) {
    this.#parts = parts;
    this.#ahead = ahead;
    this.#unasked = unasked;
    this.events = new GuestEvents(parts, ahead, unasked);
    this.shown = new ShownStates(parts);
  }

  onPoint(op: number, address: number, object: number, aux: number, pc: number): number {
    const { goroutines, guest, points, table, recorder, settling } = this.#parts;
    const goroutine = settling ? undefined : goroutines.at(address);
    if (goroutine === undefined) return POINT.goOn;
    this.shown.forget();
    this.#unasked.settle();
    goroutine.op = GUEST_OPERATIONS[op]!;
    goroutine.code = op;
    goroutine.object = object;
    goroutine.aux = aux;
    if (goroutine.phase === "entering" && goroutine.op === "semacquire") return POINT.goOn;
    guest.objects.refresh();
    const caller = guest.ignored.callerAt(pc);
    if (caller === undefined) return POINT.nameIt;
    if (caller.isWrapper) return POINT.nameOuter;
    if (goroutine.op === "timerreset") this.#parts.goroutines.setsTimer(object, goroutine);
    if (points.passesWithoutPoint(goroutine, caller)) {
      if (!guest.isWatched && guest.ignored.needNotAsk(caller, goroutine.op)) guest.objects.setWord(passingAt(pc), pc);
      table.touch(object);
      this.#parts.synchronizes(goroutine, object, goroutine.op);
      return POINT.goOn;
    }
    if (points.isLocal(goroutine, caller)) {
      table.touch(object);
      this.#parts.synchronizes(goroutine, object, goroutine.op);
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

  /** The user's code is about to use memory: of its own stack nobody else knows (Go moves to the heap what others may see). */
  onAccess(address: number, site: number): void {
    const { races, guest, goroutines, settling } = this.#parts;
    if (races === undefined || settling) return;
    const g = guest.currentG();
    guest.objects.refresh();
    if (address >= guest.objects.word(g + G_STACK.low) >>> 0 && address < guest.objects.word(g + G_STACK.high) >>> 0) return;
    const goroutine = goroutines.at(g);
    if (goroutine !== undefined) races.use(goroutine.name, address, siteFrom(site).isWrite, site);
  }

  /** Nothing is runnable, and others go on in the same step. */
  onIdle(): number {
    this.paused();
    return this.#parts.turns.next() ?? IDLE.stepOver;
  }

  /** Nothing is runnable. */
  paused(): void {
    this.shown.forget();
    this.#unasked.end();
  }

  /** A function was called that answers ENOSYS, for its own code is not for this system. */
  onStub(name: string): void {
    if (name === COLLECTION || name === COLLECTION_UNASKED) this.#collects();
    const goroutine = name === WEAK ? this.#parts.asking() : undefined;
    if (goroutine !== undefined) goroutine.asksWeak = true;
    if (name !== WEAK && name !== COLLECTION_UNASKED) this.#parts.recorder?.stubbed(name);
  }

  /** Finalizers and cleanups run now, and nobody sees what they do. */
  #collects(): void {
    const { guest, goroutines, table } = this.#parts;
    guest.ignored.hasCollected = true;
    table.allMayHaveChanged(goroutines.all);
    this.#ahead.stop();
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
}
