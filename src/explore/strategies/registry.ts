import { err, ok, type Result } from "../../base/result.js";
import { DporSearch } from "../dpor/dpor-search.js";
import type { ClockPolicy } from "../fairness.js";
import type { Strategy } from "../strategy.js";
import { DepthFirst } from "./depth-first.js";
import { withFaults } from "./faults.js";
import { NonPreemptive } from "./natural.js";
import { Pct } from "./pct.js";
import { PartialOrderSampling } from "./pos.js";
import { portfolio } from "./portfolio.js";
import { Preemptions } from "./preemptions.js";
import { Random } from "./random.js";
import { SelectivelyUniformWalk } from "./surw.js";

/** What a strategy of the registry is made from. */
interface StrategyOptions {
  readonly seed: number;
  readonly clock: ClockPolicy;
  /** So many things may go wrong in one run (model/run/fault.ts). Default 0. */
  readonly faults?: number | undefined;
  /** The bound of `preemptions`. Default 3. */
  readonly preemptions?: number | undefined;
}

/** A strategy that can be asked for by its name. */
interface RegisteredStrategy {
  readonly name: string;
  /** One line for `--help`. */
  readonly about: string;
  /** `draws`: seeds differ, and it never ends. `exhaustive`: it tries every schedule within its bounds, and says so. `once`: one run. */
  readonly kind: "draws" | "exhaustive" | "once";
  make(options: StrategyOptions): Strategy;
}

/** A strategy that draws knows nothing of faults: they are added to it. */
const drawing = (make: (seed: number) => Strategy) => ({ seed, faults = 0 }: StrategyOptions): Strategy => withFaults(make(seed), seed, faults);

/**
 * All strategies by name: the command line (`--strategy`), benches, scripts and tests read this list, and
 * strategies/registry.test.ts holds each of them to what a strategy promises.
 */
export const STRATEGIES = [
  { name: "portfolio", about: "natural, random, pct and reduced in turns", kind: "exhaustive", make: (options) => portfolio(options) },
  { name: "natural", about: "the natural schedule alone", kind: "once", make: () => new NonPreemptive() },
  { name: "random", about: "random walks", kind: "draws", make: drawing((seed) => new Random(seed)) },
  { name: "pct", about: "random priorities that change now and then", kind: "draws", make: drawing((seed) => new Pct(seed)) },
  { name: "pos", about: "random priorities, new ones for what raced", kind: "draws", make: drawing((seed) => new PartialOrderSampling(seed)) },
  { name: "surw", about: "all orders of one object's operations alike likely", kind: "draws", make: drawing((seed) => new SelectivelyUniformWalk(seed)) },
  { name: "preemptions", about: "few preemptions first (--preemptions)", kind: "exhaustive", make: ({ preemptions = 3 }) => new Preemptions(preemptions) },
  { name: "depth-first", about: "every schedule, without reduction", kind: "exhaustive", make: () => new DepthFirst() },
  { name: "reduced", about: "every schedule that differs, once", kind: "exhaustive", make: ({ clock }) => new DporSearch(clock) },
] as const satisfies readonly RegisteredStrategy[];

export type StrategyName = (typeof STRATEGIES)[number]["name"];

/** The strategy of that name; an error in words names those that there are. */
export function strategyNamed(name: string): Result<RegisteredStrategy & { readonly name: StrategyName }, string> {
  const found = STRATEGIES.find((one) => one.name === name);
  return found === undefined ? err(`there is no strategy '${name}'; there are ${STRATEGIES.map((one) => one.name).join(", ")}`) : ok(found);
}
