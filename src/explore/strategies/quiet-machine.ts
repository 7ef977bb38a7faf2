import { actorsOf, goChoice, sameChoice, type Choice } from "../../model/choice.js";
import type { GoroutineName } from "../../model/ids.js";
import { isLook } from "../../model/operation.js";
import type { Pending } from "../../model/program.js";
import { isDefault } from "../fairness.js";

/** So many looks in a row at what does not change, and a goroutine polls; straight code looks less often. */
const LOOKS = 32;
/** After so many polls with nothing else happening, time moves: as it would on a real machine, where a poll takes some. */
const POLLS = 64;
/** The same, while those that polled go on as before: they have shown that they wait for time to pass. */
const POLLS_AGAIN = 4;
/**
 * Steps without a break while others can go on: then it is their turn. With more than one processor an idle one takes up
 * what has been readied within some ten microseconds; a visible step with what lies between two takes less than one.
 */
const SLICE = 64;
/** So many steps, and a run is long (N7): no schedule with as many is recorded or explored. */
const LONG = 200_000;
/** Nanoseconds that a step of a long run takes (N7), with what lies between two. */
const STEP = 1_000;

/**
 * What an unhurried machine does that has nothing else to do: the natural schedule. docs/exploring.md states the same rules.
 *
 * N1. Computing takes no time: the clock moves only when no goroutine can go on, and never by more than to the next timer.
 * N2. A goroutine goes on until it has to wait, or for a slice where others can go on.
 * N3. The goroutine that could go on first goes on first: a run queue (proc.go, runqget; runnext is left out, for with more than one
 *     processor an idle one takes what has just been readied).
 * N4. A select whose cases are not ready takes its default at once; so does a failed TryLock, or an atomic read that finds
 *     nothing. Only a goroutine that does nothing else for LOOKS steps polls, or one that yields: they go on when no other can,
 *     each in turn, and after POLLS of that the clock moves. So does one that goes round on a closed channel.
 * N5. Who had to wait goes on with what let it go on first, though more is ready when its turn comes: the runtime takes a waiting select out of
 *     all its queues as soon as one case is ready (chan.go, send, recv, closechan: isSelect). Of several that wait for the same, the one that
 *     has waited longest comes first: a channel's and a semaphore's queues are first in, first out.
 * N6. A goroutine comes to its first operation when its first turn comes, not when it is started: who starts one and then sends to
 *     it waits first (proc.go, newproc: to a run queue), and it is the one that finds the other there, and goes on.
 * N7. In a long run computing takes time: the clock moves to a timer that is due by STEP for each step since it moved last, though others
 *     could go on. A stress test that goes round until a timer fires ends so.
 */
export class QuietMachine {
  #running: GoroutineName | undefined;
  /** Steps of the running one since it began to go on. */
  #steps = 0;
  #turn = 0;
  readonly #queue = new Map<GoroutineName, number>();
  /** Since when it has had to wait, on the scale of `#turn`. */
  readonly #waits = new Map<GoroutineName, number>();
  /** N6: those that have had a turn. */
  readonly #arrived = new Set<GoroutineName>();
  /** N5: what one that had to wait could do first. */
  readonly #let = new Map<GoroutineName, Choice>();
  /** Looks in a row, while no goroutine did anything else. */
  readonly #looks = new Map<GoroutineName, number>();
  #polls = 0;
  /** N7: steps in all, and since the clock moved; when that was (NaN: not known), and when the next timer is due, in nanoseconds. */
  #total = 0;
  #busy = 0;
  #now = 0;
  #due = Infinity;
  #patience = POLLS;
  /** The running one's last step without a stop. */
  #again: Choice | undefined;
  readonly #pollers = new Set<GoroutineName>();
  /** Those that go round on a closed channel: what they do besides, and who is started by them, is no sign of an end. */
  readonly #drainers = new Set<GoroutineName>();

