import { optional } from "../../base/optional.js";
import { err, ok, type Result } from "../../base/result.js";
import { CollectError, type CollectedBytes, type CollectOptions } from "../../collect/collected.js";
import { collect } from "../../collect/collect.js";
import { parseSource, sourceName } from "../../collect/source.js";
import { publicName } from "../../model/public-name.js";
import type { Snapshot } from "../../model/goroutine/snapshot.js";
import type { Parsed, ParseFailure } from "../../parse/result.js";
import { parseApart } from "./parse-apart.js";

export interface LabelOptions {
  readonly where?: NonNullable<CollectOptions["where"]>;
  readonly byLabel?: string;
}

/** Fetches and reads one source. The error is one sentence that begins with the source. */
export async function readSource(text: string, options: CollectOptions & LabelOptions): Promise<Result<Parsed, string>> {
  const source = parseSource(text);
  if (!source.ok) return source;
  const collected = collect(source.value, options);
  const parsed = await readCollected(collected, options);
  // Go cuts dump text at 64 MiB: where we asked for it ourselves, ask for the profile instead.
  const asked = (source.value.kind === "url" || source.value.kind === "unix") && !source.value.exact && options.debug === undefined;
  if (!asked || !parsed.ok) return parsed;
  const why = wasCut(parsed.value.snapshots) ? "has more goroutines than the 64 MiB of debug=2 can hold" : lacksLabels(parsed.value.snapshots, options) ? "writes no labels with debug=2 (Go 1.27 does)" : undefined;
  if (why === undefined) return parsed;
  const profile = await readCollected(collect(source.value, { ...options, debug: 0 }), options);
  if (!profile.ok) return parsed;
  const note = `${sourceName(source.value)} ${why}: read from the profile, without ids and waiting times`;
  return ok({ ...profile.value, snapshots: profile.value.snapshots.map((s) => ({ ...s, losses: [note, ...s.losses] })) });
}

/** Labels are asked for, and nobody has one: up to Go 1.26 only the other forms hold them. With --where, nobody is left then. */
const lacksLabels = (snapshots: readonly Snapshot[], { where = [], byLabel }: LabelOptions): boolean =>
  (where.length > 0 && snapshots.every(({ goroutines }) => goroutines.length === 0)) || (byLabel !== undefined && snapshots.every(({ goroutines }) => goroutines.every(({ labels }) => labels === undefined)));

const wasCut = (snapshots: readonly Snapshot[]): boolean => snapshots.some((s) => s.losses.some((l) => l.startsWith("Go cuts")));

export async function readCollected(collected: CollectedBytes, options: CollectOptions): Promise<Result<Parsed, string>> {
  const { source, at, how, version } = collected;
  try {
    const origin = { source, ...optional({ at, how, version }) };
    const parsed = await parseApart(collected.chunks, origin, options);
    if (!parsed.ok) return err(`${source}: ${failureWords(parsed.error)}`);
    return ok({ ...parsed.value, snapshots: parsed.value.snapshots.map((snapshot) => labelled(snapshot, options.where ?? [])) });
  } catch (error) {
    if (error instanceof CollectError) return err(error.message === "interrupted" ? `${source}: interrupted` : error.message);
    throw error;
  }
}

/** What has the labels; that the others are not looked at is said, and makes it an excerpt. */
export function labelled(snapshot: Snapshot, where: readonly (readonly [key: string, value: string])[]): Snapshot {
  if (where.length === 0) return snapshot;
  const goroutines = snapshot.goroutines.filter(({ labels }) => where.every(([key, value]) => labels !== undefined && Object.hasOwn(labels, key) && labels[key] === value));
  const count = (list: Snapshot["goroutines"]): number => list.reduce((n, one) => n + one.count, 0);
  const note = `${count(goroutines)} of ${count(snapshot.goroutines)} goroutines are labelled ${where.map(([key, value]) => `${key}=${value}`).join(", ")}: the others are missing here (--where)`;
  return { ...snapshot, goroutines, losses: [note, ...snapshot.losses] };
}

function failureWords(failure: ParseFailure): string {
  switch (failure.kind) {
    case "not-mine":
      return `no goroutines in it: ${failure.what}`;
    case "broken":
      return `broken at ${failure.at}: ${failure.because}`;
    case "too-large":
      return `given up: ${failure.because}`;
  }
}

/** Why it cannot be counted or compared: it is a difference, where a goroutine that stayed does not appear. */
export function noSnapshot(source: string, snapshot: Snapshot): string | undefined {
  if (!snapshot.delta) return undefined;
  return `${publicName(source)}: not a snapshot, but what changed within ${snapshot.delta.seconds} s (?seconds=): goroutines that stayed are not in it; ask without 'seconds'`;
}

export function refuseDelta(source: string, read: Result<Parsed, string>): Result<Parsed, string> {
  const refused = read.ok ? read.value.snapshots.map((snapshot) => noSnapshot(source, snapshot)).find((text) => text !== undefined) : undefined;
  return refused === undefined ? read : err(refused);
}
