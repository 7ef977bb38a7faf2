import { moveTo } from "../../control/goroutine.js";
import { RunScope } from "../../control/scope.js";
import { alternativeFor, refuseAfterEnd } from "../../control/divergence.js";
import { pendingOf } from "../../control/pending.js";
import { Spinning } from "../../control/spinning.js";
import { actorsOf, type Choice } from "../../model/run/choice.js";
import type { Access, OpKind } from "../../model/run/operation.js";
import { goroutineName, nanos, type GoroutineName, type Nanos } from "../../model/ids.js";
import type { Outcome } from "../../model/run/outcome.js";
import type { Checkpoint, Footprint, Pending, Run } from "../../model/run/program.js";
import type { Goroutine, Snapshot } from "../../model/goroutine/snapshot.js";
import { act } from "./model-choices.js";
import { objectOf } from "./model-operations.js";
import { copyState, goroutineOf, newGoroutine, type ModelGoroutine, type ModelState } from "./model-state.js";
import { ModelView } from "./model-view.js";

interface ModelLimits {
  readonly horizon: number;
  readonly steps: number;
}

/** One run of a model program. Keeps P1–P4 of the seam. */
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
    alternativeFor(choice, () => this.pending(), this.#steps);
    const actors = actorsOf(choice).map((name) => goroutineOf(this.#world, name));
    const op = actors[0]?.code[actors[0].pc];
    this.#spinning.step(choice, actors, op?.op as OpKind | undefined, op && objectOf(op));
    this.#pending = undefined;
    const accesses: Access[] = [];
    const moved: GoroutineName[] = [];
    const started: GoroutineName[] = [];
    const waitingBefore = new Set(this.#world.goroutines.filter((g) => g.waiting).map((g) => g.name));
    for (const g of act(this.#world, choice, accesses)) {
      moved.push(g.name);
      this.#settle(g, moved, started);
    }
    for (const g of this.#world.goroutines) if (!g.waiting && waitingBefore.has(g.name)) moved.push(g.name);
    this.#last = { accesses, moved, started };
    this.#steps++;
    this.#stepOver();
  }

  begin(): void {
    this.#settle(this.#world.goroutines[0]!, [], []);
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
  #settle(g: ModelGoroutine, moved: GoroutineName[], started: GoroutineName[]): void {
    moveTo(g, "running");
    for (let op = g.code[g.pc]; op !== undefined && this.#world.panic === undefined; op = g.code[g.pc]) {
      if (op.op === "spawn") {
        g.pc++;
        const child = newGoroutine(goroutineName(`${g.name}.${++g.children}`), op.body);
        this.#world.goroutines.push(child);
        moved.push(child.name);
        started.push(child.name);
        this.#settle(child, moved, started);
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
}
