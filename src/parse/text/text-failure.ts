import type { RaceReport } from "../../model/finding/race.js";
import type { ParseFailure } from "../result.js";

/** What is known of a text without a goroutine in it. */
interface EmptyText {
  readonly lines: number;
  /** What a dump that began lost. */
  readonly losses: readonly string[];
  /** Goroutines that a profile's first line announced. */
  readonly announced: number;
  /** The kind of another profile that is in it. */
  readonly otherProfile: string | undefined;
  readonly races: readonly RaceReport[];
  readonly isJson: boolean;
}

/** Why no snapshot came of a text. */
export function textFailure({ lines, losses, announced, otherProfile, races, isJson }: EmptyText): ParseFailure {
  const [first] = losses;
  if (first !== undefined) return { kind: "broken", at: /line \d+/.exec(first)?.[0] ?? `line ${lines}`, because: first };
  if (announced > 0) return { kind: "broken", at: `line ${lines}`, because: `its first line announces ${announced} goroutines, but none follows` };
  if (lines === 0) return { kind: "not-mine", what: "it is empty" };
  if (otherProfile !== undefined) return { kind: "not-mine", what: `it is a ${otherProfile} profile, not one of goroutines` };
  if (races.length > 0) return { kind: "not-mine", what: `it holds ${onlyRaces(races)}, but no goroutine dump` };
  if (isJson) return { kind: "not-mine", what: "it is JSON, but none of its strings holds a goroutine ('goroutine 1 [running]:'); pass the text of the dump itself (jq -r .FIELD)" };
  return { kind: "not-mine", what: `${lines === 1 ? "its one line does not begin" : `none of its ${lines} lines begins`} a goroutine ('goroutine 1 [running]:')` };
}

function onlyRaces(races: readonly RaceReport[]): string {
  const [first] = races;
  const places = first!.accesses.map(({ what, stack }) => `${what.toLowerCase()} in ${stack[0] ? `${stack[0].function} ${stack[0].file}:${stack[0].line}` : "an unknown place"}`);
  return `${races.length === 1 ? "a report" : `${races.length} reports`} of the race detector (${races.length === 1 ? "" : "the first: "}${places.join(", ")})`;
}
