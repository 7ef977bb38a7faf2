import { actorsOf, goChoice, sameChoice, type Choice } from "../../model/run/choice.js";
import type { GoroutineName } from "../../model/ids.js";
import { RECORDED_STEPS } from "../../model/run/limits.js";
import { isLook } from "../../model/run/operation.js";
import type { Pending } from "../../model/run/program.js";
import { isDefault } from "../fairness.js";
import { StarvingLockers } from "./starving-lockers.js";

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
/** Nanoseconds that a step takes in a run that does not come to rest (N7), with what lies between two; and an operation that is done unasked. */
const STEP = 1_000;
const UNASKED = 50;

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
 * N7. Where a run goes on and on (RECORDED_STEPS) and never comes to rest, computing takes time from then on: the clock moves to a timer that is due by STEP for each step
 *     since it moved last, and UNASKED for each operation that was done unasked, though others could go on. A stress test that goes round until a
 *     timer fires ends so. At rest it begins anew: a machine that has nothing to do now and then is not late (a thousand jobs each 100 ms).
 * N8. Who unlocks a mutex may lock it again at once, but not where another has waited for it for a millisecond (starving-lockers.ts).
 */
export class QuietMachine {
  #running: GoroutineName | undefined;
  /** Steps of the running one since it began to go on. */
  #steps = 0;
  #turn = 0;
  /** Those that are stopped, as they were told last. */
  readonly #known = new Map<GoroutineName, Pending>();
  /** Of these, who can go on (or has not arrived), in the order of N3. */
  readonly #queue = new Set<GoroutineName>();
  /** Since when it has had to wait, on the scale of `#turn`. */
  readonly #waits = new Map<GoroutineName, number>();
  /** N6: those that have had a turn. */
  readonly #arrived = new Set<GoroutineName>();
  /** N5: what one that had to wait could do first. */
  readonly #let = new Map<GoroutineName, Choice>();
  readonly #starving = new StarvingLockers();
  /** Whom they could meet has arrived, or is not let go on by something else any more. */
  readonly #again = new Set<GoroutineName>();
  #clock: Choice | undefined;
  /** Looks in a row, while no goroutine did anything else. */
  readonly #looks = new Map<GoroutineName, number>();
  #polls = 0;
  /** N7: steps since it came to rest; where the clock stands, and how long it has been computed since (NaN: not known); when the next timer is due. Nanoseconds. */
  #stretch = 0;
  #now = 0;
  #busy = 0;
  #due = Infinity;
  #patience = POLLS;
  /** The running one's last step without a stop. */
  #repeated: Choice | undefined;
  readonly #pollers = new Set<GoroutineName>();
  /** Those that go round on a closed channel: what they do besides, and who is started by them, is no sign of an end. */
  readonly #drainers = new Set<GoroutineName>();

