import { DEFAULT_CASE } from "../../model/run/choice.js";
import type { Offer } from "../../model/run/rendezvous.js";
import type { Access } from "../../model/run/operation.js";
import { Chan, coreOf, type RecvChan, type SendChan } from "./chan.js";
import type { ChannelHalves, OperationControl, PendingOperation } from "../core/pending-operation.js";
import { channelAccess, CLOSED, WOULD_BLOCK, type Hchan } from "../core/hchan.js";
import { signalChannel } from "../core/abort.js";
import { CaseWaiter, shaped, SHAPE_SELECT, Waiter } from "../core/waiter.js";
import { checkOwner, world, rejected, scheduler } from "../core/current-runtime.js";

/** `case v, ok := <-ch`. An undefined channel is Go's nil: the case is never ready. */
export interface RecvCase<out T> {
  readonly direction: "recv";
  readonly channel: RecvChan<T> | undefined;
}
/** `case ch <- v`. */
export interface SendCase {
  readonly direction: "send";
  readonly channel: object | undefined;
  readonly value: unknown;
}
/** `default`. */
export interface DefaultCase {
  readonly direction: "default";
}
/** What `recv`, `send`, `aborted` and `otherwise` make for `select`. */
export type SelectCase = RecvCase<unknown> | SendCase | DefaultCase;

/**
 * `case v := <-channel`. An undefined `channel` is Go's nil: the case is never ready.
 *
 * @example
 * const got = await select(recv(time.after("1ms")), recv(undefined));
 * assert.equal(got.index, 0);
 */
export const recv = <T>(channel: RecvChan<T> | undefined): RecvCase<T> => ({ direction: "recv", channel });
/**
 * `case channel <- value`. An undefined `channel` is Go's nil: the case is never ready.
 *
 * @param value what is sent, if this case is the one.
 * @example
 * const full = new Chan<number>(1);
 * assert.equal((await select(send(full, 1), otherwise)).index, 0);
 * assert.equal((await select(send(full, 2), otherwise)).index, -1);
 */
export const send = <T>(channel: SendChan<T> | undefined, value: T): SendCase => ({ direction: "send", channel, value });
/**
 * Ready when `signal` has aborted; its reason is then the signal's `reason`.
 *
 * @example
 * const got = await select(recv(new Chan<number>()), aborted(AbortSignal.abort()));
 * assert.equal(got.index, 1);
 */
export const aborted = (signal: AbortSignal): RecvCase<never> => ({ direction: "recv", channel: new Chan<never>(signalChannel(signal)) });
/** `default`: what `select` does when no case is ready. Its index is -1. */
export const otherwise: DefaultCase = { direction: "default" };

/** What case number `I` gives: its value and `ok` for a receive; `index` -1 for `otherwise`. */
type SelectOutcome<C, I> = C extends RecvCase<infer T>
  ? | { readonly index: I; readonly value: Awaited<T>; readonly ok: true }
    | { readonly index: I; readonly value: undefined; readonly ok: false }
  : C extends SendCase
    ? { readonly index: I; readonly value: undefined; readonly ok: true }
    : { readonly index: -1; readonly value: undefined; readonly ok: false };

type NumberOf<K> = K extends `${infer N extends number}` ? N : never;
/** Where the cases are an array, how many there are and of which kinds is known only when it runs. */
export type Selected<C extends readonly SelectCase[]> = number extends C["length"]
  ? SelectOutcome<C[number], number>
  : { [K in keyof C & `${number}`]: SelectOutcome<C[K], NumberOf<K>> }[keyof C & `${number}`];

/**
 * Go specification, "Select statements": waits until one of the cases can go on and does that one; if several can,
 * one of them by fair chance; `otherwise`, if there, when none can. No cases: waits for ever.
 *
 * @param cases in the order that `index` counts them, from 0.
 * @throws SendOnClosedChannel, a panic; TypeError for what is no channel.
 * @example
 * const results = new Chan<string>(1);
 * await results.send("ready");
 * const got = await select(recv(results), recv(time.after("1s")));
 * assert.deepEqual([got.index, got.value, got.ok], [0, "ready", true]);
 */
export function select<const C extends readonly SelectCase[]>(...cases: C): Promise<Selected<C>> {
  try {
    return world.control !== undefined ? world.control.stop(new SelectStop(cases)) : selectNow(cases);
  } catch (error) {
    return rejected(error);
  }
}

