import type { Choice } from "../../model/choice.js";
import type { Nanos } from "../../model/ids.js";
import type { Act, GoroutineLife, Trace, TraceStep } from "../../model/trace.js";
import { framesOf } from "../observe/stack-trace.js";
import type { ControlledGoroutine } from "./controlled-goroutine.js";
import { creatorOf } from "./controlled-snapshot.js";

/** Writes a run down, step by step. */
export class TraceRecorder {
  readonly #steps: TraceStep[] = [];
  readonly #lives = new Map<ControlledGoroutine, { -readonly [K in keyof GoroutineLife]: GoroutineLife[K] }>();
  #open: { readonly choice: Choice; readonly acts: Act[] } | undefined;

  step(choice: Choice, actors: readonly ControlledGoroutine[]): void {
    this.#open = { choice, acts: actors.map((actor, side) => actOf(choice, actor, side)) };
  }

  /** An operation that was not awaited, done in the course of the step that lasts. */
  beside(member: ControlledGoroutine): void {
    if (this.#open !== undefined) this.#open.acts.push(actOf(this.#open.choice, member, 0));
  }

  after(time: Nanos): void {
    if (this.#open !== undefined) this.#steps.push({ ...this.#open, time });
    this.#open = undefined;
  }

  started(member: ControlledGoroutine, step: number): void {
    const createdBy = member.creator === undefined ? {} : { createdBy: creatorOf(member) };
    this.#lives.set(member, { name: member.name, entry: member.entry, startedAt: step, ...createdBy });
  }

  ended(member: ControlledGoroutine, step: number): void {
    this.#lives.get(member)!.endedAt = step;
  }

  trace(): Trace {
    return { steps: this.#steps, lives: [...this.#lives.values()] };
  }
}

function actOf(choice: Choice, actor: ControlledGoroutine, side: number): Act {
  const stop = actor.stop!;
  const detail = stop.detail ?? detailOf(choice, side);
  const note = noteOf(actor);
  return {
    goroutine: actor.name,
    op: stop.op,
    accesses: stop.accesses,
    stack: framesOf(actor.stoppedAt),
    ...(detail === undefined ? {} : { detail }),
    ...(note === undefined ? {} : { note }),
  };
}

function detailOf(choice: Choice, side: number): number | undefined {
  switch (choice.kind) {
    case "go":
      return choice.case;
    case "meet":
      return side === 0 ? choice.sendCase : choice.recvCase;
    case "value":
      return choice.value;
    case "clock":
      return undefined;
  }
}

function noteOf({ stop }: ControlledGoroutine): "closed" | undefined {
  const channels = stop!.op === "recv" ? stop!.channels : undefined;
  if (channels === undefined || channels.offers[0]!.channel === undefined) return undefined;
  const core = channels.core(undefined);
  return core.closed && core.length === 0 ? "closed" : undefined;
}
