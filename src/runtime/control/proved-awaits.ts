import { UNKNOWN_FRAME, userFrame } from "../../model/source/blame.js";
import type { Frame, Stack } from "../../model/goroutine/stack.js";
import type { Goroutine, Snapshot } from "../../model/goroutine/snapshot.js";
import type { AwaitRecording, PendingAwait, ProvedAwaits } from "./await-prover.js";
import type { ControlledGoroutine } from "./controlled-goroutine.js";
import type { GuardedTurns } from "./guarded-turns.js";
import { collected, collector, type BlockedReferences } from "./reachability.js";

/**
 * Which awaits of a run that has come to rest can never go on. The run is at its end, and thrown away.
 *
 * N1. What settles a promise holds it: its resolving functions, or the async function that it is the result of. So one that
 *     the collector frees, before it was settled, can never be settled.
 * N2. An await's own promise is held by what it awaits, and by nothing else: it is freed exactly if that is.
 * N3. The run lets go of everything: bodies, errors (which hold functions), the goroutines that are stopped. Those hang on
 *     what they wait for.
 * N4. Whatever may still come from outside holds what it will settle: a timer, a socket, a listener, a handle, a variable of
 *     a module, what a FinalizationRegistry will be told. What a WeakRef of the program's still leads to counts as held.
 * N5. What goes on while the collector is asked was settled from outside (a thread of the engine's, of which nothing tells:
 *     WebAssembly.compile), and is freed then, too: nothing is proved of such a run.
 * N6. What an error's stack holds (functions, what they were called on) can settle nothing: it is let go of.
 */
export async function provedAwaits(recording: AwaitRecording, members: readonly ControlledGoroutine[], release: () => readonly BlockedReferences[], turns: GuardedTurns, weak: WeakTargets): Promise<ProvedAwaits | undefined> {
  const idlers = members.filter((member) => member.idle);
  const idle = idlers.map((member) => ({ name: member.name, ref: member.returned }));
  const pending = recording.pending();
  const of = pending.map((one) => idle.flatMap(({ name, ref }) => (isUp(ref, one) ? [name] : [])));
  const refs = [...pending.map(({ ref }) => ref), ...idle.flatMap(({ ref }) => (ref === undefined ? [] : [ref]))];
  if (refs.length > 0) recording.readStacks(); // N6
  const held = weak.held();
  const freed = await collected(refs, release, collector(), () => turns.plainTurn());
  const wentOn = pending.some((one) => one.isOver()) || idlers.some(({ bodyOver }) => bodyOver);
  recording.stop();
  if (freed === undefined || wentOn) return undefined; // N5
  held.length = 0;
  let next = pending.length;
  const stuck = new Map(idle.map(({ name, ref }) => [name as string, ref !== undefined && freed[next++]!]));
  return { awaits: pending.map(({ stack, awaits }, i) => ({ stack, awaits, unreachable: freed[i]!, of: of[i]! })), stuck };
}

const isUp = (ref: WeakRef<object> | undefined, one: PendingAwait): boolean => {
  const promise = ref?.deref();
  return promise !== undefined && one.leadsTo(promise);
};

/**
 * The goroutines of a snapshot with what their awaits wait for; and the awaits of no goroutine, as goroutines of their own.
 * Where promises do not lead from a goroutine to an await, it is shown at the last that was begun of those that can never go on.
 */
export function withAwaits(snapshot: Snapshot, { awaits, stuck }: ProvedAwaits): Snapshot {
  const lost = awaits.filter((one) => one.of.length === 0 && one.unreachable);
  const own = new Map<string, (typeof awaits)[number]>();
  for (const [name, isStuck] of stuck) {
    const led = awaits.findLast(({ of, unreachable }) => of.includes(name) && unreachable === isStuck);
    // A package that waits for the code that it called, which waits for the package: the code is what is looked for.
    const inner = lost.findLast(({ awaits: about }) => about.calledByPackage !== undefined && (led === undefined || led.awaits.inside === about.inside));
    const one = isStuck ? (inner ?? led ?? lost.findLast(({ stack }) => isOwn(stack[0])) ?? lost.at(-1)) : led;
    if (one !== undefined) own.set(name, one);
  }
  const goroutines = snapshot.goroutines.map((goroutine): Goroutine => {
    const one = own.get(goroutine.name!);
    if (!stuck.has(goroutine.name!)) return goroutine;
    return { ...goroutine, state: "waiting", waitReason: "await", stack: one?.stack ?? goroutine.stack, unreachable: stuck.get(goroutine.name!)!, ...(one === undefined ? {} : { awaits: one.awaits }) };
  });
  const shown = new Set([...own.values()].map(({ stack }) => placeKey(stack)));
  const others = new Map<string, Goroutine>();
  for (const { stack, awaits: about, unreachable } of awaits) {
    const key = placeKey(stack);
    if (shown.has(key)) continue;
    others.set(`${key} ${unreachable}`, { count: (others.get(`${key} ${unreachable}`)?.count ?? 0) + 1, state: "waiting", waitReason: "await", stack, awaits: about, unreachable });
  }
  return { ...snapshot, goroutines: [...goroutines, ...others.values()] };
}

const isOwn = (frame: Frame | undefined): boolean => frame !== undefined && !frame.file.includes("/node_modules/");

function placeKey(stack: Stack): string {
  const { file, line } = userFrame(stack) ?? UNKNOWN_FRAME;
  return `${file}:${line}`;
}

/** What the program's WeakRefs lead to (N4). */
export interface WeakTargets {
  held(): WeakKey[];
  stop(): void;
}

/** Notes every WeakRef that is made from now on; `realm`: the program's own global object. */
export function watchWeakRefs(isOn: () => boolean, realm: { WeakRef: WeakRefConstructor } = globalThis): WeakTargets {
  const real = realm.WeakRef;
  const made: WeakRef<WeakKey>[] = [];
  class Watched<T extends WeakKey> extends real<T> {
    constructor(target: T) {
      super(target);
      if (isOn()) made.push(this);
    }
  }
  Object.defineProperty(Watched, "name", { value: "WeakRef" });
  realm.WeakRef = Watched;
  return {
    held: () => made.flatMap((ref) => ref.deref() ?? []),
    stop: () => void (realm.WeakRef = real),
  };
}
