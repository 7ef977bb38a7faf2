import type { Choice } from "../../model/run/choice.js";
import type { Pending } from "../../model/run/program.js";
import type { Schedule } from "../../model/run/schedule.js";
import type { FairnessState } from "../fairness.js";
import { FROM_THE_START, type Beginning, type Strategy } from "../strategy.js";

/** A strategy of a single run. */
export abstract class OneRun implements Strategy {
  abstract readonly name: string;
  #begun = false;

  begin(): Beginning | undefined {
    if (this.#begun) return undefined;
    this.#begun = true;
    return this.beginning();
  }

  protected beginning(): Beginning {
    return FROM_THE_START;
  }

  abstract next(pending: readonly Pending[], history: Schedule, fairness: FairnessState, changed?: readonly Pending[]): Choice | "stop-run";
}
