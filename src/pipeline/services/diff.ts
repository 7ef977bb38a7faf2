import { err, ok, type Result } from "../../base/result.js";
import { difference } from "../../diagnose/snapshot/difference.js";
import { isObserver } from "../../diagnose/snapshot/observer.js";
import type { Difference } from "../../model/results/difference.js";
import { publicName } from "../../model/public-name.js";
import type { InspectOptions } from "./inspect.js";
import { noSnapshot, readSource } from "./snapshots.js";

/** `unpark diff A B`: the last snapshot of A against the last of B. A single file with several dumps: its first and last. */
export async function diff(sources: readonly string[], options: InspectOptions & { readonly observers?: boolean }): Promise<Result<Difference, string>> {
  const snapshots = [];
  for (const source of sources) {
    const parsed = await readSource(source, options);
    if (!parsed.ok) return parsed;
    for (const snapshot of parsed.value.snapshots) {
      const refused = noSnapshot(source, snapshot);
      if (refused !== undefined) return err(refused);
    }
    snapshots.push(parsed.value.snapshots);
  }
  const [a, b = a!] = snapshots;
  if (sources.length === 1 && a!.length < 2) return err(`${publicName(sources[0]!)}: holds one snapshot only; give a second source to compare it with`);
  const first = sources.length === 1 ? 1 : a!.length;
  const compared = difference(a![first - 1]!, b[b.length - 1]!, options.byLabel);
  const result = { ...compared, before: { ...compared.before, ...dumpOf(first, a!.length) }, after: { ...compared.after, ...dumpOf(b.length, b.length) } };
  if (options.observers) return ok(result);
  return ok({ ...result, changes: result.changes.filter(({ group }) => !isObserver(group)) });
}

const dumpOf = (number: number, of: number): Pick<Difference["before"], "dump"> => (of === 1 ? {} : { dump: { number, of } });
