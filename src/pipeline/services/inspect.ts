import { err, ok, type Result } from "../../base/result.js";
import { collectChild } from "../../collect/collect.js";
import type { CollectOptions } from "../../collect/collected.js";
import { SourceLines } from "../../collect/sources.js";
import { labelShares, withLabelFact } from "../../diagnose/snapshot/label-shares.js";
import { diagnoseSnapshot } from "../../diagnose/snapshot/suspects.js";
import { groupGoroutines } from "../../model/goroutine/goroutine-group.js";
import type { Inspection } from "../../model/results/inspection.js";
import { ownerOf } from "../../model/source/blame.js";
import type { Snapshot } from "../../model/goroutine/snapshot.js";
import type { Frame } from "../../model/goroutine/stack.js";
import type { Parsed } from "../../parse/result.js";
import { readCollected, readSource } from "./snapshots.js";

export interface InspectOptions extends CollectOptions {
  readonly module?: string;
  readonly many?: number;
  readonly longMinutes?: number;
  /** A pprof label's key: groups are split by its values. */
  readonly byLabel?: string;
}

/** `unpark inspect SOURCE…`: reads each source, then looks at every snapshot in it. The first error ends it. */
export async function inspect(sources: readonly string[], options: InspectOptions): Promise<Result<readonly Inspection[], string>> {
  const found = sources.some((source) => /^(?:k8s|dns):/i.test(source)) ? await discovered(sources, options) : undefined;
  if (found && !found.ok) return found;
  const inspections: Inspection[] = [];
  for (const read of found?.value ?? sources.map((source) => () => readSource(source, options))) {
    const parsed = await read();
    if (!parsed.ok) return parsed;
    inspections.push(...lookAtAll(parsed.value, options));
  }
  return ok(inspections);
}

/** What most do not ask for is loaded when it is. */
async function discovered(sources: readonly string[], options: InspectOptions): Promise<Result<readonly (() => Promise<Result<Parsed, string>>)[], string>> {
  const { presentTargets, readTarget, targetsOf } = await import("./targets.js");
  const targets = targetsOf(sources, [], options);
  if (!targets.ok) return targets;
  const present = await presentTargets(targets.value, options.signal);
  if (!present.ok) return present;
  if (present.value.length === 0) return err(`${targets.value.discoveries.map(({ name }) => name).join(", ")}: nothing runs there`);
  return ok(present.value.map((target) => () => readTarget(target, options)));
}

/** `unpark inspect -- program args`: runs it for a while, then asks it by SIGQUIT. */
export async function inspectChild(argv: readonly string[], afterMs: number, options: InspectOptions, platform: NodeJS.Platform = process.platform): Promise<Result<readonly Inspection[], string>> {
  // There Node ends a process by any signal, without a last word of it.
  if (platform === "win32") return err("-- PROGRAM asks by SIGQUIT, which Windows does not have: let the program serve net/http/pprof, and inspect its address");
  const parsed = await readCollected(collectChild(argv, afterMs, options), options);
  return parsed.ok ? ok(lookAtAll(parsed.value, options)) : parsed;
}

export function lookAtAll(parsed: Parsed, options: InspectOptions): readonly Inspection[] {
  const lines = new SourceLines(options.cwd);
  return parsed.snapshots.map((snapshot, index) => ({
    ...lookAt(snapshot, lines, options),
    outside: index === 0 ? parsed.outside : { lines: 0, sample: [] },
    races: index === 0 ? (parsed.races ?? []) : [],
  }));
}

export function lookAt(snapshot: Snapshot, lines: SourceLines, options: Pick<InspectOptions, "module" | "many" | "longMinutes" | "byLabel">): Inspection {
  const { byLabel } = options;
  const annotate = withSource(lines, options.module);
  const whole = groupGoroutines(snapshot, annotate);
  // What is split by label is few for each value: suspects are looked for before.
  const found = diagnoseSnapshot(snapshot, { ...options, groups: whole });
  const groups = byLabel === undefined ? whole : groupGoroutines(snapshot, annotate, byLabel);
  const suspects = byLabel === undefined ? found : found.map((suspect) => withLabelFact(byLabel, suspect));
  return {
    snapshot,
    total: snapshot.goroutines.reduce((n, { count }) => n + count, 0),
    groups,
    suspects,
    outside: { lines: 0, sample: [] },
    races: [],
    ...(byLabel === undefined ? {} : { byLabel: labelShares(byLabel, groups, suspects) }),
  };
}

/** Puts the source's text on frames of the user's: the lines that a person looks for, and that rules may read. */
function withSource(lines: SourceLines, module: string | undefined): (frame: Frame) => Frame {
  return (frame) => {
    if (ownerOf(frame, module) !== "user") return frame;
    const source = lines.line(frame.file, frame.line);
    return source === undefined || source === "" ? frame : { ...frame, source };
  };
}
