import { caseTaken, channelNote, detailOf, TraceRecorder, type NotedAct } from "../../control/trace-recorder.js";
import type { Choice } from "../../model/run/choice.js";
import type { Nanos } from "../../model/ids.js";
import type { Stack } from "../../model/goroutine/stack.js";
import type { GoroutineLife, Trace } from "../../model/run/trace.js";
import { framesOf } from "../observe/stack-trace.js";
import type { ControlledGoroutine } from "./controlled-goroutine.js";
import { creatorOf } from "./controlled-snapshot.js";

/** Writes a run down. Stacks are read at once: an error that is kept keeps alive what its functions hold (reachability.ts). */
export class RuntimeTraceRecorder {
  readonly #recorder = new TraceRecorder<Stack, Pick<GoroutineLife, "entry" | "createdBy">>();

  step(choice: Choice, actors: readonly ControlledGoroutine[]): void {
    this.#recorder.step(choice, actors.map((actor, side) => actOf(choice, actor, side)));
  }

  /** An operation that was not awaited, done in the course of the step that lasts. */
  beside(member: ControlledGoroutine): void {
    this.#recorder.acts((choice) => actOf(choice, member, 0));
  }

  after(time: Nanos): void {
    this.#recorder.after(time);
  }

  started(member: ControlledGoroutine): void {
    this.#recorder.started(member.name, { entry: member.entry, ...(member.creator === undefined ? {} : { createdBy: creatorOf(member) }) });
  }

  ended({ name }: ControlledGoroutine): void {
    this.#recorder.ended(name);
  }

  trace(): Trace {
    return this.#recorder.trace({ stack: (stack) => stack, life: (_, about) => about });
  }
}

function actOf(choice: Choice, { name, stop, stoppedAt }: ControlledGoroutine, side: number): NotedAct<Stack> {
  const { channels } = stop!;
  const instead = stop!.acts?.(detailOf(choice, side));
  const { op, accesses } = instead ?? stop!;
  const detail = stop!.detail ?? (instead === undefined ? detailOf(choice, side) : instead.detail);
  const note = instead?.note ?? (channels && channelNote(channels.offers, caseTaken(choice, side), (_, index) => channels.core(index)));
  return {
    goroutine: name,
    op,
    accesses,
    site: framesOf(stoppedAt),
    ...(detail === undefined ? {} : { detail }),
    ...(note === undefined ? {} : { note }),
  };
}
