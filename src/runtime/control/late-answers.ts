import type { Platform } from "../core/platform.js";
import type { GuardedTurns } from "./guarded-turns.js";

/** Of what one step may take, which is real time. */
const SHARE = 0.1;

/**
 * What a run asked the platform for, and did not wait for, is answered after it: in a turn of the event loop that the next run waits for, its callback was
 * taken for that run's own code, and sent to a channel of a run that is over (a panic of a test that had none). So the end of a run waits for such answers. One
 * that takes longer is not waited for again, in no run of the program.
 */
export class LateAnswers {
  readonly #platform: Platform;
  readonly #turns: GuardedTurns;
  #waits = true;

  constructor(platform: Platform, turns: GuardedTurns) {
    this.#platform = platform;
    this.#turns = turns;
  }

  /** `isAsked`: is there one that has not come? */
  async come(isAsked: () => boolean): Promise<void> {
    const since = this.#platform.now();
    while (this.#waits && isAsked()) {
      await this.#turns.plainTurn();
      this.#waits = this.#platform.now() - since < SHARE * this.#turns.limit;
    }
  }
}
