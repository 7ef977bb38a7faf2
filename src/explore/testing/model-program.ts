import { moveTo } from "../../control/goroutine.js";
import { RunScope } from "../../control/scope.js";
import { alternativeFor, refuseAfterEnd } from "../../control/divergence.js";
import { pendingOf, type ClockView, type ObjectView } from "../../control/pending.js";
import { Spinning } from "../../control/spinning.js";
import { actorsOf, type Choice } from "../../model/run/choice.js";
import { CLOCK_OBJECT, type Access, type OpKind } from "../../model/run/operation.js";
import { goroutineName, nanos, type GoroutineName, type Nanos, type ObjectId } from "../../model/ids.js";
import type { Outcome } from "../../model/run/outcome.js";
import type { Checkpoint, Footprint, Pending, Program, Run, RunOptions } from "../../model/run/program.js";
import type { ChannelView, Offer, Party } from "../../model/run/rendezvous.js";
import type { Goroutine, Snapshot } from "../../model/goroutine/snapshot.js";
import { canGo, channel, perform } from "./model-effects.js";
import { objectOf, type ModelProgramText, type Op } from "./model-operations.js";
import { channelOf, copyState, nextTime, type ModelGoroutine, type ModelState } from "./model-state.js";

/**
 * A Program for tests, benches and the explorer's own proofs: small, exact, and able to fork. Keeps P1–P4 of the seam;
 * object ids are those of the text.
 */
export class ModelProgram implements Program {
  readonly name: string;
  readonly #text: ModelProgramText;

  constructor(text: ModelProgramText) {
    this.name = text.name ?? "model";
    this.#text = text;
  }

