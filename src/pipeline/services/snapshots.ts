import { err, ok, type Result } from "../../base/result.js";
import { CollectError, type CollectedBytes, type CollectOptions } from "../../collect/collected.js";
import { collect } from "../../collect/collect.js";
import { parseSource, sourceName } from "../../collect/source.js";
import type { Snapshot } from "../../model/snapshot.js";
import type { Parsed, ParseFailure } from "../../parse/result.js";
import { parseApart } from "./parse-apart.js";

/** Fetches and reads one source. The error is one sentence that begins with the source. */
export async function readSource(text: string, options: CollectOptions): Promise<Result<Parsed, string>> {
  const source = parseSource(text);
  if (!source.ok) return source;
  const collected = collect(source.value, options);
  const parsed = await readCollected(collected, options);
  // Go cuts dump text at 64 MiB: where we asked for it ourselves, ask for the profile instead.
  const asked = (source.value.kind === "url" || source.value.kind === "unix") && !source.value.exact && options.debug === undefined;
  if (!asked || !parsed.ok || !wasCut(parsed.value.snapshots)) return parsed;
  const profile = await readCollected(collect(source.value, { ...options, debug: 0 }), options);
  if (!profile.ok) return parsed;
  const note = `${sourceName(source.value)} has more goroutines than the 64 MiB of debug=2 can hold: read from the profile, without ids and waiting times`;
  return ok({ ...profile.value, snapshots: profile.value.snapshots.map((s) => ({ ...s, losses: [note, ...s.losses] })) });
}

const wasCut = (snapshots: readonly Snapshot[]): boolean => snapshots.some((s) => s.losses.some((l) => l.startsWith("Go cuts")));

export async function readCollected(collected: CollectedBytes, options: CollectOptions): Promise<Result<Parsed, string>> {
  const { source, at, how, version } = collected;
  try {
    const origin = { source, at, ...(how === undefined ? {} : { how }), ...(version === undefined ? {} : { version }) };
    const parsed = await parseApart(collected.chunks, origin, options);
    return parsed.ok ? parsed : err(`${source}: ${failureWords(parsed.error)}`);
  } catch (error) {
    if (error instanceof CollectError) return err(error.message === "interrupted" ? `${source}: interrupted` : error.message);
    throw error;
  }
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
