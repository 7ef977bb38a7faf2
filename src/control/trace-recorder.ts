import { DEFAULT_CASE, type Choice } from "../model/run/choice.js";
import type { GoroutineName, Nanos } from "../model/ids.js";
import type { Offer } from "../model/run/rendezvous.js";
import type { Stack } from "../model/goroutine/stack.js";
import type { Act, GoroutineLife, Trace, TraceStep } from "../model/run/trace.js";

/** What a host notes of an act: everything but the stack, which it may keep as something else (`S`) until the end. */
export interface NotedAct<S> extends Omit<Act, "stack"> {
  readonly site: S;
}

interface NotedStep<S> {
  readonly choice: Choice;
  readonly acts: NotedAct<S>[];
  readonly joined: NotedAct<S>[];
  time: Nanos;
}

interface NotedLife<L> {
  readonly name: GoroutineName;
  readonly about: L;
  readonly startedAt: number;
  endedAt: number | undefined;
}

/** How what was noted is read once the run is over. */
interface TraceReader<S, L> {
  stack(site: S): Stack;
  /** `seen`: it did something, so that its own stacks show what it was started with. */
  life(name: GoroutineName, about: L, seen: boolean): Pick<GoroutineLife, "entry" | "createdBy" | "startedFrom">;
}

/** Notes what happens in a run, step by step. `S`: where an act was done; `L`: what the host knows of a goroutine's start. */
export class TraceRecorder<S, L> {
  readonly #steps: NotedStep<S>[] = [];
  readonly #lives: NotedLife<L>[] = [];

  step(choice: Choice, acts: readonly NotedAct<S>[]): void {
    this.#steps.push({ choice, acts: [...acts], joined: [], time: 0n as Nanos });
  }

  /** One more act of the step at hand. */
  acts(act: (choice: Choice) => NotedAct<S>): void {
    const step = this.#steps.at(-1);
    if (step !== undefined) step.acts.push(act(step.choice));
  }

  /** What a goroutine does besides in the step at hand (TraceStep.joined). */
  joins(act: NotedAct<S>): void {
    this.#steps.at(-1)?.joined.push(act);
  }

  after(time: Nanos): void {
    const step = this.#steps.at(-1);
    if (step !== undefined) step.time = time;
  }

  started(name: GoroutineName, about: L): void {
    this.#lives.push({ name, about, startedAt: this.#steps.length - 1, endedAt: undefined });
  }

  ended(name: GoroutineName): void {
    const life = this.#lives.findLast((one) => one.name === name);
    if (life !== undefined) life.endedAt = this.#steps.length - 1;
  }

  /** All that `stack` and `life` will be asked about. */
  get noted(): { readonly sites: readonly S[]; readonly starts: readonly L[] } {
    return {
      sites: this.#steps.flatMap(({ acts, joined }) => [...acts, ...joined].map(({ site }) => site)),
      starts: this.#lives.map(({ about }) => about),
    };
  }

  trace(reader: TraceReader<S, L>): Trace {
    const read = ({ site, ...act }: NotedAct<S>): Act => ({ ...act, stack: reader.stack(site) });
    const steps = this.#steps.map(({ choice, acts, joined, time }): TraceStep => ({
      choice,
      acts: acts.map(read),
      ...(joined.length === 0 ? {} : { joined: joined.map(read) }),
      time,
    }));
    const seen = new Set(steps.flatMap(({ acts }) => acts.map(({ goroutine }) => goroutine)));
    const lives = this.#lives.map(({ name, about, startedAt, endedAt }): GoroutineLife => ({
      name,
      startedAt,
      ...reader.life(name, about, seen.has(name)),
      ...(endedAt === undefined ? {} : { endedAt }),
    }));
    return { steps, lives };
  }
}

/** The case that an actor takes; `side`: 0 for the one of a `go`, and for the sender of a `meet`. */
export const caseTaken = (choice: Choice, side: number): number | undefined =>
  choice.kind === "go" ? choice.case : choice.kind === "meet" ? (side === 0 ? choice.sendCase : choice.recvCase) : undefined;

/** For an act that says nothing else of itself: the value drawn, or the case taken. */
export const detailOf = (choice: Choice, side: number): number | undefined =>
  choice.kind === "value" ? choice.value : caseTaken(choice, side);

/**
 * What is to be noted of a channel operation, before it is done: a closed channel's receive that still finds a value is a
 * receive like any other.
 */
export function channelNote(
  offers: readonly Offer[],
  taken: number | undefined,
  channel: (offer: Offer, index: number) => { readonly closed: boolean; readonly length: number },
): Act["note"] {
  const index = taken ?? 0;
  const offer = taken === DEFAULT_CASE ? undefined : offers[index];
  if (offer === undefined) return undefined;
  if (offer.channel === undefined) return "nil";
  const { closed, length } = channel(offer, index);
  return closed && (offer.direction === "send" || length === 0) ? "closed" : undefined;
}
