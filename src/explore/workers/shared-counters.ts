/**
 * What all workers of one exploration see at once, in shared memory: no message has to be waited for.
 *
 * O1. No more runs are begun than allowed, all workers together; and who is refused finds that many begun.
 */
export class SharedCounters {
  readonly memory: SharedArrayBuffer;
  readonly #fields: Int32Array;

  constructor(memory = new SharedArrayBuffer(FIELDS * Int32Array.BYTES_PER_ELEMENT)) {
    this.memory = memory;
    this.#fields = new Int32Array(memory);
  }

  /** Takes a run out of those that are left (`limit`: of all). False: none is, or all is over. */
  begin(limit = Infinity): boolean {
    // Nothing is ever taken and given back: in between, another worker would see fewer left than there are.
    for (let runs = this.runs; !this.over && runs < limit; ) {
      const seen = Atomics.compareExchange(this.#fields, RUNS, runs, runs + 1);
      if (seen === runs) return true;
      runs = seen;
    }
    return false;
  }

  /** So many runs were made on other machines: they are counted, and no limit was asked of them. */
  took(runs: number): void {
    Atomics.add(this.#fields, RUNS, runs);
  }

  get runs(): number {
    return Atomics.load(this.#fields, RUNS);
  }

  get depth(): number {
    return Atomics.load(this.#fields, DEPTH);
  }

  /** A run of the lead's systematic search is begun. */
  tried(): void {
    Atomics.add(this.#fields, SYSTEMATIC, 1);
  }

  get systematic(): number {
    return Atomics.load(this.#fields, SYSTEMATIC);
  }

  /** A run of so many steps. Another worker's shorter one may win the race: it is for progress only. */
  reached(depth: number): void {
    if (depth > this.depth) Atomics.store(this.#fields, DEPTH, depth);
  }

  get over(): boolean {
    return Atomics.load(this.#fields, OVER) !== 0;
  }

  end(): void {
    Atomics.store(this.#fields, OVER, 1);
  }

  /** How many have nothing to do and nothing waiting for them. */
  set idle(count: number) {
    Atomics.store(this.#fields, HUNGRY, count);
  }

  get idle(): number {
    return Atomics.load(this.#fields, HUNGRY);
  }

  /** Whoever is at a job is to give back what is left of it, and to end it. */
  get endsJobs(): boolean {
    return Atomics.load(this.#fields, ENDS_JOBS) !== 0;
  }

  set endsJobs(ends: boolean) {
    Atomics.store(this.#fields, ENDS_JOBS, ends ? 1 : 0);
  }

  /** One who has something to spare takes care of one who has nothing; the others need not. */
  giveWork(): void {
    if (Atomics.sub(this.#fields, HUNGRY, 1) <= 0) Atomics.store(this.#fields, HUNGRY, 0);
  }

  /** A message is under way to the lead. */
  post(): void {
    Atomics.add(this.#fields, MAIL, 1);
    Atomics.notify(this.#fields, MAIL);
  }

  /** Stands still until something is posted, or for so many milliseconds. True: something was. */
  awaitMail(milliseconds: number): boolean {
    return Atomics.wait(this.#fields, MAIL, 0, milliseconds) !== "timed-out";
  }

  /** Has anything been posted since it was last asked? */
  hasMail(): boolean {
    return Atomics.load(this.#fields, MAIL) > 0 && Atomics.exchange(this.#fields, MAIL, 0) > 0;
  }
}

const RUNS = 0;
const DEPTH = 1;
const OVER = 2;
const HUNGRY = 3;
const MAIL = 4;
const SYSTEMATIC = 5;
const ENDS_JOBS = 6;
const FIELDS = 7;
