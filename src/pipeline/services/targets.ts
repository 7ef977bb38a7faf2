import { err, ok, type Result } from "../../base/result.js";
import type { CollectOptions } from "../../collect/collected.js";
import { parseSource, sourceName } from "../../collect/source.js";
import type { Discovered, Discovery, DiscoveryOptions } from "../../discover/discovered.js";
import { parseDiscovery } from "../../discover/discovery.js";
import { publicName } from "../../model/public-name.js";
import type { Parsed } from "../../parse/result.js";
import { type LabelOptions, readSource } from "./snapshots.js";

/** What a command is to look at: what was named, and the places that know more. */
export interface Targets {
  readonly fixed: readonly Discovered[];
  readonly discoveries: readonly Discovery[];
}

/** @param sources as they stand on a command line; @param lists the values of --targets. */
export function targetsOf(sources: readonly string[], lists: readonly string[], options: DiscoveryOptions): Result<Targets, string> {
  const fixed: Discovered[] = [];
  const discoveries: Discovery[] = [];
  for (const [text, isList] of [...sources.map((one) => [one, false] as const), ...lists.map((one) => [one, true] as const)]) {
    if (!isList && !/^(?:k8s|dns):/i.test(text)) {
      fixed.push({ source: ok(text), name: publicName(text), labels: {} });
      continue;
    }
    const discovery = parseDiscovery(text, options);
    if (!discovery.ok) return discovery;
    discoveries.push(discovery.value);
  }
  return ok({ fixed, discoveries });
}

/** What there is now, each once. The first place that does not answer ends it: what it knows would be left out without a word. */
export async function presentTargets({ fixed, discoveries }: Targets, signal: AbortSignal): Promise<Result<readonly Discovered[], string>> {
  const found: Discovered[] = [...fixed];
  for (const discovery of discoveries) {
    const targets = await discovery.once(signal);
    if (!targets.ok) return targets;
    found.push(...targets.value);
  }
  return ok(distinct(found));
}

/** Each place once; two that differ only in what is secret about them have numbers. */
export function distinct(targets: readonly Discovered[]): readonly Discovered[] {
  const named = new Map<string, Discovered[]>();
  for (const target of targets) {
    const alike = named.get(target.name) ?? [];
    if (alike.some(({ source }) => source.ok && target.source.ok && source.value === target.source.value)) continue;
    named.set(target.name, [...alike, target]);
  }
  return [...named.values()].flatMap((alike) => alike.map((target, i) => (i === 0 ? target : { ...target, name: `${target.name} (${i + 1})` })));
}

/** Asks one: with what the user gave for all, or with what goes to this one alone. The error begins with the target's name. */
export async function readTarget({ source, name, access }: Discovered, options: CollectOptions & LabelOptions): Promise<Result<Parsed, string>> {
  if (!source.ok) return err(`${name}: ${source.error}`);
  const { user: _, tls: _tls, ...others } = options;
  const read = await readSource(source.value, access === undefined ? options : { ...others, ...access });
  const parsed = parseSource(source.value);
  const prefix = parsed.ok ? `${sourceName(parsed.value)}: ` : "";
  return read.ok || access === undefined || prefix === "" || !read.error.startsWith(prefix) ? read : err(`${name}: ${read.error.slice(prefix.length)}`);
}