function selectNow<const C extends readonly SelectCase[]>(cases: C): Promise<Selected<C>> {
  let chosen = -1;
  let ready = 0;
  for (let i = 0; i < cases.length; i++) {
    const one = cases[i]!;
    if (one.direction === "default" || one.channel === undefined) continue;
    const core = coreOf(one.channel);
    // Reservoir sampling of the ready ones: each with the same chance, no permutation as in runtime/select.go.
    if (isReady(core, one.direction) && (++ready === 1 || scheduler.prng.below(ready) === 0)) chosen = i;
  }
  if (chosen >= 0) return scheduler.give(doCase(cases[chosen]!, chosen)) as Promise<Selected<C>>;
  for (const one of cases) {
    if (one.direction === "default") return scheduler.give(shaped(SHAPE_SELECT, DEFAULT_CASE, undefined, false)) as Promise<Selected<C>>;
  }
  return parkSelect(cases) as Promise<Selected<C>>;
}

function isReady(core: Hchan, direction: "send" | "recv"): boolean {
  if (core.closed) return true;
  return direction === "send"
    ? core.receivers.first !== undefined || core.length < core.capacity
    : core.length > 0 || core.senders.first !== undefined;
}

function doCase(one: SelectCase, index: number): unknown {
  if (one.direction === "default") return shaped(SHAPE_SELECT, DEFAULT_CASE, undefined, false);
  const core = coreOf(one.channel!);
  if (one.direction === "send") {
    core.offer(one.value);
    return shaped(SHAPE_SELECT, index, undefined, true);
  }
  const value = core.poll();
  return value === CLOSED || value === WOULD_BLOCK
    ? shaped(SHAPE_SELECT, index, undefined, false)
    : shaped(SHAPE_SELECT, index, value, true);
}

function parkSelect(cases: readonly SelectCase[]): Promise<unknown> {
  const goroutine = scheduler.current;
  const waiters: CaseWaiter[] = [];
  for (let i = 0; i < cases.length; i++) {
    const one = cases[i]!;
    if (one.direction === "default" || one.channel === undefined) continue;
    const core = coreOf(one.channel);
    checkOwner(core.owningRun, "channel");
    if (core.nil) continue;
    const sends = one.direction === "send";
    const queue = sends ? core.senders : core.receivers;
    const waiter = new CaseWaiter(goroutine, sends ? one.value : undefined, i, queue, waiters);
    waiters.push(waiter);
    queue.push(waiter);
  }
  const first = waiters[0] ?? new Waiter(goroutine, SHAPE_SELECT, undefined);
  const promise = scheduler.park(first, cases.length === 0 ? "select (no cases)" : "select");
  for (let i = 1; i < waiters.length; i++) waiters[i]!.resolve = first.resolve;
  return promise;
}

class SelectStop implements PendingOperation, ChannelHalves {
  readonly op = "select";
  readonly accesses: readonly Access[];
  readonly owningRun: OperationControl | undefined;
  readonly offers: readonly Offer[];
  readonly select = true;
  readonly hasDefault: boolean;
  readonly channels = this;
  readonly #cases: readonly SelectCase[];

  constructor(cases: readonly SelectCase[]) {
    this.#cases = cases;
    const offers: Offer[] = [];
    const accesses: Access[] = [];
    this.hasDefault = cases.some((c) => c.direction === "default");
    let owner = world.control;
    for (const one of cases) {
      // The default keeps its place in the source, and offers nothing.
      const core = one.direction === "default" || one.channel === undefined ? undefined : coreOf(one.channel);
      if (core !== undefined && !core.nil && core.owningRun !== world.control) owner = core.owningRun;
      const channel = core === undefined || core.nil ? undefined : core.object;
      const direction = one.direction === "send" ? "send" : "recv";
      offers.push({ channel, direction });
      if (channel !== undefined) accesses.push(channelAccess(core!, direction));
    }
    this.owningRun = owner;
    this.offers = offers;
    this.accesses = accesses;
  }

  ready(): boolean {
    return false;
  }

  perform(index: number | undefined): unknown {
    return index === DEFAULT_CASE || index === undefined
      ? shaped(SHAPE_SELECT, DEFAULT_CASE, undefined, false)
      : doCase(this.#cases[index]!, index);
  }

  core(index: number | undefined): Hchan {
    return coreOf((this.#cases[index!] as SendCase).channel!);
  }

  value(index: number | undefined): unknown {
    return (this.#cases[index!] as SendCase).value;
  }

  met(index: number | undefined, value: unknown): unknown {
    return shaped(SHAPE_SELECT, index!, value, true);
  }
}
