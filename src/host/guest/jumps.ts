/** Jumps back, and calls, between two questions to the host: some milliseconds of pure computation; a third of a second of starting goroutines. */
const SLICE = 1_000_000;

/** Jumps within one step: a goroutine that makes so many (a few seconds) without synchronising is a runaway. */
const MOST = 1_000_000_000;

/** A step of a schedule that is explored may be so many times heavier than the heaviest that has come to its end. */
const HEAVIER = 4;

/** Of the runs before the first one: which locks are held then is known by that time. */
const CALIBRATING = 100_000_000;

/** What a run that may compute as long as there is time must have done without synchronising to be called endless. */
const ENDLESS = 2_000_000_000;

/**
 * A step may compute so long while others could go on (half a second; the explored ones HEAVIER times what the natural one took, too): it may
 * wait for plain memory that they change (`for len(c) < 3 {}`), and nothing can take it from the processor in between.
 */
const WHILE_OTHERS_WAIT = 200_000_000;

/** Ends the guest from inside the host's answer to a loop that asks whether it may go on. */
export class GuestStopped extends Error {
  /** `time`: nothing is known about the loop, but that there was no more time. `others`: nor there, while others could go on. */
  readonly why: "time" | "others" | "endless";
  constructor(why: "time" | "others" | "endless") {
    super({ time: "no more time", others: "others could go on", endless: "it does not come to an end" }[why]);
    this.why = why;
  }
}

export interface JumpOptions {
  /** Instead of MOST. */
  readonly most: number | undefined;
  readonly calibrating: boolean;
  readonly natural: boolean;
  readonly overtime: (() => boolean) | undefined;
  /** Could another goroutine, or the clock, go on? Missing: it does not matter. */
  readonly others?: (() => boolean) | undefined;
}

/**
 * How far a step may compute. Pure computation is no runaway while it may end: a natural run computes as long as there is
 * time, the schedules that are explored four times as long as the program ever did.
 */
export class JumpLimit {
  #options: JumpOptions = { most: undefined, calibrating: false, natural: false, overtime: undefined };
  #most = Infinity;
  /** From here on it is asked whether others could go on. */
  #alone = Infinity;
  #made = 0;
  #heaviest = 0;
  #began = false;

  /** A step begins. The jumps that it may make before it asks. */
  begin(options: JumpOptions): number {
    const { most, calibrating, natural, others } = options;
    this.#began = true;
    this.#options = options;
    this.#made = 0;
    this.#most = most ?? (calibrating ? CALIBRATING : natural ? Infinity : Math.max(MOST, HEAVIER * this.#heaviest));
    this.#alone = others === undefined ? Infinity : Math.max(WHILE_OTHERS_WAIT, natural ? 0 : HEAVIER * this.#heaviest);
    return Math.min(SLICE, this.#most);
  }

  /** The step has come to its end. */
  end(): void {
    this.#heaviest = Math.max(this.#heaviest, this.#made);
  }

  /** It has spent its jumps, and asks for more; undefined before control begins. Throws where there are none. */
  more(): number | undefined {
    if (!this.#began) return undefined;
    this.#made += SLICE;
    if (this.#made >= this.#most) throw new GuestStopped("endless");
    if (this.#made >= this.#alone && this.#options.others!()) throw new GuestStopped("others");
    if (this.#options.overtime?.() === true) throw new GuestStopped(this.#options.natural && this.#made >= ENDLESS ? "endless" : "time");
    return Math.min(SLICE, this.#most - this.#made);
  }
}
