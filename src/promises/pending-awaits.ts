import type { AwaitedPromise } from "../model/goroutine/snapshot.js";
import type { Frame, Stack } from "../model/goroutine/stack.js";
import type { AwaitRecording, PendingAwait } from "../runtime/control/await-prover.js";
import type { RawFrame } from "../runtime/observe/engine-frames.js";
import { frameOf } from "../runtime/observe/stack-trace.js";
import { PromiseGraph } from "./promise-graph.js";
import { depthOf, isPrograms, sameFunction, type PromiseRecord } from "./promise-record.js";

/** The awaits of a program: AwaitProver of runtime/control. */
export function recordAwaits(isOn: () => boolean): AwaitRecording | undefined {
  const graph = PromiseGraph.begin(isOn);
  if (graph === undefined) return undefined;
  return { stop: () => graph.stop(), pending: () => pendingAwaits(graph), count: () => graph.count, forget: () => graph.forget(), readStacks: () => graph.readStacks(), madeAt: (promise) => graph.record(promise)?.frames.filter(isPrograms).map(frameOf) ?? [] };
}

/**
 * The innermost awaits that have not gone on.
 *
 * I1. An await is innermost unless what it waits for waits, by whatever promises in between, for another one; or another's
 *     stack leads through its line.
 * I2. Only the program's own, and such as somebody's await stands in the way of: that a callback of `then` never runs, or
 *     that a promise loses a race, stops nobody.
 */
function pendingAwaits(graph: PromiseGraph): readonly PendingAwait[] {
  const waiters = new Map<PromiseRecord, PromiseRecord[]>();
  const all = graph.pending();
  for (const one of all) waiters.set(one.parent!, [...(waiters.get(one.parent!) ?? []), one]);
  const up = new Map(all.map((one) => [one, upwards(one, waiters)]));
  const stopping = all.filter((one) => isProgramsOwn(one) && [...up.get(one)!].some(({ kind }) => kind === "await"));
  const within = new Set(stopping.flatMap((one) => [...up.get(one)!].filter((other) => other !== one)));
  const innermost = stopping.filter((one) => !within.has(one));
  const through = placesLedThrough(innermost);
  const leaves = innermost.filter((one) => [...(through.get(placeKey(ownPlace(one))) ?? [])].every((other) => other === placeKey(ownPlace(one))));
  return leaves.map((one) => ({
    ref: one.ref,
    number: one.number,
    stack: stackOf(one, up.get(one)!),
    awaits: awaitedBy(one, up.get(one)!, graph),
    isOver: () => one.over,
    leadsTo: (promise) => up.get(one)!.has(graph.record(promise)!),
  }));
}

/** It, and everything that waits for it: awaits, and the promises that they settle. In order of distance. */
function upwards(from: PromiseRecord, waiters: ReadonlyMap<PromiseRecord, readonly PromiseRecord[]>): ReadonlySet<PromiseRecord> {
  const found = new Set([from]);
  for (const one of found) {
    const settles = one.kind === "then" ? one : one.result;
    for (const next of [...(settles === undefined ? [] : [settles]), ...(waiters.get(one) ?? [])]) found.add(next);
  }
  return found;
}

/** Node's own awaits (a generator of its streams, say) are no line of the program's: who awaits them is told. */
const isProgramsOwn = ({ frames }: PromiseRecord): boolean => frames.some(isPrograms) && frames.find(({ file }) => file !== "")?.file.startsWith("node:") === false;

const isPackages = ({ file }: RawFrame): boolean => file.includes("/node_modules/");
const isUsers = (frame: RawFrame): boolean => isPrograms(frame) && !isPackages(frame);

/** Where the person finds it: in their own code, if it stands anywhere on its stack. */
const ownPlace = ({ frames }: PromiseRecord): RawFrame | undefined => frames.find(isUsers) ?? frames.find(isPrograms);

/** By the source's own lines: what a transform made may stand on one line (tsx). */
function placeKey(raw: RawFrame | undefined): string {
  if (raw === undefined) return "";
  const { file, line } = frameOf(raw);
  return `${file}:${line}`;
}

