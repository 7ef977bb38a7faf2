import type { GoTestOutcome } from "../../toolchain/go/go-test.js";

/** `--stress`: how much. `cores` of this machine, for GOMAXPROCS below, at and above it. */
export type Stress =
  | { readonly kind: "runs"; readonly runs: number; readonly cores: number }
  | { readonly kind: "time"; readonly milliseconds: number; readonly cores: number };

/** Runs of each test in a process of a timed stress: enough to pay for its start, few enough to end in time. */
const ROUND = 40;

/** go test's own words for `runs` of each test: repeated, shuffled, each under several GOMAXPROCS. */
export function stressArgs(runs: number, cores: number): readonly string[] {
  const cpus = [...new Set([1, 2, cores, 2 * cores])];
  return [`-count=${Math.ceil(runs / cpus.length)}`, `-cpu=${cpus.join(",")}`, "-shuffle=on"];
}

/** Rounds of `go test` until `found`, an ending that is none of the tests', or the end of the time. The user's words come last, so they win. */
export async function stressed(
  stress: Stress,
  round: (words: readonly string[]) => Promise<GoTestOutcome>,
  found: () => boolean,
  now: () => number = Date.now,
): Promise<GoTestOutcome> {
  if (stress.kind === "runs") return round(stressArgs(stress.runs, stress.cores));
  const end = now() + stress.milliseconds;
  for (;;) {
    const outcome = await round(stressArgs(ROUND, stress.cores));
    if (outcome.kind !== "ended" || outcome.status !== 0 || found() || now() >= end) return outcome;
  }
}
