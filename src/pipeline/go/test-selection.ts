import { optional } from "../../base/optional.js";

/** What of a package's tests is run, and how often: go test's own flags of these names, as given. */
export interface TestSelection {
  readonly run?: string;
  readonly skip?: string;
  readonly bench?: string;
  readonly count?: string;
  readonly short?: boolean;
  /** Of the native run alone: under control each program begins from the same state, whatever ran before it. */
  readonly shuffle?: string;
}

const NATIVE = ["run", "skip", "bench", "count", "shuffle"] as const;
const CONTROLLED = ["skip", "bench", "count"] as const;

/** One iteration of a benchmark is a run; natively more would only take longer. */
const ONCE = "1x";

/** For `go test`. */
export const goTestFlags = (selection: TestSelection): readonly string[] => [
  ...NATIVE.flatMap((name) => (selection[name] === undefined ? [] : [`-${name}=${selection[name]}`])),
  ...(selection.bench === undefined ? [] : [`-benchtime=${ONCE}`]),
  ...(selection.short ? ["-short"] : []),
];

/** For the test binary under control. */
export const testBinaryFlags = (selection: TestSelection): readonly string[] => [
  `-test.run=${selection.run ?? "."}`,
  ...CONTROLLED.flatMap((name) => (selection[name] === undefined ? [] : [`-test.${name}=${selection[name]}`])),
  ...(selection.bench === undefined ? [] : [`-test.benchtime=${ONCE}`]),
  ...(selection.short ? ["-test.short"] : []),
];

/** What a replay has to be told again: with other subtests, or other rounds, it would be another program. */
export const replaySelection = ({ run, skip, count, short }: TestSelection): TestSelection => ({
  ...(run?.includes("/") === true ? { run } : {}),
  ...optional({ skip, count, short }),
});

/** The function that go test's flags know a program by. `p_test.TestX/sub`: TestX of the external test package. */
export const topLevel = (program: string): string => program.split("/")[0]!.replace(/^.*\./, "");

/** What selects one program by its name, for a replay of it. */
export function selectionOf(test: string, { run, ...rest }: TestSelection): TestSelection {
  const top = `^${topLevel(test)}$`;
  return /^\^Benchmark/.test(top) ? { ...rest, run: "^$", bench: top } : { ...rest, run: run ?? top };
}

/** Of a flag that takes a whole number: an error is one sentence. */
export const countProblem = (count: string | undefined): string | undefined =>
  count === undefined || /^[1-9]\d{0,8}$/.test(count) ? undefined : `-count takes a whole number from 1, but got '${count}'`;
