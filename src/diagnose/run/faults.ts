import { optional } from "../../base/optional.js";
import { BESIDE, OTHERS_GO_ON, type Consequence, type Finding, type Verdict } from "../../model/finding/finding.js";
import type { Goroutine } from "../../model/goroutine/snapshot.js";
import type { RunIndex } from "./run-index.js";
import { waitsFor, type WaitsFor } from "./wait-graph.js";

/** A goroutine that is left, and what was found about it alone. */
interface LeftFinding {
  readonly goroutine: Goroutine;
  readonly finding: Finding;
}

/**
 * One fault, one finding: goroutines that wait for one another are told together.
 *
 * F1. The root is one that waits for nobody else among them, or a member of a cycle: who holds or owes what the others
 *     wait for. Of several the one for which most others wait; then, of a cycle, one that waits on a sync.Cond (that somebody
 *     gave a wake-up before is the weakest reason to wait for him); then one that waits for more than a connection to accept, or
 *     the next piece of work; then one in the code under test before the test's own.
 * F2. The others are its consequences, each with the reason why it waits.
 * F3. In a deadlock everything that is left belongs to it, for nothing in it can run: what does not wait for the root, as
 *     far as is known, is told as blocked beside it.
 * F5. It came after the test's failure if its root did, and each other one did or waits for the root.
 * F4. The verdict is the gravest of its members': a deadlock whose root leaks is a deadlock.
 */
export function faults(left: readonly LeftFinding[], index: RunIndex): readonly Finding[] {
  const goroutines = left.filter(({ finding }) => BLOCKED.includes(finding.verdict)).map(({ goroutine }) => goroutine);
  const edges = new Map(goroutines.map((one) => [one, waitsFor(one, goroutines, index)]));
  const findingOf = new Map(left.map(({ goroutine, finding }) => [goroutine, finding]));
  const groups = components(goroutines, edges, index.outcome.kind === "deadlock" && left.some(({ finding }) => finding.verdict === "deadlock"));
  const grouped = groups.map((members) => faultOf(members, edges, findingOf, index));
  return [...grouped, ...left.flatMap(({ goroutine, finding }) => (goroutines.includes(goroutine) ? [] : [finding]))];
}

/** The gravest first (F4). Only these are said of goroutines that are blocked. */
const BLOCKED: readonly Verdict[] = ["deadlock", "leaked", "abandoned", "waiting-outside", "lingering"];

type Edges = ReadonlyMap<Goroutine, readonly WaitsFor[]>;

/** Those that are connected, whoever waits for whom; all of them in a deadlock (F3). In order of appearance. */
function components(goroutines: readonly Goroutine[], edges: Edges, deadlock: boolean): readonly (readonly Goroutine[])[] {
  if (deadlock) return [goroutines];
  const groups: Goroutine[][] = [];
  for (const one of goroutines) {
    const linked = (other: Goroutine): boolean => edges.get(one)!.some(({ goroutine }) => goroutine === other) || edges.get(other)!.some(({ goroutine }) => goroutine === one);
    const touching = groups.filter((group) => group.some(linked));
    const merged = [...touching.flat(), one];
    for (const group of touching) groups.splice(groups.indexOf(group), 1);
    groups.push(merged);
  }
  return groups;
}

function faultOf(members: readonly Goroutine[], edges: Edges, findingOf: ReadonlyMap<Goroutine, Finding>, index: RunIndex): Finding {
  const root = rootOf(members, edges, findingOf, index);
  const { afterFailure, ...finding } = findingOf.get(root)!;
  const others = members.filter((one) => one !== root);
  const same = others.filter((one) => isSamePlace(findingOf.get(one)!, finding));
  const rest = others.filter((one) => !same.includes(one));
  const reached = reach(rest, [root, ...same], edges);
  const verdict = BLOCKED.find((one) => members.some((member) => findingOf.get(member)!.verdict === one))!;
  const isAfter = (one: Goroutine): boolean => findingOf.get(one)!.afterFailure === true;
  const after = afterFailure === true && same.every(isAfter) && rest.every((one) => isAfter(one) || reached.has(one));
  const consequences = joined([...rest].sort((a, b) => Number(reached.has(b)) - Number(reached.has(a))).map((one) => consequence(findingOf.get(one)!, reached.get(one))));
  const circle = circleOf(root, members, edges, finding);
  return {
    ...finding,
    verdict,
    evidence: [...finding.evidence, ...(circle === undefined ? [] : [circle]), ...(verdict === "deadlock" && index.outcome.kind === "horizon" ? [OTHERS_GO_ON] : [])],
    ...(after ? { afterFailure } : {}),
    goroutines: finding.goroutines + same.reduce((sum, one) => sum + one.count, 0),
    ...(consequences.length === 0 ? {} : { consequences }),
  };
}