  start(options: RunOptions = {}): ModelRun {
    const world: ModelState = {
      goroutines: [newGoroutine(goroutineName("1"), this.#text.main)],
      channels: new Map(
        Object.entries(this.#text.channels ?? {}).map(([id, capacity]) => [
          Number(id) as ObjectId, { capacity, values: [], closed: false },
        ]),
      ),
      cells: new Map(),
      waiters: new Map(),
      timers: new Map(),
      now: 0,
      panic: undefined,
    };
    const run = new ModelRun(world, { horizon: this.#text.horizon ?? 1_000, steps: options.steps ?? Infinity });
    run.begin();
    return run;
  }
}

const newGoroutine = (name: GoroutineName, code: readonly Op[]): ModelGoroutine => ({
  name, code, pc: 0, children: 0, log: [], until: undefined, waiting: false, phase: "created", spins: 0, lookedAt: undefined, again: 0, yielded: false, empty: 0, emptied: undefined, drained: 0, cases: 0, passedBy: false,
});

interface ModelLimits {
  readonly horizon: number;
  readonly steps: number;
}

export class ModelRun implements Run {
  #world: ModelState;
  readonly #limits: ModelLimits;
  readonly #scope = new RunScope();
  #last: Footprint = { accesses: [], moved: [], started: [] };
  #steps = 0;
  #pending: readonly Pending[] | undefined;
  readonly #spinning = new Spinning<ModelGoroutine>();

  constructor(world: ModelState, limits: ModelLimits) {
    this.#world = world;
    this.#limits = limits;
    this.#spinning.restore(world.goroutines);
  }

  pending(): readonly Pending[] {
    return (this.#pending ??= this.#computePending());
  }

  #computePending(): readonly Pending[] {
    const view = new ModelView(this.#world);
    return pendingOf(this.#live().filter((g) => !g.waiting), view, view);
  }

  take(choice: Choice): void {
    refuseAfterEnd(choice, this.outcome(), this.#steps);
    alternativeFor(choice, this.pending(), this.#steps);
    const actors = actorsOf(choice).map((name) => this.#find(name));
    const op = actors[0]?.code[actors[0].pc];
    this.#spinning.step(choice, actors, op?.op as OpKind | undefined, op && objectOf(op));
    this.#pending = undefined;
    const accesses: Access[] = [];
    const moved: GoroutineName[] = [];
    const started: GoroutineName[] = [];
    const waitingBefore = new Set(this.#world.goroutines.filter((g) => g.waiting).map((g) => g.name));
    for (const g of this.#act(choice, accesses)) {
      moved.push(g.name);
      this.settle(g, moved, started);
    }
    for (const g of this.#world.goroutines) if (!g.waiting && waitingBefore.has(g.name)) moved.push(g.name);
    this.#last = { accesses, moved, started };
    this.#steps++;
    this.#stepOver();
  }

  begin(): void {
    this.settle(this.#world.goroutines[0]!, [], []);
    this.#stepOver();
  }

  #stepOver(): void {
    if (this.#world.goroutines[0]!.phase === "ended" && this.#scope.over === undefined) this.#scope.end({ kind: "main", code: 0 }, this.now());
    this.#scope.afterStep(() => this.#live());
  }

  last(): Footprint {
    return this.#last;
  }

  outcome(): Outcome | undefined {
    const w = this.#world;
    if (w.panic !== undefined) return { kind: "panic", message: w.panic, stack: [] };
    if (w.now > this.#limits.horizon) return this.#scope.atLimit("time", this.#live(), () => this.#blocked(), this.now());
    if (this.pending().every((p) => p.alternatives.length === 0)) return this.#scope.atRest(this.#live(), () => this.#blocked());
    return this.#steps < this.#limits.steps ? undefined : this.#scope.atLimit("steps", this.#live(), () => this.#blocked(), this.now());
  }

  #blocked(): ReadonlySet<GoroutineName> {
    const going = new Set(this.pending().flatMap(({ goroutine, op, alternatives }) => (alternatives.length > 0 || op === "sleep" ? [goroutine] : [])));
    return new Set(this.#live().flatMap(({ name }) => (going.has(name) ? [] : [name])));
  }

  goroutines(): Snapshot {
    const goroutines = this.#live().map((g): Goroutine => {
      const op = g.code[g.pc]!;
      return { name: g.name, count: 1, state: "waiting", waitReason: g.waiting ? "condwait" : op.op, stack: [] };
    });
    return { provenance: { source: "model", how: "run" }, goroutines, losses: [] };
  }

  /**
   * Everything that any goroutine could tell: two runs with equal signatures are the same for everybody. Of a panic only
   * the message: how far the others had come by then is nothing that an exploration promises to try (dpor-search.ts, D5).
   */
  signature(): string {
    const w = this.#world;
    if (w.panic !== undefined) return w.panic;
    const goroutines = w.goroutines
      .map((g) => `${g.name}@${g.pc}${g.waiting ? "w" : ""}[${g.log.join(",")}]`)
      .sort();
    return [...goroutines, this.outcome()?.kind ?? "going"].join(" ");
  }

  trace(): undefined {
    return undefined;
  }

  now(): Nanos {
    return nanos(BigInt(this.#world.now));
  }

  fork(): Checkpoint {
    const saved = copyState(this.#world);
    const steps = this.#steps;
    const scope = this.#scope.save();
    return {
      bytes: 1_000,
      restore: () => {
        const run = new ModelRun(copyState(saved), this.#limits);
        run.#scope.restore(scope);
        run.#steps = steps;
        return run;
      },
      release: () => undefined,
    };
  }

  /** Goes on with what nobody else can notice, until the goroutine stands before a visible operation or is over. */
  settle(g: ModelGoroutine, moved: GoroutineName[], started: GoroutineName[]): void {
    moveTo(g, "running");
    for (let op = g.code[g.pc]; op !== undefined && this.#world.panic === undefined; op = g.code[g.pc]) {
      if (op.op === "spawn") {
        g.pc++;
        const child = newGoroutine(goroutineName(`${g.name}.${++g.children}`), op.body);
        this.#world.goroutines.push(child);
        moved.push(child.name);
        started.push(child.name);
        this.settle(child, moved, started);
      } else if (op.op === "unless") {
        g.pc += g.log.at(-1) === op.value ? 1 : 1 + op.count;
      } else if (op.op === "panic") {
        this.#world.panic = op.message;
      } else {
        g.yielded = op.op === "yield";
        if (g.yielded) this.#spinning.notes(g);
        moveTo(g, "stopped");
        return;
      }
    }
    moveTo(g, "ended");
  }

  #live(): ModelGoroutine[] {
    return this.#world.goroutines.filter((g) => g.pc < g.code.length);
  }

  /** The goroutines that go on. */
  #act(choice: Choice, touched: Access[]): ModelGoroutine[] {
    const w = this.#world;
    switch (choice.kind) {
      case "clock":
        return this.#moveClock(touched);
      case "meet": {
        const [sender, receiver] = [this.#find(choice.sender), this.#find(choice.receiver)];
        const offer = caseOf(sender.code[sender.pc]!, choice.sendCase);
        touched.push({ object: offer.object, op: "send", before: 0, capacity: 0 });
        touched.push({ object: offer.object, op: "recv", before: 0, capacity: 0 });
        if (choice.sendCase !== undefined) sender.log.push(choice.sendCase);
        if (choice.recvCase !== undefined) receiver.log.push(choice.recvCase);
        receiver.log.push(offer.value);
        sender.pc++;
        receiver.pc++;
        return [sender, receiver];
      }
      case "value": {
        const g = this.#find(choice.goroutine);
        g.log.push(choice.value);
        g.pc++;
        return [g];
      }
      case "go": {
        const g = this.#find(choice.goroutine);
        const op = g.code[g.pc]!;
        if (op.op === "select") this.#select(g, op, choice.case!, touched);
        else perform(w, g, op, touched);
        if (g.until === undefined) g.pc++;
        return [g];
      }
    }
  }

  #select(g: ModelGoroutine, op: Extract<Op, { readonly op: "select" }>, index: number, touched: Access[]): void {
    g.log.push(index);
    if (index < 0) touched.push(...accessesOf(op));
    else channel(this.#world, g, op.cases[index]!.direction, op.cases[index]!.object, caseOf(op, index).value, touched);
  }

  #moveClock(touched: Access[]): ModelGoroutine[] {
    const w = this.#world;
    const time = nextTime(w)!;
    w.now = time;
    touched.push({ object: CLOCK_OBJECT, op: "clock" });
    for (const [object, at] of w.timers) {
      if (at > time) continue;
      w.timers.delete(object);
      touched.push({ object, op: "clock" });
      const c = channelOf(w, object);
      if (c.values.length < c.capacity) c.values.push(time);
    }
    const due = w.goroutines.filter((g) => g.until !== undefined && g.until <= time);
    for (const g of due) {
      g.until = undefined;
      g.pc++;
    }
    return due;
  }

  #find(name: GoroutineName): ModelGoroutine {
    return this.#world.goroutines.find((g) => g.name === name)!;
  }
}

/** The model's objects as `control` asks for them. Its clock may always move: the run ends once it is past its horizon. */
class ModelView implements ObjectView<ModelGoroutine>, ClockView {
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

function caseOf(op: Op, index: number | undefined): { readonly object: ObjectId; readonly value: number } {
  if (op.op === "select") {
    const c = op.cases[index!]!;
    return { object: c.object, value: c.direction === "send" ? c.value : 0 };
  }
  return { object: (op as { object: ObjectId }).object, value: op.op === "send" ? op.value : 0 };
}

function partyOf(g: ModelGoroutine): Party | undefined {
  const op = g.code[g.pc]!;
  const party = { goroutine: g.name, select: false, hasDefault: false, arrived: false };
  if (op.op === "send" || op.op === "recv") return { ...party, offers: [{ channel: op.object, direction: op.op }] };
  if (op.op !== "select") return undefined;
  const offers = op.cases.map((c): Offer => ({ channel: c.object, direction: c.direction }));
  return { ...party, offers, select: true, hasDefault: op.orElse };
}

function accessesOf(op: Op): Access[] {
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
