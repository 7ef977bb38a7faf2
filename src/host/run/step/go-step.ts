import { moveTo } from "../../../control/goroutine.js";
import { StepFootprint } from "../../../control/footprint.js";
import { CLOCK_READ } from "../../../control/pending.js";
import { actorsOf, DEFAULT_CASE, type Choice } from "../../../model/run/choice.js";
import { FAULTS, isFault } from "../../../model/run/fault.js";
import type { Nanos } from "../../../model/ids.js";
import type { Outcome } from "../../../model/run/outcome.js";
import type { GoesOn } from "../../../model/run/program.js";
import { drawn, type GuestGoroutine } from "../../guest/guest-goroutine.js";
import { accessesOfChoice, isChannelOp, waitsForTimer, touchedBy } from "../../guest/guest-operations.js";
import { BOX, CASE_WAIT } from "../../guest/guest-protocol.js";
import { netDeadline, waitsAtNet } from "../../net/net-objects.js";
import { countEmptyReceives, receivesNothing } from "../limits/empty-receives.js";
import type { GuestHooks } from "../guest-hooks.js";
import { beginsBlock } from "./library-blocks.js";
import { channelsFed } from "../pending/old-timers.js";
import { isStopped } from "../pending/guest-pending.js";
import type { RunParts } from "../run-parts.js";
import type { StepsAhead } from "./steps-ahead.js";
import { mustWaitInBubbles, wakeOrder } from "./wake-queue.js";

/** Does a choice: lets its goroutines go on, or moves the clock, until all are stopped again; notes what that touches. */
export class GoStep {
  readonly #parts: RunParts;
  readonly #hooks: GuestHooks;
  readonly #ahead: StepsAhead;

  constructor(parts: RunParts, hooks: GuestHooks, ahead: StepsAhead) {
    this.#parts = parts;
    this.#hooks = hooks;
    this.#ahead = ahead;
  }

