/**
 * Characters of JSON that one answer may have: an agent reads all of it. A value is never cut in the middle; whole parts
 * are left out, the least telling first, until it fits, and what was left out is said.
 */
export const MOST_CHARACTERS = 40_000;

type Value = Readonly<Record<string, unknown>>;

/** One way to make a value smaller: what it leaves out, in words, and the value without it. */
export interface Cut {
  readonly what: string;
  readonly without: (value: Value) => Value;
}

export interface Bounded {
  readonly value: Value;
  readonly leftOut: readonly string[];
}

/** Applies cuts in their order until the value fits; undefined: it does not fit without all of them. */
export function bounded(value: Value, cuts: readonly Cut[], most = MOST_CHARACTERS): Bounded | undefined {
  let kept = value;
  const leftOut: string[] = [];
  for (const { what, without } of cuts) {
    if (JSON.stringify(kept).length <= most) break;
    const next = without(kept);
    if (JSON.stringify(next) === JSON.stringify(kept)) continue;
    kept = next;
    leftOut.push(what);
  }
  return JSON.stringify(kept).length <= most ? { value: kept, leftOut } : undefined;
}

const isObject = (value: unknown): value is Value => typeof value === "object" && value !== null && !Array.isArray(value);
const listIn = (value: Value, key: string): readonly Value[] => (Array.isArray(value[key]) ? (value[key] as unknown[]).filter(isObject) : []);
const omit = (value: Value, ...keys: readonly string[]): Value => Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key)));
/** Each object of a list, changed; a list that is not there stays so. */
const each = (value: Value, key: string, change: (one: Value) => Value): Value => (value[key] === undefined ? value : { ...value, [key]: listIn(value, key).map(change) });

const inFindings = (change: (finding: Value) => Value) => (report: Value): Value => each(report, "programs", (program) => each(program, "findings", change));
const keySteps = (one: Value): Value => (one["steps"] === undefined ? one : { ...one, steps: listIn(one, "steps").filter((step) => step["key"] === true || step["number"] === undefined) });
const withoutLong = (one: Value): Value => each({ ...one, ...(isObject(one["contrast"]) ? { contrast: keySteps(one["contrast"]) } : {}) }, "consequences", (consequence) => omit(consequence, "stack"));

/** Of a report of explorations (docs/report-schema.md). */
export const REPORT_CUTS: readonly Cut[] = [
  { what: "what the programs printed (output)", without: (report) => each(report, "programs", (program) => omit(program, "output")) },
  { what: "steps that are not key", without: inFindings((one) => withoutLong(keySteps(one))) },
  { what: "stacks beyond 5 frames", without: inFindings((one) => (Array.isArray(one["stack"]) ? { ...one, stack: one["stack"].slice(0, 5) } : one)) },
  { what: "the steps of findings (explain_finding has them)", without: inFindings((one) => omit(one, "steps", "contrast")) },
  { what: "the steps of a replay beyond the first 100", without: (report) => each(report, "programs", (program) => (program["steps"] === undefined ? program : { ...program, steps: listIn(program, "steps").slice(0, 100) })) },
  { what: "programs without findings", without: (report) => ({ ...report, programs: listIn(report, "programs").filter((program) => listIn(program, "findings").length > 0) }) },
  { what: "findings beyond the first 10 of each program", without: (report) => each(report, "programs", (program) => ({ ...program, findings: listIn(program, "findings").slice(0, 10) })) },
  { what: "programs beyond the first 10, failures beyond the first 10", without: (report) => ({ ...report, programs: listIn(report, "programs").slice(0, 10), failures: listIn(report, "failures").slice(0, 10) }) },
];

/** Of one finding. */
export const FINDING_CUTS: readonly Cut[] = [
  { what: "steps that are not key", without: (one) => withoutLong(keySteps(one)) },
  { what: "stacks beyond 5 frames", without: (one) => (Array.isArray(one["stack"]) ? { ...one, stack: one["stack"].slice(0, 5) } : one) },
  { what: "the steps of the other schedule", without: (one) => (isObject(one["contrast"]) ? { ...one, contrast: omit(one["contrast"], "steps") } : one) },
  { what: "steps before the last 60", without: (one) => (one["steps"] === undefined ? one : { ...one, steps: listIn(one, "steps").slice(-60) }) },
  { what: "the schedule", without: (one) => omit(one, "schedule") },
];

const snapshots = (change: (snapshot: Value) => Value) => (value: Value): Value => each(value, "snapshots", change);
const firstGroups = (most: number): Cut => ({ what: `groups beyond the first ${most} of each snapshot`, without: snapshots((one) => ({ ...one, groups: listIn(one, "groups").slice(0, most), suspects: listIn(one, "suspects").slice(0, most) })) });

/** Of an inspection (`unpark inspect --json`). */
export const INSPECTION_CUTS: readonly Cut[] = [
  { what: "goroutines' numbers (ids)", without: snapshots((one) => each(one, "groups", (group) => omit(group, "ids", "idsLeftOut"))) },
  firstGroups(100),
  firstGroups(30),
  { what: "stacks beyond 6 frames", without: snapshots((one) => each(one, "groups", (group) => ({ ...group, stack: listIn(group, "stack").slice(0, 6) }))) },
  firstGroups(8),
  { what: "snapshots before the last, races, labels", without: (value) => ({ ...value, snapshots: listIn(value, "snapshots").slice(-1).map((one) => omit(one, "races", "byLabel", "delta")) }) },
];