/** A wait that leads back to who waits: told where the cause does not speak of it already. */
function circleOf(root: Goroutine, members: readonly Goroutine[], edges: Edges, { cause }: Finding): string | undefined {
  if (firstOf(cause) < ROOTS.length) return undefined;
  const back = edges.get(root)!.find(({ goroutine }) => goroutine !== root && members.includes(goroutine) && reach([goroutine], [root], edges).size > 0);
  return back === undefined ? undefined : `it waits in a circle: it ${back.why}, and that goroutine waits, directly or through others, for this one`;
}

/** F1 */
function rootOf(members: readonly Goroutine[], edges: Edges, findingOf: ReadonlyMap<Goroutine, Finding>, index: RunIndex): Goroutine {
  const weight = new Map(members.map((one) => [one, reach(members, [one], edges).size]));
  // Who is waited for by all that it waits for is at the end of every chain: a sink, or a member of a cycle without a way out.
  const ends = members.filter((one) => edges.get(one)!.every(({ goroutine }) => goroutine === one || reach([goroutine], [one], edges).size > 0));
  const rank = (one: Goroutine): readonly number[] => [-weight.get(one)!, firstOf(findingOf.get(one)!.cause), accepts(one) || isIdle(one, index) ? 1 : 0, findingOf.get(one)!.testCode ? 1 : 0];
  return [...(ends.length > 0 ? ends : members)].sort((a, b) => compare(rank(a), rank(b)))[0]!;
}

/** A server that waits for a connection: no other goroutine is blocked by that. */
const accepts = ({ blockedOn }: Goroutine): boolean => blockedOn?.op === "netaccept";

/** It waits for the next value of a channel of which it has taken some: a loop that serves (melody's hub.run). It can only receive. */
function isIdle({ name, blockedOn }: Goroutine, index: RunIndex): boolean {
  if (blockedOn === undefined || !blockedOn.objects.every(({ op }) => op === "recv")) return false;
  return blockedOn.objects.some(({ object }) => index.uses(object).some(({ act, op }) => op === "recv" && act.goroutine === name));
}

/** Causes that speak of a cycle, or of who is to blame, rather than of who waits; then one that says which wake-ups came. */
const ROOTS: readonly (readonly Finding["cause"][])[] = [["recursive-lock", "lock-order"], ["cond-never-signalled"]];

function firstOf(cause: Finding["cause"]): number {
  const at = ROOTS.findIndex((some) => some.includes(cause));
  return at < 0 ? ROOTS.length : at;
}

function compare(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((one, i) => one !== b[i]);
  return at < 0 ? 0 : a[at]! - b[at]!;
}

/** Which of some wait for one of `ends`, over any number of others, each with why it waits for the first on the way. */
function reach(some: readonly Goroutine[], ends: readonly Goroutine[], edges: Edges): ReadonlyMap<Goroutine, string> {
  const found = new Map<Goroutine, string>();
  const visit = (one: Goroutine, seen: ReadonlySet<Goroutine>): string | undefined => {
    for (const { goroutine, why } of edges.get(one) ?? []) {
      if (ends.includes(goroutine)) return why;
      if (!seen.has(goroutine) && visit(goroutine, new Set([...seen, goroutine])) !== undefined) return why;
    }
    return undefined;
  };
  for (const one of some) {
    const why = ends.includes(one) ? undefined : visit(one, new Set([one]));
    if (why !== undefined) found.set(one, why);
  }
  return found;
}

const isSamePlace = (a: Finding, b: Finding): boolean =>
  a.blocked.file === b.blocked.file && a.blocked.line === b.blocked.line && a.blocked.reason === b.blocked.reason && a.createdBy?.line === b.createdBy?.line && a.createdBy?.file === b.createdBy?.file;

const consequence = ({ verdict, blocked, stack, createdBy, goroutines, testCode }: Finding, why: string | undefined): Consequence => ({
  verdict,
  blocked,
  stack,
  goroutines,
  ...optional({ createdBy }),
  ...(testCode ? { testCode } : {}),
  why: why ?? BESIDE,
});

function joined(all: readonly Consequence[]): readonly Consequence[] {
  const groups = new Map<string, Consequence>();
  for (const one of all) {
    const key = [one.blocked.file, one.blocked.line, one.blocked.reason, one.createdBy?.file, one.createdBy?.line].join("|");
    const before = groups.get(key);
    groups.set(key, before === undefined ? one : { ...before, goroutines: before.goroutines + one.goroutines });
  }
  return [...groups.values()];
}
