import { DEFAULT_CASE, type Choice } from "../model/choice.js";
import type { GoroutineName, Nanos } from "../model/ids.js";
import type { Frame, Stack } from "../model/stack.js";
import type { Act, GoroutineLife, Trace, TraceStep } from "../model/trace.js";
import type { GuestGoroutine } from "./goroutine.js";
import type { GuestObjects } from "./guest-objects.js";
import { accessesOf, isChannelOp, partyOfGoroutine } from "./pending.js";

interface RawAct extends Omit<Act, "stack"> {
  readonly pcs: readonly number[];
}

interface RawStep {
  readonly choice: Choice;
  readonly acts: readonly RawAct[];
  time: Nanos;
}

interface RawLife {
  readonly name: GoroutineName;
  readonly parent: GoroutineName | undefined;
  readonly startedAt: number;
  endedAt: number | undefined;
}

/**
 * Notes what happens in a run. Return addresses are kept raw and given their source lines at the end: nothing may be
 * allocated in the guest while it runs, or a traced run would not be the run that it traces.
 */
export class TraceRecorder {
  readonly #steps: RawStep[] = [];
  readonly #lives: RawLife[] = [];

  step(choice: Choice, actors: readonly GuestGoroutine[], objects: GuestObjects): void {
    const acts = actors.map((goroutine, index) => actOf(choice, goroutine, index, objects));
    this.#steps.push({ choice, acts, time: 0n as Nanos });
  }

  after(time: Nanos): void {
    const step = this.#steps.at(-1);
    if (step) step.time = time;
  }

  started(goroutine: GuestGoroutine): void {
    this.#lives.push({ name: goroutine.name, parent: goroutine.parent, startedAt: this.#steps.length - 1, endedAt: undefined });
  }

  ended(name: GoroutineName): void {
    const life = this.#lives.findLast((one) => one.name === name);
    if (life) life.endedAt = this.#steps.length - 1;
  }

  /** All return addresses that need a source line. */
  addresses(): ReadonlySet<number> {
    return new Set(this.#steps.flatMap((step) => step.acts.flatMap((act) => act.pcs)));
  }

  trace(frames: (pc: number) => readonly Frame[], creators: ReadonlyMap<GoroutineName, Frame>, entries: ReadonlyMap<GoroutineName, string>): Trace {
    const steps = this.#steps.map(({ choice, acts, time }): TraceStep => ({
      choice,
      time,
      acts: acts.map(({ pcs, ...act }) => ({ ...act, stack: userFrames(pcs.flatMap(frames)) })),
    }));
    const lives = this.#lives.map(({ name, startedAt, endedAt, parent }): GoroutineLife => {
      const creator = creators.get(name);
      return {
        name,
        startedAt,
        entry: entries.get(name) ?? "",
        ...(creator === undefined ? {} : { createdBy: { ...creator, ...(parent === undefined ? {} : { name: parent }) } }),
        ...(endedAt === undefined ? {} : { endedAt }),
      };
    });
    return { steps, lives };
  }
}

function actOf(choice: Choice, goroutine: GuestGoroutine, index: number, objects: GuestObjects): RawAct {
  const channel = isChannelOp(goroutine.op) ? partyOfGoroutine(goroutine, objects) : undefined;
  const offers = channel?.offers ?? [];
  const accesses = channel
    ? offers.flatMap((offer) => (offer.channel === undefined ? [] : [{ object: offer.channel, op: offer.direction }]))
    : accessesOf(goroutine);
  const taken = caseOf(choice, index);
  const detail = goroutine.op === "wgadd" ? goroutine.aux : choice.kind === "value" ? choice.value : taken;
  const offer = offers[taken === undefined || taken === DEFAULT_CASE ? 0 : taken];
  const closed = offer?.channel !== undefined && objects.channel(offer.channel, () => false).closed;
  const note = offer === undefined ? undefined : offer.channel === undefined ? "nil" : closed ? "closed" : undefined;
  return {
    goroutine: goroutine.name,
    op: taken === DEFAULT_CASE ? "select" : goroutine.op, // one case and a default: the compiler makes a send or receive of it
    accesses,
    pcs: goroutine.pcs,
    ...(detail === undefined ? {} : { detail }),
    ...(note === undefined ? {} : { note }),
  };
}

const caseOf = (choice: Choice, index: number): number | undefined =>
  choice.kind === "go" ? choice.case : choice.kind === "meet" ? (index === 0 ? choice.sendCase : choice.recvCase) : undefined;

/** Without the runtime's and sync's own frames on top: what is left begins where the user's code, or a library's, stands. */
export function userFrames(frames: Stack): Stack {
  const first = frames.findIndex(({ function: name }) => !isInner(name));
  return first < 0 ? frames : frames.slice(first);
}

const INNER = /^(runtime|internal\/sync|internal\/runtime\/.*|sync|sync\/atomic|time)\./;
const KEPT = /^(runtime\.(main|goexit|Gosched|deferreturn|gopanic)|time\.Sleep)$/;
const isInner = (name: string): boolean => INNER.test(name) && !KEPT.test(name);
