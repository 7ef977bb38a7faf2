import type { Cause } from "../../src/model/finding/cause.js";
import type { Inspection } from "../../src/model/results/inspection.js";
import type { Goroutine } from "../../src/model/goroutine/snapshot.js";
import { isFinding, type Suspect } from "../../src/model/finding/suspect.js";
import { plainReason } from "../../src/model/goroutine/wait.js";

/** What Go's README says of each kernel: `Resource | AB-BA deadlock`. By the kernel's name, without case and slash. */
export function subtypesOf(readme: string): ReadonlyMap<string, string> {
  return new Map([...readme.matchAll(/^\|\[(\w+)#(\d+)\]\|(?:[^|\n]*\|){3} *([^|\n]*?) *\|$/gm)].map(([, project, number, subtype]) => [`${project!}${number!}`, subtype!]));
}

/** Moby25348 stands in the README under the number of another issue (25384). */
export const subtypeOf = (kernel: string, subtypes: ReadonlyMap<string, string>): string | undefined =>
  subtypes.get(kernel.toLowerCase()) ?? (kernel === "Moby25348" ? subtypes.get("moby25384") : undefined);

const CHANNEL: readonly Cause[] = ["send-without-receiver", "receive-without-sender", "range-never-closed", "select-without-ready-case", "abandoned-sender", "missing-cancel"];

/**
 * The causes that a sub-type allows. A lock that a call has returned with cannot be told from one that is held further out
 * where that call was no method of the lock's owner; so "double locking" allows both. Where a lock is held across a
 * channel, a WaitGroup or a condition, the one that holds it is the cause, by what it waits for.
 */
const CAUSES: readonly (readonly [subtype: RegExp, causes: readonly Cause[]])[] = [
  [/^AB-BA/i, ["lock-order"]],
  [/^(?:RWR|Double locking|Missing unlock)/i, ["recursive-lock", "mutex-never-unlocked", "lock-order"]],
  [/^Channel & Lock/i, [...CHANNEL, "lock-order", "waitgroup-mismatch"]],
  [/^Channel & WaitGroup|^Misuse WaitGroup/i, [...CHANNEL, "waitgroup-mismatch"]],
  [/Condition Variable/i, [...CHANNEL, "cond-never-signalled"]],
  [/^Channel/i, CHANNEL],
];

/** As Go's own test reads a dump: `(*T).f(...) [sync.Mutex.Lock]`, where f is the outermost function; without and with the wrapper of a `go f(x)`. */
const wordsOf = ({ stack, waitReason }: Goroutine): readonly string[] =>
  [/^runtime\.goexit$|\.gowrap\d+$/, /^runtime\.goexit$/].map((hidden) => `${(stack.findLast((frame) => !hidden.test(frame.function))?.function ?? "").replace(/^main\./, "")}(...) [${plainReason(waitReason)}]`);

export interface DumpJudgement {
  readonly verdict: "right" | "wrong one above" | "other cause" | "not among the first three" | "no suspects";
  /** Of the right one. */
  readonly rank?: number;
  /** The first three, in words. */
  readonly suspects: readonly string[];
}

/** Is the documented cause among the first three, with no wrong one above it? */
export function judgeDump({ suspects: all }: Inspection, documented: readonly RegExp[], subtype: string): DumpJudgement {
  const findings = all.filter(isFinding);
  const suspects = findings.slice(0, 3).map(({ confidence, cause, blamed }) => `${confidence} ${cause} ${blamed.file.slice(blamed.file.lastIndexOf("/") + 1)}:${blamed.line}`);
  if (findings.length === 0) return { verdict: "no suspects", suspects };
  const leaks = ({ group }: Suspect): boolean => group.goroutines.every((goroutine) => documented.some((pattern) => wordsOf(goroutine).some((words) => pattern.test(words))));
  const causes = causesOf(subtype, documented);
  // Kubernetes58107 is filed as a deadlock of readers and writers: its README names the one that holds the lock and waits for a condition.
  const names = ({ cause, rule }: Suspect): boolean => causes.includes(cause) || (rule === "lock-held-while-waiting" && causes.includes("mutex-never-unlocked"));
  const rank = 1 + findings.findIndex((suspect) => leaks(suspect) && names(suspect));
  if (rank === 0) return { verdict: "other cause", suspects };
  if (rank > 3) return { verdict: "not among the first three", suspects };
  if (!findings.slice(0, rank - 1).every(leaks)) return { verdict: "wrong one above", rank, suspects };
  return { verdict: "right", rank, suspects };
}

/** Two kernels are filed as double locking in which no lock is waited for (Cockroach18101): then it is the channel. */
function causesOf(subtype: string, documented: readonly RegExp[]): readonly Cause[] {
  const locks = documented.some(({ source }) => /Mutex/.test(source));
  const causes = CAUSES.find(([pattern]) => pattern.test(subtype))?.[1] ?? [];
  return locks || !causes.includes("recursive-lock") ? causes : CHANNEL;
}
