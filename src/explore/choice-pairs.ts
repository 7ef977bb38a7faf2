import { hash64, shortName } from "../base/short-hash.js";
import { actorsOf, type Choice, formatChoice } from "../model/run/choice.js";
import { readsOnly } from "../model/run/operation.js";
import type { Pending } from "../model/run/program.js";

/** A pair by its name, and which of the two was taken while the other could have been: 1, 2, or 3 for both. */
export type PairDelta = readonly [name: string, taken: number];

/**
 * How much of what could be chosen was chosen. A pair are two steps that were possible at one moment, one of which was taken, where it may matter which:
 * ways of one goroutine (a select's cases, values of a draw), or steps of two that touch one object, and not both only look. It was tried both ways if each of the two was
 * taken at some time while the other was possible. A step is named by its goroutine, its operation and its way, so that
 * one that comes again in a loop is the same.
 *
 * Counted at the states at which a search chooses, and where it goes another way than before.
 */
export class ChoicePairs {
  readonly #taken = new Map<string, number>();
  readonly #news = new Map<string, number>();

  see(pending: readonly Pending[], chosen: Choice): void {
    const own = pending.filter(({ alternatives }) => alternatives.some((one) => formatChoice(one) === formatChoice(chosen)));
    const name = stepName(chosen, own);
    for (const other of pending) {
      for (const choice of other.alternatives) {
        if (formatChoice(choice) === formatChoice(chosen) || !own.some((one) => mayMatter(one, chosen, other, choice))) continue;
        const rival = stepName(choice, [other]);
        if (rival !== name) this.#add(name < rival ? `${name} ${rival}` : `${rival} ${name}`, name < rival ? 1 : 2);
      }
    }
  }

  /** What a helper saw. */
  add(deltas: readonly PairDelta[]): void {
    for (const [name, taken] of deltas) this.#add(name, taken);
  }

  /** What is new since the last time. */
  take(): readonly PairDelta[] {
    const news = [...this.#news];
    this.#news.clear();
    return news;
  }

  /** Short names, in one order; those that were tried both ways end with `+`. */
  get list(): readonly string[] {
    return [...this.#taken].map(([name, taken]) => `${shortName(hash64(name))}${taken === 3 ? "+" : ""}`).sort();
  }

  #add(name: string, taken: number): void {
    const before = this.#taken.get(name) ?? 0;
    if ((before | taken) === before || (before === 0 && this.#taken.size >= MOST)) return;
    this.#taken.set(name, before | taken);
    this.#news.set(name, before | taken);
  }
}

/** A program that starts goroutines without end has pairs without end. */
const MOST = 5000;

const stepName = (choice: Choice, pending: readonly Pending[]): string => `${formatChoice(choice)}:${[...new Set(pending.map(({ op }) => op))].sort().join("/")}`;

function mayMatter(a: Pending, one: Choice, b: Pending, other: Choice): boolean {
  const actors = actorsOf(other);
  if (actorsOf(one).some((actor) => actors.includes(actor))) return true;
  return a.accesses.some(({ object, op }) => b.accesses.some((access) => access.object === object && !(readsOnly(op) && readsOnly(access.op))));
}

/** Pairs of several rounds: each once, tried both ways where it was in one of them. */
export function joined(a: readonly string[] | undefined, b: readonly string[] | undefined): readonly string[] | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const all = new Set([...a, ...b]);
  return [...all].filter((name) => name.endsWith("+") || !all.has(`${name}+`)).sort();
}
