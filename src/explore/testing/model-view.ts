import type { ClockView, ObjectView } from "../../control/pending.js";
import type { ObjectId } from "../../model/ids.js";
import { CLOCK_OBJECT, type Access, type OpKind } from "../../model/run/operation.js";
import type { ChannelView, Offer, Party } from "../../model/run/rendezvous.js";
import { canGo } from "./model-effects.js";
import type { Op } from "./model-operations.js";
import { channelOf, nextTime, type ModelGoroutine, type ModelState } from "./model-state.js";

/** The model's objects as `control` asks for them. Its clock may always move: the run ends once it is past its horizon. */
export class ModelView implements ObjectView<ModelGoroutine>, ClockView {
  readonly began = 0;
  readonly horizon = Infinity;
  readonly #world: ModelState;

  constructor(world: ModelState) {
    this.#world = world;
  }

  get now(): number {
    return this.#world.now;
  }

  get next(): number | undefined {
    return nextTime(this.#world);
  }

  touches(time: number): readonly Access[] {
    return [...this.#world.timers].filter(([, at]) => at === time).map(([object]) => ({ object, op: "clock" }));
  }

  op(g: ModelGoroutine): OpKind {
    return opOf(g).op as OpKind;
  }

  party(g: ModelGoroutine): Party | undefined {
    return partyOf(g);
  }

  channel(object: ObjectId): ChannelView {
    const { closed, values, capacity } = channelOf(this.#world, object);
    return { closed, length: values.length, capacity, parkedReceivers: false, parkedSenders: false };
  }

  accesses(g: ModelGoroutine): readonly Access[] {
    return accessesOf(opOf(g));
  }

  canGoOn(g: ModelGoroutine): boolean {
    return g.until === undefined && canGo(this.#world, opOf(g));
  }

  values(g: ModelGoroutine): number | undefined {
    const op = opOf(g);
    return op.op === "random" ? op.value : undefined;
  }

  wakes(): readonly number[] {
    return []; // `next` is about all of them
  }
}

const opOf = (g: ModelGoroutine): Op => g.code[g.pc]!;

function partyOf(g: ModelGoroutine): Party | undefined {
  const op = g.code[g.pc]!;
  const party = { goroutine: g.name, select: false, hasDefault: false, arrived: false };
  if (op.op === "send" || op.op === "recv") return { ...party, offers: [{ channel: op.object, direction: op.op }] };
  if (op.op !== "select") return undefined;
  const offers = op.cases.map((c): Offer => ({ channel: c.object, direction: c.direction }));
  return { ...party, offers, select: true, hasDefault: op.orElse };
}

/** What an operation touches when it is done; of a select each case. */
export function accessesOf(op: Op): Access[] {
  switch (op.op) {
    case "select":
      return op.cases.map((c) => ({ object: c.object, op: c.direction }));
    case "condwait":
      return [{ object: op.object, op: "condwait" }, { object: op.mutex, op: "unlock" }];
    case "sleep":
      return [{ object: CLOCK_OBJECT, op: "load" }];
    case "timerreset":
      return [{ object: CLOCK_OBJECT, op: "load" }, { object: op.object, op: "timerreset" }];
    case "yield":
    case "random":
    case "spawn":
    case "unless":
    case "panic":
      return [];
    default:
      return [{ object: op.object, op: op.op }];
  }
}
