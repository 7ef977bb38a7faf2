import { caseTaken, channelNote, detailOf, TraceRecorder, type NotedAct } from "../../control/trace-recorder.js";
import { DEFAULT_CASE, type Choice } from "../../model/run/choice.js";
import type { GoroutineName } from "../../model/ids.js";
import type { Frame, Stack } from "../../model/goroutine/stack.js";
import type { Trace } from "../../model/run/trace.js";
import { drawn, type CalledFrame, type GuestGoroutine } from "../guest/guest-goroutine.js";
import type { GuestObjects } from "../guest/guest-objects.js";
import { accessesOf, isChannelOp, partyOfGoroutine } from "../guest/guest-operations.js";

/** Where an act was done: return addresses, innermost first. */
interface Site {
  readonly pcs: readonly number[];
  readonly called: readonly CalledFrame[];
}

interface Start {
  readonly parent: GoroutineName | undefined;
  /** Return address of the `go` statement, and of what it started; 0 where there is none in the source. */
  readonly createdAt: number;
  readonly entry: number;
  /** The stack of the `go` statement, as Site's. */
  readonly pcs: readonly number[];
}

/**
 * Notes what happens in a run. Return addresses are kept raw and given their source lines at the end: nothing may be
 * allocated in the guest while it runs, or a traced run would not be the run that it traces.
 */
export class GoTraceRecorder extends TraceRecorder<Site, Start> {
  readonly #stubs = new Set<string>();
  readonly #left = new Map<GoroutineName, Site>();

  taken(choice: Choice, actors: readonly GuestGoroutine[], objects: GuestObjects): void {
    this.step(choice, actors.map((goroutine, side) => actOf(choice, goroutine, side, objects)));
  }

  /** What the goroutine does besides, in the step at hand (library-blocks.ts). */
  joined(goroutine: GuestGoroutine, objects: GuestObjects, pcs: readonly number[]): void {
    const detail = goroutine.op === "wgadd" ? { detail: goroutine.aux } : {};
    this.joins({ goroutine: goroutine.name, op: goroutine.op, accesses: accessesOf(goroutine, objects), site: { pcs, called: [] }, ...detail });
  }

  /** Of the end of the run: where those stand that came to an operation and did not do it. */
  leaves(goroutines: readonly GuestGoroutine[]): void {
    for (const { name, pcs, called } of goroutines) this.#left.set(name, { pcs, called });
  }

  stubbed(name: string): void {
    this.#stubs.add(name);
  }

  /** All return addresses that need a source line. */
  addresses(): ReadonlySet<number> {
    const { sites, starts } = this.noted;
    return new Set([...[...sites, ...this.#left.values()].flatMap(({ pcs }) => pcs), ...starts.flatMap(({ createdAt, entry, pcs }) => (createdAt === 0 ? [] : [createdAt, entry, ...pcs]))]);
  }

  read(frames: (pc: number) => readonly Frame[]): Trace {
    const trace = this.trace({
      stack: (site) => userFrames(stackAt(site, frames)),
      life: (_, { parent, createdAt, entry, pcs }, seen) => {
        const creator = createdAt === 0 ? undefined : frames(createdAt)[0];
        return {
          // What it was started with is best read from its own stacks, without the compiler's wrappers (completeTrace).
          entry: seen || entry === 0 ? "" : entryName(frames(entry)[0]),
          ...(creator === undefined || parent === undefined ? {} : { createdBy: { ...creator, name: parent }, startedFrom: userFrames(pcs.flatMap(frames)) }),
        };
      },
    });
    return {
      ...trace,
      ...(this.#stubs.size === 0 ? {} : { stubs: [...this.#stubs] }),
      ...(this.#left.size === 0 ? {} : { stands: new Map([...this.#left].map(([name, site]) => [name, userFrames(stackAt(site, frames))])) }),
    };
  }
}

/** Both lists stand innermost first, and a function that calls itself stands in both as often. */
function stackAt({ pcs, called }: Site, frames: (pc: number) => readonly Frame[]): Stack {
  let next = 0;
  return pcs.flatMap((pc) => {
    const at = called.findIndex((one, index) => index >= next && one.pc === pc);
    if (at < 0) return frames(pc);
    next = at + 1;
    return frames(pc).map((frame, index, all) => (index === all.length - 1 ? { ...frame, arguments: called[at]!.values } : frame));
  });
}

/** `go f(x)` starts a closure that the compiler wrote: its name says nothing. */
const entryName = (frame: Frame | undefined): string => (frame === undefined || /\.gowrap\d+$/.test(frame.function) ? "" : frame.function);

function actOf(choice: Choice, goroutine: GuestGoroutine, side: number, objects: GuestObjects): NotedAct<Site> {
  const offers = isChannelOp(goroutine.op) ? partyOfGoroutine(goroutine, objects).offers : undefined;
  const taken = caseTaken(choice, side);
  const accesses = offers
    ? doneOn(offers, taken).flatMap((offer) => (offer.channel === undefined ? [] : [{ object: offer.channel, op: offer.direction }]))
    : accessesOf(goroutine, objects);
  const detail = goroutine.op === "wgadd" ? goroutine.aux : goroutine.op === "random" && choice.kind === "value" ? drawn(goroutine, choice.value) : detailOf(choice, side);
  const note = offers && channelNote(offers, taken, ({ channel }) => objects.channel(channel!, () => false));
  return {
    goroutine: goroutine.name,
    op: taken === DEFAULT_CASE ? "select" : goroutine.op, // one case and a default: the compiler makes a send or receive of it
    accesses,
    site: { pcs: goroutine.pcs, called: goroutine.called },
    ...(detail === undefined ? {} : { detail }),
    ...(note === undefined ? {} : { note }),
  };
}

/** All channels of a select, by the runtime's numbers; of one with nil channels, where these do not fit, the one taken. */
function doneOn<T extends { readonly channel: unknown }>(offers: readonly T[], taken: number | undefined): readonly T[] {
  const offer = taken === undefined ? undefined : offers[taken];
  return offer !== undefined && offers.some(({ channel }) => channel === undefined) ? [offer] : offers;
}

/** Without the runtime's and sync's own frames on top: what is left begins where the user's code, or a library's, stands. */
export function userFrames(frames: Stack): Stack {
  const first = frames.findIndex(({ function: name }) => !isInner(name));
  return first < 0 ? frames : frames.slice(first);
}

const INNER = /^(runtime|internal\/sync|internal\/runtime\/.*|sync|sync\/atomic|time)\.|^net\.(unpark|\(\*unparkEnd\))/;
const KEPT = /^(runtime\.(main|goexit|Gosched|deferreturn|gopanic)|time\.Sleep)$/;
const isInner = (name: string): boolean => INNER.test(name) && !KEPT.test(name);
