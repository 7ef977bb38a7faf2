import { join, resolve } from "node:path";
import { parseDuration } from "../base/duration.js";
import { err, ok, type Result } from "../base/result.js";
import { stateFolder } from "../base/user-folders.js";
import { hasSqlite, isPostgres, NO_SQLITE, openStore, type Store } from "../pipeline/services/history.js";
import type { InspectOptions } from "../pipeline/services/inspect.js";
import type { OutletOptions } from "../pipeline/services/outlets.js";
import type { Targets } from "../pipeline/services/targets.js";
import type { Flags } from "./flags/flags.js";
import { OUTLET_FLAGS, outletOptions } from "./flags/outlet-flags.js";
import { SOURCE_FLAGS, sourceOptions } from "./flags/source-flags.js";
import { TARGET_FLAGS, targetOptions } from "./flags/target-flags.js";
import type { Io } from "./io.js";

// What `unpark watch` and `unpark serve` do alike: whom they ask, whom they tell, and where they keep what they see.

/** Flags of both commands. */
export const WATCHING_FLAGS = { ...TARGET_FLAGS, ...OUTLET_FLAGS, ...SOURCE_FLAGS } as const;

/** Who is asked, and who is told. */
export interface WatchedPlaces {
  readonly common: InspectOptions;
  readonly targets: Targets;
  readonly outlets: Omit<OutletOptions, "metrics">;
}

export async function watchingOf(command: "watch" | "serve", sources: readonly string[], flags: Flags<typeof WATCHING_FLAGS>["flags"], io: Io): Promise<Result<WatchedPlaces, string>> {
  if (sources.length === 0 && flags.targets.length === 0) return err(`nothing to watch: give at least one source, or --targets; 'unpark ${command} --help' tells more`);
  const common = await sourceOptions(flags, io);
  if (!common.ok) return common;
  const targets = targetOptions(sources, flags, common.value, io);
  if (!targets.ok) return targets;
  const outlets = outletOptions(flags, io);
  return outlets.ok ? ok({ common: common.value, targets: targets.value, outlets: outlets.value }) : outlets;
}

/** Milliseconds of each flag that holds a time; those without a text are left out. */
export function timesOf<Name extends string>(texts: Readonly<Record<Name, string | undefined>>): Result<{ readonly [name in Name]?: number }, string> {
  const times: Record<string, number> = {};
  for (const [name, text] of Object.entries<string | undefined>(texts)) {
    if (text === undefined) continue;
    const time = parseDuration(text);
    if (!time.ok) return err(`--${name}: ${time.error}`);
    times[name] = Number(time.value / 1_000_000n);
  }
  if ((times["interval"] ?? Infinity) < 10) return err("--interval: at least 10ms");
  return ok(times as { readonly [name in Name]?: number });
}

/** What --store says: a PostgreSQL server's address as it is, a file by its whole name. Undefined: nothing is kept. What is watched outlives a run. */
export function storePlace(named: string | undefined, io: Io): string | undefined {
  if (named === undefined) return join(stateFolder(io.env), "watch.db");
  return named === "none" ? undefined : isPostgres(named) ? named : resolve(io.cwd, named);
}

/** Nobody asked for it to be kept where --store is not given: where it cannot be, the watch is as good for as long as it runs. */
export async function openKept(named: string | undefined, intervalMs: number, io: Io): Promise<Result<Store, string>> {
  const unkept = named === undefined && !hasSqlite();
  if (unkept) io.stderr.write(`unpark: what is seen is not kept: ${NO_SQLITE}\n`);
  const store = await openStore(unkept ? undefined : storePlace(named, io), intervalMs);
  return store.ok ? store : err(`${store.error}; --store names another, --store none keeps nothing`);
}

/** The looks are kept by now: a store that cannot be closed properly is opened again all the same. */
export async function done<T>(work: Promise<T>, store: Store): Promise<T> {
  try {
    return await work;
  } finally {
    await store.close().catch(() => undefined);
  }
}
