/**
 * Which blocked goroutines nothing can reach: Go's leak collection (proposal 74609; runtime/mgcroot.go in Go 1.26), by
 * the engine's own garbage collector. Everything that a blocked goroutine holds (its stack) is hung, in a WeakMap, on
 * what it waits for: an ephemeron, so a goroutine is kept exactly if what it waits for is reachable from somebody who
 * can still run, directly or through another goroutine that is kept. What is collected can never be woken.
 */
export interface BlockedReferences {
  /** The channels, the mutex … that it waits for; none for a nil channel. */
  readonly waitsFor: readonly object[];
  /** Everything that keeps its stack alive; nothing else may hold it. */
  readonly holds: object;
}

interface CollectorSource {
  getBuiltinModule?(name: string): unknown;
}

/** The collector, where the platform lends it (Node, from a fresh context); undefined in browsers and Bun. */
export function collector(): (() => void) | undefined {
  const { gc, process } = globalThis as { gc?: () => void; process?: CollectorSource };
  if (gc !== undefined) return gc;
  const v8 = process?.getBuiltinModule?.("node:v8") as { setFlagsFromString(flags: string): void } | undefined;
  const vm = process?.getBuiltinModule?.("node:vm") as { runInNewContext(code: string): unknown } | undefined;
  if (v8 === undefined || vm === undefined) return undefined;
  try {
    v8.setFlagsFromString("--expose-gc");
    const gcOfContext = vm.runInNewContext("gc") as () => void;
    v8.setFlagsFromString("--no-expose-gc"); // or every context that the program makes from now on has a global gc
    return gcOfContext;
  } catch {
    return undefined; // Bun has both modules, and no such flag
  }
}

/** For each, in order: is it unreachable? Undefined where there is no collector. `turn` waits for a macrotask. */
export async function unreachableGoroutines(
  take: () => readonly BlockedReferences[],
  collect: (() => void) | undefined,
  turn: () => Promise<void>,
): Promise<readonly boolean[] | undefined> {
  if (collect === undefined) return undefined;
  const world = hang(take());
  for (let round = 0; round < ROUNDS && world.some(isAlive); round++) {
    await turn(); // a WeakRef keeps its target until the job that made it, or looked at it, is over
    collect();
  }
  return world.map((refs) => !isAlive(refs));
}

/**
 * Which of `refs` the collector frees, once what `take` gives is held only by what it waits for: what nothing can reach any more can never settle. Undefined where
 * there is no collector.
 */
export async function collected(
  refs: readonly WeakRef<object>[],
  take: () => readonly BlockedReferences[],
  collect: (() => void) | undefined,
  turn: () => Promise<void>,
): Promise<readonly boolean[] | undefined> {
  if (collect === undefined) return undefined;
  hang(take());
  for (let round = 0; round < ROUNDS; round++) {
    await turn();
    collect();
  }
  return refs.map((ref) => ref.deref() === undefined);
}

/** As `collected`, at once, where no turn may be waited for: what this turn's job has made or looked at counts as held. */
export function collectedNow(refs: readonly WeakRef<object>[], collect: () => void): readonly boolean[] {
  for (let round = 0; round < ROUNDS; round++) collect();
  return refs.map((ref) => ref.deref() === undefined);
}

/**
 * A collection that finds an incremental marking under way ends that one, and keeps what was marked, or made, since it
 * began; the next one begins anew.
 */
const ROUNDS = 3;

const isAlive = (refs: readonly WeakRef<object>[]): boolean => refs.some((ref) => ref.deref() !== undefined);

const kept = new WeakMap<object, object[]>();

function hang(blocked: readonly BlockedReferences[]): readonly (readonly WeakRef<object>[])[] {
  return blocked.map(({ waitsFor, holds }) => {
    for (const object of waitsFor) {
      const all = kept.get(object);
      if (all === undefined) kept.set(object, [holds]);
      else all.push(holds);
    }
    return waitsFor.map((object) => new WeakRef(object));
  });
}
