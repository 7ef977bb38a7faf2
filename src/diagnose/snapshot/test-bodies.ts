import { MARK } from "../../model/goroutine/frame-marks.js";
import type { GoroutineGroup } from "../../model/goroutine/goroutine-group.js";
import type { Goroutine, Snapshot } from "../../model/goroutine/snapshot.js";
import type { GroupSurvey } from "./group-survey.js";

/**
 * What the text itself says is wrong, whatever the goroutines' ages: a test that timed out (its goroutine has
 * testing.tRunner below it), and what it started and waits for; a leak checker's list; a bubble or a program in which
 * all were asleep.
 */
export class TestBodies {
  readonly #snapshot: Snapshot;
  /** The goroutines that run a test's own function now, by name of the test where it can be told. */
  readonly #bodies = new Map<Goroutine, string | undefined>();
  readonly #children = new Map<Goroutine, Goroutine>(); // to the test's own
  readonly timedOut: boolean;

  constructor(snapshot: Snapshot, survey: GroupSurvey) {
    this.#snapshot = snapshot;
    this.timedOut = snapshot.ending?.kind === "test-timeout" || (survey.marks & MARK.alarm) !== 0;
    if (!this.timedOut) return;
    for (const goroutine of snapshot.goroutines) {
      const runner = goroutine.stack.findIndex((f) => f.function === "testing.tRunner" || f.function === "testing.fRunner" || f.function === "testing.(*B).runN");
      if (runner > 0 && !waitsForOthers(goroutine)) this.#bodies.set(goroutine, testOf(goroutine.stack[runner - 1]!.function));
    }
    this.#addChildren();
  }

  get bodies(): ReadonlyMap<Goroutine, string | undefined> {
    return this.#bodies;
  }

  /** The test whose own goroutine all of these are: `TestDrain (2m0s)`. */
  bodyOf(group: GoroutineGroup): { readonly test: string | undefined; readonly elapsed: string | undefined } | undefined {
    return this.#describe(group.goroutines[0]!);
  }

  #describe(body: Goroutine): { readonly test: string | undefined; readonly elapsed: string | undefined } | undefined {
    if (!this.#bodies.has(body)) return undefined;
    const named = this.#bodies.get(body);
    const { ending } = this.#snapshot;
    const tests = ending?.kind === "test-timeout" ? ending.tests : [];
    const running = tests.find(({ name }) => name === named) ?? tests.find(({ name }) => named !== undefined && name.startsWith(`${named}/`)) ?? (tests.length === 1 ? tests[0] : undefined);
    return { test: running?.name ?? named, elapsed: running?.elapsed };
  }

  /** The test among whose goroutines these are: its own, or one that it started. */
  testOf(group: GoroutineGroup): string | undefined {
    const first = group.goroutines[0]!;
    const body = this.#bodies.has(first) ? first : this.#children.get(first);
    if (!body) return undefined;
    const of = this.#describe(body);
    return of?.test === undefined ? undefined : of.elapsed === undefined ? of.test : `${of.test} (${of.elapsed})`;
  }

  /** What the text says of this very group, as a fact; `sure`: it alone makes it a finding. */
  told(group: GoroutineGroup): { readonly text: string; readonly sure: boolean } | undefined {
    const { ending } = this.#snapshot;
    if (ending?.kind === "leak-check") {
      return { text: `${ending.tool} lists ${group.count === 1 ? "it" : "them"}: ${ending.test === undefined ? "it was still there" : `still there when ${ending.test} ended`}`.replace(": it was", group.count === 1 ? ": it was" : ": they were"), sure: true };
    }
    if (!this.timedOut) return undefined;
    const body = this.bodyOf(group);
    if (body) return { text: bodyWords(body, ending?.kind === "test-timeout" ? ending.after : undefined), sure: !ranShort(body.elapsed, ending?.kind === "test-timeout" ? ending.after : undefined) };
    if (!HOLDS_UP.has(group.kind) || !this.#children.has(group.goroutines[0]!)) return undefined;
    const test = this.testOf(group);
    return { text: `${test ?? "the test"} started ${group.count === 1 ? "it" : "them"}, and timed out`, sure: false };
  }

  #addChildren(): void {
    const byId = new Map<number, Goroutine>();
    for (const goroutine of this.#snapshot.goroutines) if (goroutine.id !== undefined) byId.set(goroutine.id, goroutine);
    for (const goroutine of this.#snapshot.goroutines) {
      let at: Goroutine | undefined = goroutine;
      for (let depth = 0; at && depth < 20; depth++) {
        const parent: Goroutine | undefined = at.createdBy?.id === undefined ? undefined : byId.get(at.createdBy.id);
        if (parent && this.#bodies.has(parent)) {
          this.#children.set(goroutine, parent);
          break;
        }
        at = parent;
      }
    }
  }
}

/** A receive or a Cond may be an idle worker's; these are not. */
const HOLDS_UP: ReadonlySet<string> = new Set(["send", "lock", "waitgroup"]);

const waitsForOthers = ({ stack }: Goroutine): boolean => stack.some((f) => /^testing\.(?:\(\*[TBF]\)\.(?:Run|Parallel|RunParallel)|\(\*(?:testContext|testState)\)\.waitParallel|runTests|\(\*F\)\.Fuzz)$/.test(f.function));

/** `example.org/shop/queue.TestDrain.func1` → `TestDrain`. */
const testOf = (symbol: string): string | undefined => /\.((?:Test|Benchmark|Fuzz|Example)\w*)(?:\.|$)/.exec(symbol.slice(symbol.lastIndexOf("/") + 1))?.[1];

function bodyWords({ test, elapsed }: { test: string | undefined; elapsed: string | undefined }, after: string | undefined): string {
  const whose = test === undefined ? "it is the goroutine of a test that was running" : `it is the goroutine of ${test}`;
  if (elapsed === undefined) return `${whose}${after === undefined ? " when the test binary timed out" : ` when the test binary timed out after ${after}`}`;
  return ranShort(elapsed, after) ? `${whose}, which had run for only ${elapsed} of the ${after} when the binary timed out` : `${whose}, which had run for ${elapsed} when the binary timed out`;
}

/** It began late: that the binary timed out need not be its fault. */
export function ranShort(elapsed: string | undefined, after: string | undefined): boolean {
  const [ran, limit] = [secondsOf(elapsed), secondsOf(after)];
  return ran !== undefined && limit !== undefined && ran * 4 < limit;
}

/** Go's durations: `2m0s`, `1h2m3.5s`, `500ms`. */
function secondsOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const units: Readonly<Record<string, number>> = { h: 3600, m: 60, s: 1, ms: 1e-3, µs: 1e-6, us: 1e-6, ns: 1e-9 };
  let sum = 0;
  for (const [, number, unit] of text.matchAll(/(\d+(?:\.\d+)?)(h|ms|m|µs|us|ns|s)/g)) sum += Number(number) * units[unit!]!;
  return sum;
}
