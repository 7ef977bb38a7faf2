import { actorsOf, type Choice } from "../../../model/run/choice.js";
import type { GoroutineName } from "../../../model/ids.js";
import { isLook } from "../../../model/run/operation.js";
import type { Pending } from "../../../model/run/program.js";
import { isDefault } from "../../fairness.js";

/** So many looks in a row at what does not change, and a goroutine polls; straight code looks less often. */
const LOOKS = 32;
/** After so many polls with nothing else happening, time moves: as it would on a real machine, where a poll takes some. */
const POLLS = 64;
/** The same, while those that polled go on as before: they have shown that they wait for time to pass. */
const POLLS_AGAIN = 4;

/**
 * The goroutines of a quiet machine that only look whether something has changed.
 *
 * N4. A select whose cases are not ready takes its default at once; so does a failed TryLock, or an atomic read that finds
 *     nothing. Only a goroutine that does nothing else for LOOKS steps polls, or one that yields: they go on when no other can,
 *     each in turn, and after POLLS of that the clock moves. So does one that goes round on a closed channel.
 */
export class Pollers {
  /** Looks in a row, while no goroutine did anything else. */
  readonly #looks = new Map<GoroutineName, number>();
  readonly #pollers = new Set<GoroutineName>();
  /** Those that go round on a closed channel: what they do besides, and who is started by them, is no sign of an end. */
  readonly #drainers = new Set<GoroutineName>();
  #polls = 0;
  #patience = POLLS;

  /** They have polled for so long that the clock moves. */
  get areDone(): boolean {
    return this.#polls >= this.#patience;
  }

  isPoll(op: Pending["op"], yielding: boolean | undefined, goroutine: GoroutineName, choice: Choice): boolean {
    if (yielding !== true) return false;
    if (op === "yield" || (receives(op) && !isDefault(choice))) return true;
    return looks(choice, op) && (this.#looks.get(goroutine) ?? 0) >= LOOKS;
  }

  /** A goroutine goes on, as what is no poll. */
  goesOn(goroutine: GoroutineName, op: Pending["op"], choice: Choice): void {
    if (looks(choice, op)) this.#looks.set(goroutine, (this.#looks.get(goroutine) ?? 0) + 1);
    else {
      this.#looks.clear();
      if (actorsOf(choice).some((actor) => this.#pollers.delete(actor))) this.#patience = POLLS;
    }
    if (receives(op)) this.#drainers.delete(goroutine);
    if (this.#drainers.size === 0) this.#polls = 0;
  }

  polls({ goroutine, op, acted }: Pending): void {
    if (receives(op)) this.#drainers.add(goroutine!);
    this.#pollers.add(goroutine!);
    this.#polls = acted === true ? 0 : this.#polls + 1;
  }

  /** Another strategy chose a step. */
  followed(): void {
    this.#polls = 0;
  }

  /** `forThem`: because they are done. */
  clockMoves(forThem: boolean): void {
    if (forThem) this.#patience = POLLS_AGAIN;
    this.#polls = 0;
  }
}

const receives = (op: Pending["op"]): boolean => op === "recv" || op === "select";
const looks = (choice: Choice, op: Pending["op"]): boolean => isDefault(choice) || isLook(op);
