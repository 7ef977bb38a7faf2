import type { Choice } from "../model/run/choice.js";
import type { Outcome } from "../model/run/outcome.js";
import type { OpKind } from "../model/run/operation.js";
import type { Checkpoint, Divergence, Pending, Run } from "../model/run/program.js";
import type { Schedule } from "../model/run/schedule.js";
import type { AbleIndex } from "./able-index.js";
import type { FairnessState } from "./fairness.js";

/**
 * Chooses what runs of one program do. The engine asks `begin` before each run and `next` at each state in which there is
 * something to choose, calls `stepped` after each step that `next` chose, and `ended` at the end. The engine records; a
 * strategy only answers. The registry (strategies/registry.ts) lists those that have a name.
 */
export interface Strategy {
  readonly name: string;
  /** Of one that is made of others: the one that chooses in the run that has begun. Missing: itself. */
  present?(): Strategy;
  /** Where the next run begins; undefined: there is nothing left to try. */
  begin(): Beginning | undefined;
  /**
   * One of the alternatives of `pending`; or ends the run (`stop-run`), or the exploration (`stop`). Only what is fair has
   * alternatives; `fairness` is the state before the choice, for a strategy that takes up a run in the middle. `changed`: as Run.takeChanged,
   * for one that `looksAtChanges`.
   */
  next(pending: readonly Pending[], history: Schedule, fairness: FairnessState, changed?: readonly Pending[]): Choice | "stop-run" | "stop";
  /** What `next` would answer, found without a look at each who can go on; of one that `choosesAmong`, asked where there are many. */
  nextAmong?(able: AbleIndex): Choice | "stop-run";
  readonly choosesAmong?: boolean;
  /**
   * The goroutine that was chosen last is before `op`, could go on, and nothing else has changed: the choice, if `next` would choose
   * it again; `stepped` is not called for it. `unasked`: as in Pending. Missing: it wants to see every state.
   */
  goesOn?(op: OpKind, yielding: boolean, unasked: number): Choice | undefined;
  /** It is shown what fairness would shut out, too: its own order sees to it that who polls does not go on for ever. */
  readonly keepsOwnFairness?: boolean;
  /** It is shown only those that can go on. */
  readonly looksAtAbleOnly?: boolean;
  /** It keeps what it was shown, and asks in each step what of it has changed; of one that keeps its own fairness. */
  readonly looksAtChanges?: boolean;
  /** On the way through a prefix, where the beginning asked for it. */
  onPrefixState?(run: Run, depth: number): void;
  stepped?(run: Run, choice: Choice): void;
  ended?(end: RunEnd): void;
  /** Of a strategy that tries every schedule. Missing: it draws, and never knows what is left. */
  readonly coverage?: SearchCoverage;
}

/** What a strategy that tries every schedule knows of how far it is. */
export interface SearchCoverage {
  /** Every schedule within the bounds was tried. */
  readonly exhausted: boolean;
  /** How many of its runs differ from each other. */
  readonly distinct: number;
  /** What it leaves out by its nature, and what fairness left out, in words. */
  readonly bounds: readonly string[];
  /**
   * The present run (from `begin` to `ended`) is part of the how manieth attempt to try every schedule; what counts is the
   * last. Undefined: it is a walk beside them.
   */
  readonly roundIndex: number | undefined;
  /** At the end of the present run: the order of its steps that stands for all runs that are alike; and its length. */
  normalForm(end: RunEnd): Schedule;
  canonicalLength(end: RunEnd): number;
}

/** A strategy that may come to an end. */
export interface ExhaustiveStrategy extends Strategy {
  readonly coverage: SearchCoverage;
}

/** A run is taken up at the end of a prefix: from a saved state if there is one, by doing the prefix again if not. */
export interface Beginning {
  readonly prefix: Schedule;
  /** Fairness after the prefix; without it, the prefix is one that was recorded, and its early moves are counted on the way. */
  readonly fairness?: FairnessState;
  /** A limit of its own for this run's steps. */
  readonly steps?: number;
  /** `onPrefixState` is to be called before this step of the prefix. */
  readonly saveAt?: number;
  /** A saved state after the first `depth` steps of the prefix. */
  readonly saved?: { readonly depth: number; readonly checkpoint: Checkpoint };
}

export const FROM_THE_START: Beginning = { prefix: [] };

/** How one run went. */
export interface RunEnd {
  readonly run: Run;
  readonly schedule: readonly Choice[];
  /** Undefined: the run was given up before its end. */
  readonly outcome: Outcome | undefined;
  /** Why it was given up. `strategy`: it would only have repeated what was tried before. `search`: the strategy ended the exploration. */
  readonly stopped?: "steps" | "strategy" | "search" | { readonly diverged: Divergence };
  /** What fairness shut out in this run, in words. */
  readonly bounds: readonly string[];
  /** How often the clock moved as on a machine that stalls (FairnessState.stalls). */
  readonly stalls: number;
  /** The longest of these moves, in nanoseconds of virtual time. */
  readonly longestStall: number;
  /** What each goroutine is stopped before at the end (of a run that was not given up by divergence). */
  readonly pending: readonly Pending[];
}

/** It was not given up as a repetition, nor by an error: its end can be looked at. */
export const judgeable = (end: RunEnd): boolean => end.outcome !== undefined || end.stopped === "steps";

/** It reached the limit of steps, whether the explorer stopped it there or the host; or computed on while others could go on. */
export const wasCut = ({ stopped, outcome }: RunEnd): boolean =>
  stopped === "steps" || (outcome?.kind === "horizon" && outcome.limit === "steps") || outcome?.kind === "computes";
