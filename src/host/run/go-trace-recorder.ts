import { DEFAULT_CASE, type Choice } from "../../model/choice.js";
import type { GoroutineName, Nanos } from "../../model/ids.js";
import type { Frame, Stack } from "../../model/stack.js";
import type { Act, GoroutineLife, Trace, TraceStep } from "../../model/trace.js";
import type { GuestGoroutine } from "../guest/guest-goroutine.js";
import type { GuestObjects } from "../guest/guest-objects.js";
import { accessesOf, isChannelOp, partyOfGoroutine } from "../guest/guest-operations.js";

interface RawAct extends Omit<Act, "stack"> {
  readonly pcs: readonly number[];
}

interface RawStep {
  readonly choice: Choice;
  readonly acts: readonly RawAct[];
  readonly joined: RawAct[];
  time: Nanos;
}

interface RawLife {
  readonly name: GoroutineName;
  readonly parent: GoroutineName | undefined;
  /** Return address of the `go` statement, and of what it started; 0 where nobody wrote one. */
  readonly createdAt: number;
  readonly entry: number;
  readonly startedAt: number;
  endedAt: number | undefined;
}

/**
 * Notes what happens in a run. Return addresses are kept raw and given their source lines at the end: nothing may be
 * allocated in the guest while it runs, or a traced run would not be the run that it traces.
 */
export class GoTraceRecorder {
  readonly #steps: RawStep[] = [];
  readonly #lives: RawLife[] = [];

  step(choice: Choice, actors: readonly GuestGoroutine[], objects: GuestObjects): void {
    const acts = actors.map((goroutine, index) => actOf(choice, goroutine, index, objects));
    this.#steps.push({ choice, acts, joined: [], time: 0n as Nanos });
  }

  /** What the goroutine does besides, in the step at hand (library-blocks.ts). */
  joined(goroutine: GuestGoroutine, objects: GuestObjects, pcs: readonly number[]): void {
    const detail = goroutine.op === "wgadd" ? { detail: goroutine.aux } : {};
    this.#steps.at(-1)?.joined.push({ goroutine: goroutine.name, op: goroutine.op, accesses: accessesOf(goroutine, objects), pcs, ...detail });
  }

  after(time: Nanos): void {
    const step = this.#steps.at(-1);
    if (step) step.time = time;
  }

  started({ name, parent }: GuestGoroutine, createdAt: number, entry: number): void {
    this.#lives.push({ name, parent, createdAt, entry, startedAt: this.#steps.length - 1, endedAt: undefined });
  }

  ended(name: GoroutineName): void {
    const life = this.#lives.findLast((one) => one.name === name);
    if (life) life.endedAt = this.#steps.length - 1;
  }

  /** All return addresses that need a source line. */
  addresses(): ReadonlySet<number> {
    const acts = this.#steps.flatMap((step) => [...step.acts, ...step.joined].flatMap((act) => act.pcs));
    return new Set([...acts, ...this.#lives.flatMap(({ createdAt, entry }) => (createdAt === 0 ? [] : [createdAt, entry]))]);
  }

  trace(frames: (pc: number) => readonly Frame[]): Trace {
    const told = ({ pcs, ...act }: RawAct): Act => ({ ...act, stack: userFrames(pcs.flatMap(frames)) });
    const steps = this.#steps.map(({ choice, acts, joined, time }): TraceStep => ({
      choice,
      time,
      acts: acts.map(told),
      ...(joined.length === 0 ? {} : { joined: joined.map(told) }),
    }));
    const seen = new Set(steps.flatMap(({ acts }) => acts.map(({ goroutine }) => goroutine)));
    const lives = this.#lives.map((life): GoroutineLife => {
      const { name, startedAt, endedAt, parent } = life;
      const creator = life.createdAt === 0 ? undefined : frames(life.createdAt)[0];
      return {
        name,
        startedAt,
        // What it was started with is best read from its own stacks, without the compiler's wrappers (completeTrace).
        entry: seen.has(name) || life.entry === 0 ? "" : entryName(frames(life.entry)[0]),
        ...(creator === undefined || parent === undefined ? {} : { createdBy: { ...creator, name: parent } }),
        ...(endedAt === undefined ? {} : { endedAt }),
      };
    });
    return { steps, lives };
  }
}

/** `go f(x)` starts a closure that the compiler wrote: its name tells nobody anything. */
const entryName = (frame: Frame | undefined): string => (frame === undefined || /\.gowrap\d+$/.test(frame.function) ? "" : frame.function);

function actOf(choice: Choice, goroutine: GuestGoroutine, index: number, objects: GuestObjects): RawAct {
  const channel = isChannelOp(goroutine.op) ? partyOfGoroutine(goroutine, objects) : undefined;
  const offers = channel?.offers ?? [];
  const accesses = channel
    ? doneOn(offers, caseOf(choice, index)).flatMap((offer) => (offer.channel === undefined ? [] : [{ object: offer.channel, op: offer.direction }]))
    : accessesOf(goroutine, objects);
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

/** All channels of a select, by the runtime's numbers; of one with nil channels, where these do not fit, the one taken. */
function doneOn<T extends { readonly channel: unknown }>(offers: readonly T[], taken: number | undefined): readonly T[] {
  const offer = taken === undefined ? undefined : offers[taken];
  return offer !== undefined && offers.some(({ channel }) => channel === undefined) ? [offer] : offers;
}

const caseOf = (choice: Choice, index: number): number | undefined =>
  choice.kind === "go" ? choice.case : choice.kind === "meet" ? (index === 0 ? choice.sendCase : choice.recvCase) : undefined;

/** Without the runtime's and sync's own frames on top: what is left begins where the user's code, or a library's, stands. */
export function userFrames(frames: Stack): Stack {
  const first = frames.findIndex(({ function: name }) => !isInner(name));
  return first < 0 ? frames : frames.slice(first);
}

const INNER = /^(runtime|internal\/sync|internal\/runtime\/.*|sync|sync\/atomic|time)\.|^net\.(unpark|\(\*unparkEnd\))/;
const KEPT = /^(runtime\.(main|goexit|Gosched|deferreturn|gopanic)|time\.Sleep)$/;
const isInner = (name: string): boolean => INNER.test(name) && !KEPT.test(name);
