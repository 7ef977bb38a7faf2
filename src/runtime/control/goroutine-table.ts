import type { GoroutineName } from "../../model/ids.js";
import type { Pending } from "../../model/run/program.js";
import type { PendingOperation } from "../core/pending-operation.js";
import type { ControlledGoroutine } from "./controlled-goroutine.js";

/** The goroutines of a run that have not ended, in order of creation; main first, while it lives. */
export class GoroutineTable {
  readonly members: ControlledGoroutine[];
  readonly main: ControlledGoroutine;

  constructor(main: ControlledGoroutine) {
    this.main = main;
    this.members = [main];
  }

  add(member: ControlledGoroutine): void {
    this.members.push(member);
  }

  named(name: GoroutineName): ControlledGoroutine {
    return this.members.find((one) => one.name === name)!;
  }

  stoppedBefore(stop: PendingOperation): ControlledGoroutine | undefined {
    return this.members.find((one) => one.stop === stop);
  }

  remove(member: ControlledGoroutine): void {
    this.members.splice(this.members.indexOf(member), 1);
  }

  /** Those that cannot go on, and that no timer will wake. */
  blocked(pending: readonly Pending[]): ReadonlySet<GoroutineName> {
    const blocked = new Set<GoroutineName>();
    for (const { goroutine, op, alternatives } of pending) {
      if (goroutine === undefined || alternatives.length > 0 || op === "sleep") continue;
      if (!waitsForTimer(this.named(goroutine).stop!)) blocked.add(goroutine);
    }
    return blocked;
  }

  /** Each one that is stopped has certainly reached its operation (RunOptions.arrival). */
  arrive(): void {
    for (const member of this.members) member.arrived = member.phase === "stopped";
  }
}

const waitsForTimer = ({ channels }: PendingOperation): boolean =>
  channels?.offers.some(({ channel }, i) => channel !== undefined && channels.core(i).timer?.next() !== undefined) ?? false;
