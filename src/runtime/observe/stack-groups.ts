import type { Goroutine, Snapshot } from "../../model/goroutine/snapshot.js";

/** Goroutines with the same stack and labels, most numerous first, as runtime/pprof groups them. */
interface StackGroup {
  readonly goroutines: readonly Goroutine[];
  /** A made-up address for each frame: the same place has the same in one profile. */
  readonly addresses: readonly number[];
}

const FIRST_ADDRESS = 0x10_0000;

export function describeGroups(snapshot: Snapshot): readonly StackGroup[] {
  const addresses = new Map<string, number>();
  const groups = new Map<string, { readonly goroutines: Goroutine[]; readonly addresses: readonly number[] }>();
  for (const goroutine of snapshot.goroutines) {
    const of = goroutine.stack.map(({ function: name, file, line }) => {
      const place = `${name} ${file}:${line}`;
      const known = addresses.get(place) ?? FIRST_ADDRESS + 16 * addresses.size;
      addresses.set(place, known);
      return known;
    });
    const key = `${of.join(" ")} ${JSON.stringify(goroutine.labels ?? {})}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { goroutines: [goroutine], addresses: of });
    else group.goroutines.push(goroutine);
  }
  return [...groups.values()].sort((a, b) => b.goroutines.length - a.goroutines.length);
}