  /** Undefined only where nobody has an alternative. */
  choose(pending: readonly Pending[]): Choice | undefined {
    let first: Pending | undefined;
    let poll: Pending | undefined;
    let running: Pending | undefined;
    let clock: Choice | undefined;
    this.#due = Infinity;
    const fresh: Pending[] = [];
    if (this.#steps >= SLICE) this.#begins(undefined);
    this.#forgetWhatIsGone(pending);
    for (const one of pending) {
      const { goroutine } = one;
      const choice = one.alternatives.find((way) => !this.#isTaken(way, goroutine));
      if (goroutine === undefined) {
        clock = choice;
        this.#due = Number(one.time);
      } else if (!this.#arrived.has(goroutine)) {
        if (this.#queue.has(goroutine)) first = this.#earlier(first, one);
        else fresh.push(one);
      } else if (choice === undefined) this.#mustWait(goroutine);
      else if (this.#isPoll(one.op, one.yielding, goroutine, choice)) poll = this.#earlier(poll, one);
      else {
        if (this.#queue.has(goroutine)) first = this.#earlier(first, one);
        else fresh.push(one);
        if (goroutine === this.#running) running = one;
      }
    }
    this.#admit(fresh);
    if (clock && this.#isDue) return this.#wait(clock, false);
    const next = running ?? first ?? fresh[0];
    if (next && !this.#arrived.has(next.goroutine!)) return this.#arrive(next, pending);
    if (next) return this.#goOn(next.goroutine!, next.op, this.#preferred(next));
    if (clock && (!poll || this.#polls >= this.#patience)) return this.#wait(clock, poll !== undefined);
    return poll && this.#pollOnce(poll);
  }

  /** Its first turn (N6): it goes on, or waits from now on. */
  #arrive(one: Pending, pending: readonly Pending[]): Choice | undefined {
    const goroutine = one.goroutine!;
    this.#arrived.add(goroutine);
    if (one.alternatives.every((way) => this.#isTaken(way, goroutine))) {
      this.#mustWait(goroutine);
      return this.choose(pending);
    }
    if (this.#isPoll(one.op, one.yielding, goroutine, one.alternatives[0]!)) return this.choose(pending);
    return this.#goOn(goroutine, one.op, this.#preferred(one));
  }

  /** The running one is before `op` and could go on, and nothing else has changed: what `choose` would choose, if it is that one; that is the choice then. */
  goesOn(op: Pending["op"], yielding: boolean): Choice | undefined {
    const goroutine = this.#running;
    if (goroutine === undefined || this.#steps >= SLICE || this.#isDue) return undefined;
    if (this.#again === undefined || actorsOf(this.#again)[0] !== goroutine) this.#again = goChoice(goroutine);
    if (this.#isPoll(op, yielding, goroutine, this.#again)) return undefined;
    return this.#goOn(goroutine, op, this.#again);
  }

  /** To be told of a choice that another strategy made. */
  follow(choice: Choice): void {
    for (const actor of actorsOf(choice)) this.#arrived.add(actor);
    this.#moves(choice);
    this.#running = actorsOf(choice)[0];
    this.#polls = 0;
    this.#total++;
    if (choice.kind === "clock") this.#now = NaN;
  }

  /** N7 */
  get #isDue(): boolean {
    return this.#total >= LONG && this.#now + this.#busy * STEP >= this.#due;
  }

  #mustWait(goroutine: GoroutineName): void {
    this.#queue.delete(goroutine);
    this.#let.delete(goroutine);
    if (!this.#waits.has(goroutine)) this.#waits.set(goroutine, ++this.#turn);
  }

  /** Those that can go on since this step stand behind all others, whoever has waited longest first (N5). */
  #admit(fresh: Pending[]): void {
    const waited = ({ goroutine }: Pending): number => this.#waits.get(goroutine!) ?? this.#turn + 1;
    if (fresh.length > 1) fresh.sort((a, b) => waited(a) - waited(b));
    for (const one of fresh) {
      const goroutine = one.goroutine!;
      if (!this.#arrived.has(goroutine)) {
        this.#queue.set(goroutine, ++this.#turn);
        continue;
      }
      if (one.alternatives.every((way) => this.#isTaken(way, goroutine))) {
        this.#mustWait(goroutine); // one of them that came before it meets everybody that it could have met
        continue;
      }
      if (this.#waits.has(goroutine)) this.#let.set(goroutine, this.#preferred(one));
      this.#queue.set(goroutine, ++this.#turn);
    }
  }

  /** What let one go on is not there any more: it is as if it had to wait since then. */
  #forgetWhatIsGone(pending: readonly Pending[]): void {
    if (this.#let.size === 0) return;
    for (const { goroutine, alternatives } of pending) {
      const known = goroutine === undefined ? undefined : this.#let.get(goroutine);
      if (known !== undefined && !alternatives.some((one) => sameChoice(one, known))) {
        this.#let.delete(goroutine!);
        this.#queue.delete(goroutine!);
      }
    }
  }

  /** A meeting with one who has been let go on by something else, and is at its channel no more (N5). */
  #isTaken(choice: Choice, goroutine?: GoroutineName): boolean {
    if (choice.kind !== "meet") return false;
    if (!this.#arrived.has(choice.sender === goroutine ? choice.receiver : choice.sender)) return true; // N6
    return this.#let.size > 0 && [choice.sender, choice.receiver].some((actor) => {
      const known = this.#let.get(actor);
      return known !== undefined && !sameChoice(known, choice);
    });
  }

  /**
   * N5: what let it go on, if that is still there; of several that it could meet, the one that has waited longest. One that could
   * go on before this step meets whom it likes, though one that can since this step would meet the same.
   */
  #preferred({ goroutine, alternatives: all }: Pending): Choice {
    const known = this.#let.get(goroutine!);
    if (known !== undefined) return known;
    const free = all.length === 1 ? all : all.filter((one) => !this.#isTaken(one, goroutine));
    const alternatives = free.length === 0 ? all : free;
    const first = alternatives[0]!;
    return first.kind === "meet" ? alternatives.reduce((best, one) => (this.#partnerWaits(one, goroutine) < this.#partnerWaits(best, goroutine) ? one : best)) : first;
  }

  #partnerWaits(choice: Choice, goroutine: GoroutineName | undefined): number {
    if (choice.kind !== "meet") return Infinity; // by itself stands before meets where there is such a way
    return this.#waits.get(choice.sender === goroutine ? choice.receiver : choice.sender) ?? Infinity;
  }

  /** They wait no longer. */
  #moves(choice: Choice): void {
    for (const actor of actorsOf(choice)) {
      this.#waits.delete(actor);
      this.#let.delete(actor);
    }
  }

  #isPoll(op: Pending["op"], yielding: boolean | undefined, goroutine: GoroutineName, choice: Choice): boolean {
    if (yielding !== true) return false;
    if (op === "yield" || (receives(op) && !isDefault(choice))) return true;
    return looks(choice, op) && (this.#looks.get(goroutine) ?? 0) >= LOOKS;
  }

  #earlier(a: Pending | undefined, b: Pending): Pending {
    const since = this.#since(b);
    return a === undefined || since < this.#since(a) ? b : a;
  }

  /** Since when it could go on; those that can from the same step on stand in the order in which they were created. */
  #since({ goroutine }: Pending): number {
    const known = this.#queue.get(goroutine!);
    if (known !== undefined) return known;
    this.#queue.set(goroutine!, ++this.#turn);
    return this.#turn;
  }

  #goOn(goroutine: GoroutineName, op: Pending["op"], choice: Choice): Choice {
    this.#begins(goroutine);
    this.#moves(choice);
    if (looks(choice, op)) this.#looks.set(goroutine, (this.#looks.get(goroutine) ?? 0) + 1);
    else {
      this.#looks.clear();
      if (actorsOf(choice).some((actor) => this.#pollers.delete(actor))) this.#patience = POLLS;
    }
    if (receives(op)) this.#drainers.delete(goroutine);
    if (this.#drainers.size === 0) this.#polls = 0;
    return choice;
  }

  #pollOnce({ goroutine, op, alternatives }: Pending): Choice {
    if (receives(op)) this.#drainers.add(goroutine!);
    this.#begins(goroutine);
    this.#moves(alternatives[0]!);
    this.#queue.set(goroutine!, ++this.#turn); // to the end of the queue
    this.#pollers.add(goroutine!);
    this.#polls++;
    return alternatives[0]!;
  }

  /** The one that has gone on until now goes to the end of the queue. */
  #begins(goroutine: GoroutineName | undefined): void {
    if (this.#running !== goroutine) {
      if (this.#running !== undefined && this.#queue.has(this.#running)) this.#queue.set(this.#running, ++this.#turn);
      this.#running = goroutine;
      this.#steps = 0;
    }
    this.#steps++;
    if (goroutine !== undefined) {
      this.#total++;
      this.#busy++;
    }
  }

  #wait(clock: Choice, whilePolling: boolean): Choice {
    if (whilePolling) this.#patience = POLLS_AGAIN;
    this.#polls = 0;
    this.#running = undefined;
    this.#now = this.#due;
    this.#busy = 0;
    return clock;
  }
}

const receives = (op: Pending["op"]): boolean => op === "recv" || op === "select";
const looks = (choice: Choice, op: Pending["op"]): boolean => isDefault(choice) || isLook(op);