  /** `quiet`: the clock moves while no goroutine could go on, so that each that is stopped has reached its channel (`RunOptions.arrival`). The outcome where the guest did not come back. */
  take(chosen: Choice, quiet: boolean, goesOn: GoesOn | undefined): Outcome | undefined {
    const parts = this.#parts;
    const { goroutines, guest, recorder } = parts;
    parts.footprint = new StepFootprint();
    const actors = this.#actorsOf(chosen);
    this.#noteAccesses(chosen, actors);
    recorder?.taken(chosen, actors, guest.objects);
    const { clockEntry } = parts;
    const clock = clockEntry !== undefined && clockEntry.alternatives.length > 0;
    if (isDefault(chosen) && this.#overtakes(chosen)) parts.clock.overtaken++;
    if (chosen.kind === "clock") this.#moveClock(clockEntry!.time!, quiet);
    const emptied = receivesNothing(chosen, actors[0], guest.objects);
    const nothing = emptied !== undefined;
    countEmptyReceives(chosen, actors, emptied);
    parts.spinning.step(chosen, actors, nothing ? "load" : actors[0]?.op, parts.footprint.accesses[0]?.object, (one) => parts.table.changed(one));
    parts.forgetPending();
    const { accesses } = parts.footprint;
    parts.orders(actors, accesses, chosen.kind === "clock" ? parts.clock.base - parts.began : 0);
    this.#noteValue(chosen, actors[0]);
    if (chosen.kind === "go") parts.letGo([this.#release(actors[0]!, chosen.case, chosen.case === undefined)]);
    else parts.letGo(wakeOrder(chosen, (name, index) => this.#release(goroutines.named(name)!, index, false), (name) => parts.hasDefault(name)));
    this.#ahead.begin(chosen, { actor: actors[0], nothing, clock, isClock: chosen.kind === "clock" }, recorder === undefined ? goesOn : undefined);
    const outcome = this.goOn();
    this.#noteTimersWaitedFor();
    recorder?.after(parts.now());
    return outcome;
  }

  /** It could have met one who stands there since before the clock last moved. */
  #overtakes(chosen: Choice): boolean {
    const [name] = actorsOf(chosen);
    const ways = this.#parts.pending().find(({ goroutine }) => goroutine === name)?.alternatives ?? [];
    return ways.some((way) => way.kind === "meet" && actorsOf(way).some((other) => other !== name && this.#parts.goroutines.named(other)!.since < this.#parts.clock.base));
  }

  #actorsOf(choice: Choice): readonly GuestGoroutine[] {
    const { goroutines } = this.#parts;
    switch (choice.kind) {
      case "clock":
        return NOBODY;
      case "meet":
        return [goroutines.named(choice.sender)!, goroutines.named(choice.receiver)!];
      default:
        return [goroutines.named(choice.goroutine)!];
    }
  }

  /** The goroutines whose turn it is go on, until all are stopped; then those of bubbles that have to wait do so. */
  goOn(): Outcome | undefined {
    const { guest, scope, goroutines } = this.#parts;
    for (;;) {
      const outcome = guest.resume();
      guest.objects.refresh();
      if (outcome === undefined) this.#hooks.paused();
      scope.afterStep(() => goroutines.all);
      const waiting = outcome === undefined && this.#parts.bubbles ? this.#waitingInBubbles() : [];
      if (waiting.length === 0) return outcome;
      this.#parts.letGo(waiting.map((goroutine) => this.#enter(goroutine)));
      this.#parts.forgetPending();
    }
  }

  #enter(goroutine: GuestGoroutine): number {
    const { races, guest } = this.#parts;
    races?.waits(goroutine.name, touchedBy(goroutine, undefined, guest.objects));
    return this.#release(goroutine, CASE_WAIT, false, "entering");
  }

  #waitingInBubbles(): readonly GuestGoroutine[] {
    this.#parts.forgetPending();
    const canGo = new Set(this.#parts.pending().filter((one) => one.alternatives.length > 0).map((one) => one.goroutine));
    return mustWaitInBubbles(this.#parts.goroutines.all, ({ name }) => canGo.has(name));
  }

  /** What the guest will ask for: a draw's value, or what goes wrong. */
  #noteValue(chosen: Choice, actor: GuestGoroutine | undefined): void {
    const hooks = this.#hooks;
    hooks.fault = 0;
    if (chosen.kind !== "value" || actor === undefined) return;
    if (!isFault(chosen, actor.op)) hooks.value = drawn(actor, chosen.value);
    else {
      hooks.fault = chosen.value;
      this.#parts.wentWrong = [...this.#parts.wentWrong, FAULTS[chosen.value - 1]!];
      // Nothing more may go wrong now where nothing may any more.
      for (const goroutine of this.#parts.goroutines.all) this.#parts.table.changed(goroutine);
    }
  }

  /** `alone`: it goes on in the one way that its operation has. */
  #release(goroutine: GuestGoroutine, index: number | undefined, alone: boolean, phase: "running" | "entering" = "running"): number {
    const { guest, table, footprint } = this.#parts;
    moveTo(goroutine, phase);
    goroutine.readings = 0;
    goroutine.acquiring = beginsBlock(goroutine);
    goroutine.began = alone ? goroutine.op : undefined;
    if (goroutine.op === "condwait") goroutine.cond = goroutine.object;
    table.left(goroutine);
    guest.objects.setWord(goroutine.address + guest.gCase, index ?? 0);
    footprint.moves(goroutine.name);
    return goroutine.address;
  }

  #moveClock(to: Nanos, quiet: boolean): void {
    const { clock, began, goroutines, guest, footprint, table } = this.#parts;
    const due = began + Number(to);
    clock.skipped ||= clock.skipTo === due; // W1: others were due before it
    clock.skipTo = undefined;
    clock.base = due;
    if (this.#parts.scope.over !== undefined) guest.objects.setWord(guest.box + BOX.late, 1);
    for (const channel of channelsFed(goroutines.timers, guest.objects, clock.base)) {
      footprint.touch({ object: channel, op: "clock" });
      table.touch(channel);
    }
    table.clockMoved(due);
    if (!quiet) return;
    for (const goroutine of goroutines.all) {
      if (!isStopped(goroutine)) continue;
      goroutine.arrived = true;
      if (goroutine.party) goroutine.party = { ...goroutine.party, arrived: true };
      table.changed(goroutine);
    }
  }

  #noteAccesses(choice: Choice, actors: readonly GuestGoroutine[]): void {
    const { guest, footprint, table } = this.#parts;
    for (const access of accessesOfChoice(choice, actors, guest.objects)) {
      footprint.touch(access);
      table.touch(access.object);
    }
  }

  /** The clock moves to the next timer that a goroutine waits for: one that comes to wait for a timer changes what the clock will do (P3). */
  #noteTimersWaitedFor(): void {
    const { goroutines, guest, footprint } = this.#parts;
    for (const name of footprint.moved) {
      const goroutine = goroutines.named(name);
      if (goroutine === undefined || !isStopped(goroutine)) continue;
      if (waitsAtNet(goroutine) && netDeadline(goroutine, guest.objects) !== 0) footprint.touch(CLOCK_READ);
      if (isChannelOp(goroutine.op) && waitsForTimer(goroutine, guest.objects)) footprint.touch(CLOCK_READ);
    }
  }
}

const NOBODY: readonly GuestGoroutine[] = [];

const isDefault = (choice: Choice): boolean => choice.kind === "go" && choice.case === DEFAULT_CASE;