/** For each line that a stack leads through: where these stacks begin. */
function placesLedThrough(all: readonly PromiseRecord[]): ReadonlyMap<string, ReadonlySet<string>> {
  const through = new Map<string, Set<string>>();
  for (const one of all) {
    const own = placeKey(ownPlace(one));
    for (const frame of one.frames.filter(isUsers).slice(1)) {
      const key = placeKey(frame);
      through.set(key, (through.get(key) ?? new Set()).add(own));
    }
  }
  return through;
}

/** Its own frames down to the user's; then the awaits that wait for it; or, where promises do not lead further, what the engine found. */
function stackOf(one: PromiseRecord, up: ReadonlySet<PromiseRecord>): Stack {
  const here = one.frames.filter(isPrograms);
  const user = here.findIndex(isUsers);
  return unique([...here.slice(0, user + 1 || here.length).map(frameOf), ...outwards(one, up)]);
}

function outwards(one: PromiseRecord, up: ReadonlySet<PromiseRecord>): readonly Frame[] {
  const chain = [...up].filter((other) => other !== one && other.kind === "await");
  const last = chain.at(-1) ?? one;
  const engines = last.frames.filter((frame) => frame.awaits && isPrograms(frame));
  return unique([...chain.flatMap(({ frames }) => frames.filter(isPrograms).slice(0, 1)), ...engines].map(frameOf));
}

function unique(frames: readonly Frame[]): Stack {
  return frames.filter((frame, i) => frames.findIndex(({ file, line, function: name }) => file === frame.file && line === frame.line && name === frame.function) === i);
}

function awaitedBy(one: PromiseRecord, up: ReadonlySet<PromiseRecord>, graph: PromiseGraph): AwaitedPromise {
  const source = sourceOf(one.parent!);
  const made = source.frames.filter(isPrograms);
  const entered = made.findIndex(isUsers);
  const packages = (entered < 0 ? made : made.slice(0, entered)).filter(isPackages); // who called the user's code made nothing (a runner)
  const inside = packages[0] && packageName(packages[0].file);
  const user = one.frames.findIndex(isUsers);
  const beyond = user < 0 ? undefined : one.frames.slice(user + 1, depthOf(one.frames)).find(isPackages);
  const caller = beyond !== undefined && packageName(beyond.file) === inside ? beyond : undefined;
  return {
    madeAt: made.slice(0, entered + 1 || made.length).map(frameOf),
    ...(inside === undefined ? {} : { inside }),
    awaitedBy: outwards(one, up).filter(({ file }) => !file.includes("/node_modules/")),
    ...(caller === undefined ? {} : { calledByPackage: frameOf(caller) }),
    takers: takers(source, graph),
  };
}

/** What is waited for in the end: `then` and Promise.all hand on what others settle. */
function sourceOf(promise: PromiseRecord): PromiseRecord {
  let one = promise;
  while ((one.kind === "then" || one.kind === "adopted") && one.parent !== undefined) one = one.parent;
  return one;
}

/**
 * Who was answered by the same function of the same package before, and has ended: the promise that the function gave is
 * settled, and the async function of the user's that called it has returned.
 */
function takers(source: PromiseRecord, graph: PromiseGraph): readonly Frame[] {
  const entry = entryOf(source);
  if (entry === undefined) return [];
  const before = graph.records.filter((one) => one.number < source.number && one.over && one.parent === undefined && sameFunction(entryOf(one), entry));
  const users = before.flatMap((one) => {
    const frame = one.frames.find(isUsers);
    const caller = graph.records.findLast((other) => other.number < one.number && other.kind === "async" && sameFunction(other.frames[0], frame));
    return frame !== undefined && caller?.over === true ? [frame] : [];
  });
  return unique(users.map(frameOf));
}

/** The function of a package that the user's code called. */
function entryOf({ frames }: PromiseRecord): RawFrame | undefined {
  const user = frames.findIndex(isUsers);
  const entry = frames[user - 1];
  return entry !== undefined && isPackages(entry) ? entry : undefined;
}

/** `/x/node_modules/@a/b/lib/c.js`: `@a/b`. */
function packageName(file: string): string {
  const [first = "", second = ""] = file.slice(file.lastIndexOf("/node_modules/") + "/node_modules/".length).split("/");
  return first.startsWith("@") ? `${first}/${second}` : first;
}
