import { isStandard, isTestCode, userFrame } from "../source/blame.js";
import type { Finding, Verdict } from "./finding.js";

/**
 * When are two findings the same? It depends on what is compared; each question has its own answer here, and no other
 * place has one.
 */

/**
 * Goroutines of one run that are one finding. With the cause, for two causes at one line are two defects. The
 * goroutines that serve one connection block in several places of the library: they are one thing that was not closed.
 */
export function sameGroup({ verdict, cause, blocked, createdBy, stack }: Finding): string {
  const where = createdBy ? `${createdBy.function}:${createdBy.line}` : "";
  const library = cause === "resource-not-closed" && stack.length > 0 && !userFrame(stack);
  return [verdict, cause, ...(library ? ["library"] : [blocked.function, blocked.file, String(blocked.line)]), where].join("|");
}

/**
 * The same defect in another schedule of the same build: verdict and places, lines included. Without the cause, which only
 * a traced replay knows. Where an assertion failed is known from what was printed, which only a replay records. A loop
 * that has no end stands now here and now there: it is known by who started it.
 */
export function sameDefect({ verdict, blocked, createdBy, message }: Placed): string {
  if (verdict === "flaky") return `${verdict}|${blocked.reason}`;
  if (verdict === "runaway" && createdBy !== undefined) return `${verdict}|${createdBy.function}|${createdBy.line}`;
  const said = verdict === "panics" ? saidBy(message) : "";
  return [verdict, blocked.function, blocked.file, blocked.line, createdBy?.function, createdBy?.line, said].join("|");
}

/** A finding, or what of one has a place: a consequence. */
type Placed = Pick<Finding, "verdict" | "blocked" | "createdBy" | "message">;

/**
 * The same thing in two tests of one report, so that its words need not be printed twice: the same defect with the same
 * cause and the same message (two assertions that fail are two things). Each test has its own line that starts what it tests, and that
 * asserts or panics with what the code under test gave it. The code under test is the same in each package's tests; what fails, and
 * what stands in the standard library, is each package's own.
 */
export function sameInOthers(one: Finding): string {
  // One helper may start all of a library's loops (raft's goFunc): the loop's function tells them apart, for its words name a line.
  const loop = one.verdict === "runaway" ? one.blocked.function : "";
  const isOwn = one.verdict === "flaky" || one.verdict === "panics" || isTestCode(one.blocked) || isStandard(one.blocked);
  const defect = isTestsPanic(one) ? one.verdict : sameDefect(ofAnyTest(one));
  return [isOwn ? one.package : "", defect, loop, one.cause, one.verdict === "panics" ? saidBy(one.message) : one.verdict === "flaky" ? saidByAny(one) : (one.message ?? "")].join("|");
}

/** A test that panics with words of its own, not the runtime's: these say what is wrong, wherever it stands. */
const isTestsPanic = ({ verdict, blocked, message = "" }: Finding): boolean => verdict === "panics" && isTestCode(blocked) && !/runtime error|^panic: (Log|Fail) in goroutine|^fatal error/.test(message) && saidBy(message) !== "";

/** What a failed test says, without its own name and lines (an error that is printed with its stack has both). */
const saidByAny = ({ message = "", test }: Finding): string => (test === undefined ? message : message.replaceAll(test.split("/")[0]!, "")).replace(/\S+\.go:\d+/g, "");

/** A panic's own words. Package testing's, of who logs after the test, name the test and what was logged: neither is what is wrong. */
const saidBy = (message = ""): string => message.split("\n")[0]!.replace(/( in goroutine after )\S+( has completed).*$/, "$1$2");

/** The places that only wait for it. */
export const waitersInOthers = ({ consequences = [] }: Finding): readonly string[] => consequences.map((one) => sameLeft(ofAnyTest(one)));

/** Without the test's line that started it, where it stands in other code. */
function ofAnyTest<T extends Placed>(one: T): T {
  if (one.createdBy === undefined || !isTestCode(one.createdBy) || isTestCode(one.blocked)) return one;
  const { createdBy: _, ...notStarted } = one;
  return notStarted as T;
}

/** The same goroutine that is left, whatever could be shown about it in which run: proved, stuck, the scope's own, or none. */
export const sameLeft = (one: Placed): string => sameDefect(NOT_LEFT.has(one.verdict) ? one : { ...one, verdict: "leaked" });

const NOT_LEFT: ReadonlySet<Verdict> = new Set<Verdict>(["panics", "flaky", "runaway", "cut-short"]);

/** All the places that a finding names: its own, and those of its consequences. */
export const leftPlaces = (finding: Finding): readonly string[] => [finding, ...(finding.consequences ?? [])].map(sameLeft);

/** What a baseline holds of a finding: no line numbers and no counts, which change without anything being new. */
export interface FindingAcrossBuilds {
  readonly verdict: string;
  readonly package: string;
  readonly reason: string;
  readonly function: string;
  readonly createdBy: string;
}

/** The same defect in another build, after other lines were changed. */
export const acrossBuilds = ({ verdict, package: path, blocked, createdBy }: Finding): FindingAcrossBuilds => ({
  verdict,
  package: path ?? "",
  reason: blocked.reason,
  function: blocked.function,
  createdBy: createdBy?.function ?? "",
});

export const sameAcrossBuilds = (entry: FindingAcrossBuilds): string => JSON.stringify([entry.verdict, entry.package, entry.reason, entry.function, entry.createdBy]);

/**
 * The same place natively and under control: the line, and the end of the path. With -trimpath a file has another
 * beginning, inlined closures have other names, and verdicts differ (`abandoned` natively is `leaked` under control).
 */
export const sameAcrossModes = ({ blocked }: Pick<Finding, "blocked">): string => `${blocked.file.split("/").slice(-2).join("/")}:${blocked.line}`;