  /**
   * Undefined only where nobody has an alternative. `changed`: of `pending` only what is new since the last time, and the clock, where the host
   * tells (Run.takeChanged): then those that stand still cost nothing.
   */
  choose(pending: readonly Pending[], changed?: readonly Pending[]): Choice | undefined {
    if (this.#steps >= SLICE) this.#begins(undefined);
    this.#clock = undefined;
    this.#due = Infinity;
    if (changed === undefined) this.#forgetOthers(pending);
    this.#learn(changed ?? pending);
    if (this.#clock && this.#isDue) return this.#wait(this.#clock, "due");
    const running = this.#running !== undefined && this.#queue.has(this.#running) ? this.#known.get(this.#running) : undefined;
    if (running && this.#isReady(running)) return this.#takesTurn(running);
    let poll: Pending | undefined;
    for (const goroutine of this.#queue) { // who joins the queue meanwhile stands at its end, and is seen
      const one = this.#known.get(goroutine)!;
      this.#arrive(one);
      if (this.#isReady(one)) return this.#takesTurn(one);
      if (this.#way(one) === undefined) this.#mustWait(goroutine);
      else poll ??= one;
      if (this.#again.size > 0) this.#learn(NOBODY);
    }
    if (this.#clock && (!poll || this.#polls >= this.#patience)) return this.#wait(this.#clock, poll === undefined ? "rest" : "polls");
    return poll && this.#pollOnce(poll);
  }

  /** It goes on, or (N8) who starves for what it would take. */
  #takesTurn(one: Pending): Choice {
    const first = this.#starving.before(one, (goroutine) => (this.#queue.has(goroutine) ? this.#known.get(goroutine) : undefined), this.#now) ?? one;
    return this.#goOn(first.goroutine!, first.op, this.#preferred(first));
  }

  /** What it could do, and need not leave to others; undefined: nothing. */
  #way({ goroutine, alternatives }: Pending): Choice | undefined {
    return alternatives.find((way) => !this.#isTaken(way, goroutine));
  }

  /** It can go on, and does not only poll. */
  #isReady(one: Pending): boolean {
    const way = this.#way(one);
    return way !== undefined && !this.#isPoll(one.op, one.yielding, one.goroutine!, way);
  }

  /** Its first turn (N6): those that could meet it may go on from now on. */
  #arrive(one: Pending): void {
    if (this.#arrived.has(one.goroutine!)) return;
    this.#arrived.add(one.goroutine!);
    this.#considerPartners(one);
  }

  #considerPartners({ goroutine, alternatives }: Pending): void {
    for (const way of alternatives) if (way.kind === "meet") this.#again.add(way.sender === goroutine ? way.receiver : way.sender);
  }

  /** `all` are those that are stopped: others are not, though they were not chosen. */
  #forgetOthers(all: readonly Pending[]): void {
    if (this.#known.size === 0) return;
    const names = new Set(all.map(({ goroutine }) => goroutine));
    for (const goroutine of this.#known.keys()) if (!names.has(goroutine)) this.#leaves(goroutine);
  }

  #learn(changed: readonly Pending[]): void {
    const fresh: Pending[] = [];
    for (const one of changed) {
      if (one.goroutine === undefined) {
        this.#clock = one.alternatives[0];
        this.#due = Number(one.time);
        continue;
      }
      this.#known.set(one.goroutine, one);
      if (one.unasked !== undefined && one.goroutine === this.#running) this.#computes(one.unasked * UNASKED);
      this.#consider(one, fresh);
    }
    for (const goroutine of this.#again) {
      this.#again.delete(goroutine);
      const one = this.#known.get(goroutine);
      if (one !== undefined) this.#consider(one, fresh);
    }
    this.#admit(fresh);
  }

  #consider(one: Pending, fresh: Pending[]): void {
    const goroutine = one.goroutine!;
    const known = this.#let.get(goroutine);
    if (known !== undefined && !one.alternatives.some((way) => sameChoice(way, known))) {
      this.#unlet(goroutine); // what let it go on is not there any more: it is as if it had to wait since then
      this.#queue.delete(goroutine);
    }
    if (this.#arrived.has(goroutine) && this.#way(one) === undefined) this.#mustWait(goroutine);
    else if (!this.#queue.has(goroutine)) fresh.push(one);
  }

  /** The running one is before `op` and could go on, and nothing else has changed: what `choose` would choose, if it is that one; that is the choice then. */
  goesOn(op: Pending["op"], yielding: boolean, unasked: number): Choice | undefined {
    this.#computes(unasked * UNASKED);
    const goroutine = this.#running;
    if (goroutine === undefined || this.#steps >= SLICE || this.#isDue || this.#starving.matter(op)) return undefined;
    if (this.#repeated === undefined || actorsOf(this.#repeated)[0] !== goroutine) this.#repeated = goChoice(goroutine);
    if (this.#isPoll(op, yielding, goroutine, this.#repeated)) return undefined;
    return this.#goOn(goroutine, op, this.#repeated);
  }

  /** To be told of a choice that another strategy made. */
  follow(choice: Choice): void {
    for (const actor of actorsOf(choice)) this.#arrived.add(actor);
    this.#moves(choice);
    this.#running = actorsOf(choice)[0];
    this.#polls = 0;
    this.#stretch++;
    if (choice.kind === "clock") this.#now = NaN;
  }

  /** N7 */
  #computes(nanoseconds: number): void {
    if (this.#stretch >= RECORDED_STEPS) this.#busy += nanoseconds;
  }

  get #isDue(): boolean {
    return this.#stretch >= RECORDED_STEPS && this.#now + this.#busy >= this.#due;
  }

  #mustWait(goroutine: GoroutineName): void {
    this.#queue.delete(goroutine);
    this.#unlet(goroutine);
    if (!this.#waits.has(goroutine)) this.#waits.set(goroutine, ++this.#turn);
    this.#starving.waits(this.#known.get(goroutine)!, this.#now);
  }

  /** Whom it could meet may meet it again. */
  #unlet(goroutine: GoroutineName): void {
    if (this.#let.delete(goroutine)) this.#considerPartners(this.#known.get(goroutine)!);
  }

  /** Those that can go on since this step stand behind all others, whoever has waited longest first (N5). */
  #admit(fresh: Pending[]): void {
    const waited = ({ goroutine }: Pending): number => this.#waits.get(goroutine!) ?? this.#turn + 1;
    if (fresh.length > 1) fresh.sort((a, b) => waited(a) - waited(b));
    for (const one of fresh) {
      const goroutine = one.goroutine!;
      if (this.#arrived.has(goroutine)) {
        if (this.#way(one) === undefined) {
          this.#mustWait(goroutine); // one of them that came before it meets everybody that it could have met
          continue;
        }
        if (this.#waits.has(goroutine)) this.#let.set(goroutine, this.#preferred(one));
      }
      this.#queue.add(goroutine);
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

  /** They go on: where they stop next they are told anew. */
  #moves(choice: Choice): void {
    for (const actor of actorsOf(choice)) this.#leaves(actor);
  }

  #leaves(goroutine: GoroutineName): void {
    if (this.#waits.delete(goroutine)) this.#starving.goesOn(goroutine);
    this.#let.delete(goroutine);
    this.#queue.delete(goroutine);
    this.#known.delete(goroutine);
  }

  #isPoll(op: Pending["op"], yielding: boolean | undefined, goroutine: GoroutineName, choice: Choice): boolean {
    if (yielding !== true) return false;
    if (op === "yield" || (receives(op) && !isDefault(choice))) return true;
    return looks(choice, op) && (this.#looks.get(goroutine) ?? 0) >= LOOKS;
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

  #pollOnce({ goroutine, op, alternatives, acted }: Pending): Choice {
    if (receives(op)) this.#drainers.add(goroutine!);
    this.#begins(goroutine);
    this.#moves(alternatives[0]!);
    this.#pollers.add(goroutine!);
    this.#polls = acted === true ? 0 : this.#polls + 1;
    return alternatives[0]!;
  }

  /** The one that has gone on until now goes to the end of the queue. */
  #begins(goroutine: GoroutineName | undefined): void {
    if (this.#running !== goroutine) {
      if (this.#running !== undefined && this.#queue.delete(this.#running)) this.#queue.add(this.#running);
      this.#running = goroutine;
      this.#steps = 0;
    }
    this.#steps++;
    if (goroutine !== undefined) {
      this.#computes(STEP);
      this.#stretch++;
    }
  }

  #wait(clock: Choice, because: "rest" | "polls" | "due"): Choice {
    if (because === "polls") this.#patience = POLLS_AGAIN;
    if (because !== "due") this.#stretch = 0;
    this.#polls = 0;
    this.#running = undefined;
    this.#now = this.#due;
    this.#busy = 0;
    return clock;
  }
}

const NOBODY: readonly Pending[] = [];
const receives = (op: Pending["op"]): boolean => op === "recv" || op === "select";
const looks = (choice: Choice, op: Pending["op"]): boolean => isDefault(choice) || isLook(op);
