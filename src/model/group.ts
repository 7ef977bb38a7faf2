import { shortHash } from "../base/short-hash.js";
import type { Creator, Goroutine, Snapshot } from "./snapshot.js";
import type { Frame, Stack } from "./stack.js";
import { waitKind, type WaitKind } from "./wait.js";

/**
 * Goroutines that wait in the same way at the same place: they differ only in values. Invariants (group.test.ts):
 * G1. Each goroutine of the snapshot is in exactly one group; the counts add up.
 * G2. The three forms that Go writes of one process (debug=0, 1, 2) give the same stacks with the same counts.
 */
export interface Group {
  /** Survives rebuilds that only move lines: the kind of waiting and the functions. */
  readonly fingerprint: string;
  /** With files and lines. */
  readonly exact: string;
  readonly count: number;
  readonly kind: WaitKind;
  /** The runtime's words, of most of them. */
  readonly waitReason: string;
  /** What a person should see of the stack: see `visibleStack`. */
  readonly stack: Stack;
  readonly goroutines: readonly Goroutine[];
}

/** Largest groups first; equal ones by their stack's hash, so that the order does not depend on the source's. */
export function groupGoroutines(snapshot: Snapshot): readonly Group[] {
  // Goroutines of one snapshot mostly share their stack arrays, and stacks their frames: look at each once.
  const frames = new Map<Frame, SeenFrame>();
  const byArray = new Map<Stack, SeenStack>();
  const groups = new Map<string, { seen: SeenStack; kind: WaitKind; members: Goroutine[] }>();
  for (const goroutine of snapshot.goroutines) {
    let seen = byArray.get(goroutine.stack);
    if (!seen) byArray.set(goroutine.stack, (seen = describe(goroutine.stack, frames)));
    const kind = waitKind(goroutine);
    const key = kind + seen.exact;
    const group = groups.get(key);
    if (group) group.members.push(goroutine);
    else groups.set(key, { seen, kind, members: [goroutine] });
  }
  return [...groups.values()].map(({ seen, kind, members }) => makeGroup(seen, kind, members)).sort(bySize);
}

interface SeenFrame {
  readonly visible: Frame | undefined;
  /** Hashes of the function, and of the function with file and line. */
  readonly name: string;
  readonly place: string;
}

interface SeenStack {
  readonly stack: Stack;
  readonly exact: string;
  readonly functions: string;
}

function makeGroup(seen: SeenStack, kind: WaitKind, members: Goroutine[]): Group {
  return {
    fingerprint: shortHash(`${kind} ${seen.functions}`),
    exact: shortHash(`${kind} ${seen.exact}`),
    count: members.reduce((n, g) => n + g.count, 0),
    kind,
    waitReason: mostCommon(members),
    stack: seen.stack,
    goroutines: members,
  };
}

const bySize = (a: Group, b: Group): number => b.count - a.count || (a.exact < b.exact ? -1 : a.exact > b.exact ? 1 : 0);

function mostCommon(members: readonly Goroutine[]): string {
  if (members.every((g) => g.waitReason === members[0]!.waitReason)) return members[0]!.waitReason;
  const counts = new Map<string, number>();
  for (const g of members) counts.set(g.waitReason, (counts.get(g.waitReason) ?? 0) + g.count);
  return [...counts].sort((a, b) => b[1] - a[1])[0]![0];
}

function describe(stack: Stack, frames: Map<Frame, SeenFrame>): SeenStack {
  const visible: Frame[] = [];
  const names: string[] = [];
  const places: string[] = [];
  for (const frame of stack) {
    let seen = frames.get(frame);
    if (!seen) frames.set(frame, (seen = seeFrame(frame)));
    if (!seen.visible || seen.place === places[places.length - 1]) continue;
    visible.push(seen.visible);
    names.push(seen.name);
    places.push(seen.place);
  }
  if (visible.length > 0) return { stack: visible, exact: places.join(""), functions: names.join("") };
  const first = stack.slice(0, 1);
  return { stack: first, exact: first.map((f) => `${f.function}@${f.file}:${f.line}`).join(), functions: first.map((f) => f.function).join() };
}

function seeFrame(frame: Frame): SeenFrame {
  const visible = visibleFrame(frame);
  if (!visible) return { visible, name: "", place: "" };
  return { visible, name: shortHash(visible.function), place: shortHash(`${visible.function}@${visible.file}:${visible.line}`) };
}

/**
 * Leaves out what only some forms show: the runtime's unexported functions (dumps hide them: showframe in
 * runtime/traceback.go) and the wrapper of a `go f(x)`, the type arguments of generics (profiles name shapes, dumps print `[...]`), and the depth of
 * a recursion (dumps print 100 frames; equal neighbours become one).
 */
export function visibleStack(stack: Stack): Stack {
  return describe(stack, new Map()).stack;
}

function visibleFrame(frame: Frame): Frame | undefined {
  if (HIDDEN.test(frame.function)) return undefined;
  const { file, line, source } = frame;
  return { function: plainFunction(frame.function), file, line, ...(source === undefined ? {} : { source }) };
}

const HIDDEN = /^(?:runtime\.(?!gopanic$)[a-z_]|internal\/runtime\/)|\.gowrap\d+$/;

/** `main.f[go.shape.int]` → `main.f[...]`; the panic that a dump shows as `panic` is gopanic in a profile. */
export function plainFunction(name: string): string {
  if (name === "runtime.gopanic") return "panic";
  const open = name.indexOf("[");
  if (open < 0) return name;
  const close = name.lastIndexOf("]");
  return close < open ? name : `${name.slice(0, open)}[...]${name.slice(close + 1)}`;
}

/** The `go` statements that started a group's goroutines, the commonest first. */
export function creatorsOf(group: Group): readonly { readonly creator: Creator; readonly count: number }[] {
  const found = new Map<string, { creator: Creator; count: number }>();
  for (const { createdBy, count } of group.goroutines) {
    if (!createdBy) continue;
    const key = `${createdBy.function}@${createdBy.file}:${createdBy.line}`;
    const entry = found.get(key);
    if (entry) entry.count += count;
    else found.set(key, { creator: createdBy, count });
  }
  return [...found.values()].sort((a, b) => b.count - a.count);
}

/** Shortest and longest wait in whole minutes; undefined where the source does not say (profiles, younger than 1 min). */
export function waitsOf(group: Group): { readonly min: number; readonly max: number } | undefined {
  let min = Infinity;
  let max = 0;
  for (const { waitMinutes } of group.goroutines) {
    min = Math.min(min, waitMinutes ?? 0);
    max = Math.max(max, waitMinutes ?? 0);
  }
  return max > 0 ? { min, max } : undefined;
}
