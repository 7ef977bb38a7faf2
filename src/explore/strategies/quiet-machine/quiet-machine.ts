import { actorsOf, goChoice, type Choice } from "../../../model/run/choice.js";
import type { GoroutineName } from "../../../model/ids.js";
import type { Pending } from "../../../model/run/program.js";
import { ComputedTime } from "./computed-time.js";
import { Pollers } from "./pollers.js";
import { ReadyQueue } from "./ready-queue.js";

/**
 * Steps without a break while others can go on: then it is their turn. With more than one processor an idle one takes up
 * what has been readied within some ten microseconds; a visible step with what lies between two takes less than one.
 */
const SLICE = 64;

/**
 * What an unhurried machine does that has nothing else to do: the natural schedule. docs/exploring.md states the same rules.
 *
 * N1. Computing takes no time: the clock moves only when no goroutine can go on, and never by more than to the next timer.
 *     N7 has the exception (computed-time.ts).
 * N2. A goroutine goes on until it has to wait, or for a slice where others can go on.
 *
 * Who goes on next: N3, N5, N6, N8 (ready-queue.ts). Who polls: N4 (pollers.ts).
 */
export class QuietMachine {
  readonly #time = new ComputedTime();
  readonly #ready = new ReadyQueue(this.#time);
  readonly #pollers = new Pollers();
  #running: GoroutineName | undefined;
  /** Steps of the running one since it began to go on. */
  #steps = 0;
  #clock: Choice | undefined;
  /** The running one's last step without a stop. */
  #repeated: Choice | undefined;

  /**
   * Undefined only where nobody has an alternative. `changed`: of `pending` only what is new since the last time, and the clock, where the host
   * tells (Run.takeChanged): then those that stand still cost nothing.
   */
  choose(pending: readonly Pending[], changed?: readonly Pending[]): Choice | undefined {
    if (this.#steps >= SLICE) this.#begins(undefined);
    if (changed === undefined) this.#ready.forgetOthers(pending);
    this.#learn(changed ?? pending);
    if (this.#clock && this.#time.isDue) return this.#wait(this.#clock, "due");
    const running = this.#ready.of(this.#running);
    if (running && this.#isReady(running, this.#ready.way(running))) return this.#takesTurn(running);
    let poll: Pending | undefined;
    const first = this.#ready.find((one, way) => {
      if (this.#isReady(one, way)) return true;
      if (way !== undefined) poll ??= one;
      return false;
    });
    if (first !== undefined) return this.#takesTurn(first);
    if (this.#clock && (!poll || this.#pollers.areDone)) return this.#wait(this.#clock, poll === undefined ? "rest" : "polls");
    return poll && this.#pollOnce(poll);
  }

  /** The running one is before `op` and could go on, and nothing else has changed: what `choose` would choose, if it is that one; that is the choice then. */
  goesOn(op: Pending["op"], yielding: boolean, unasked: number): Choice | undefined {
    this.#time.unasked(unasked);
    const goroutine = this.#running;
    if (goroutine === undefined || this.#steps >= SLICE || this.#time.isDue || this.#ready.starvesFor(op)) return undefined;
    if (this.#repeated === undefined || actorsOf(this.#repeated)[0] !== goroutine) this.#repeated = goChoice(goroutine);
    if (this.#pollers.isPoll(op, yielding, goroutine, this.#repeated)) return undefined;
    return this.#goOn(goroutine, op, this.#repeated);
  }

  /** To be told of a choice that another strategy made. */
  follow(choice: Choice): void {
    this.#ready.follow(choice);
    this.#running = actorsOf(choice)[0];
    this.#pollers.followed();
    this.#time.followed(choice.kind === "clock");
  }

  #learn(changed: readonly Pending[]): void {
    this.#clock = undefined;
    this.#time.due = Infinity;
    for (const one of changed) {
      if (one.goroutine === undefined) {
        this.#clock = one.alternatives[0];
        this.#time.due = Number(one.time);
        continue;
      }
      if (one.unasked !== undefined && one.goroutine === this.#running) this.#time.unasked(one.unasked);
      this.#ready.learn(one);
    }
    this.#ready.admit();
  }

  /** It can go on, and does not only poll. */
  #isReady(one: Pending, way: Choice | undefined): boolean {
    return way !== undefined && !this.#pollers.isPoll(one.op, one.yielding, one.goroutine!, way);
  }

  #takesTurn(one: Pending): Choice {
    const first = this.#ready.before(one);
    return this.#goOn(first.goroutine!, first.op, this.#ready.preferred(first));
  }

  #goOn(goroutine: GoroutineName, op: Pending["op"], choice: Choice): Choice {
    this.#begins(goroutine);
    this.#ready.goOn(choice);
    this.#pollers.goesOn(goroutine, op, choice);
    return choice;
  }

  #pollOnce(one: Pending): Choice {
    const choice = one.alternatives[0]!;
    this.#begins(one.goroutine);
    this.#ready.goOn(choice);
    this.#pollers.polls(one);
    return choice;
  }

  /** The one that has gone on until now goes to the end of the queue. */
  #begins(goroutine: GoroutineName | undefined): void {
    if (this.#running !== goroutine) {
      if (this.#running !== undefined) this.#ready.toEnd(this.#running);
      this.#running = goroutine;
      this.#steps = 0;
    }
    this.#steps++;
    if (goroutine !== undefined) this.#time.step();
  }

  #wait(clock: Choice, because: "rest" | "polls" | "due"): Choice {
    this.#pollers.clockMoves(because === "polls");
    this.#time.moves(because !== "due");
    this.#running = undefined;
    return clock;
  }
}
