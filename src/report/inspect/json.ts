import { optional } from "../../base/optional.js";
import { type GoroutineGroup, groupGoroutines } from "../../model/goroutine/goroutine-group.js";
import { creatorsOf } from "../../model/goroutine/group-creators.js";
import type { Inspection } from "../../model/results/inspection.js";
import type { Suspect } from "../../model/finding/suspect.js";

/** The JSON form of `unpark inspect`: one object per snapshot. Grows by new fields only, within one `version`. */
export function inspectionJson(inspections: readonly Inspection[]): unknown {
  return { version: 1, kind: "inspect", snapshots: inspections.map(snapshotJson) };
}

function snapshotJson({ snapshot, total, groups, suspects, outside, races, byLabel }: Inspection): unknown {
  const { at, ...provenance } = snapshot.provenance;
  return {
    provenance: { ...provenance, ...(at === undefined ? {} : { at: new Date(Number(at / 1_000_000n)).toISOString() }) },
    goroutines: total,
    ...optional({ message: snapshot.message, ending: snapshot.ending }),
    ...(snapshot.delta === undefined ? {} : { delta: { seconds: snapshot.delta.seconds, gone: groupGoroutines({ ...snapshot, goroutines: snapshot.delta.gone }).map(groupJson) } }),
    losses: snapshot.losses,
    outside,
    races,
    suspects: suspects.map(suspectJson),
    groups: groups.map(groupJson),
    ...(byLabel === undefined ? {} : { byLabel: { key: byLabel.key, values: byLabel.shares.map(({ largest, ...share }) => ({ ...share, largestGroup: largest.exact })) } }),
  };
}

const suspectJson = ({ rule, cause, confidence, group, blamed, evidence, what, consequence }: Suspect): unknown => ({
  rule, cause, confidence, count: group.count, group: group.exact, blamed, evidence,
  ...optional({ what }), ...(consequence ? { consequence } : {}),
});

export function groupJson(group: GoroutineGroup): Readonly<Record<string, unknown>> {
  const ids = group.goroutines.flatMap(({ id }) => (id === undefined ? [] : [id]));
  const waits = group.waits;
  const labels = group.goroutines.find((g) => g.labels)?.labels;
  const ancestors = group.goroutines.find((g) => g.ancestors)?.ancestors;
  const elided = Math.max(0, ...group.goroutines.slice(0, 1000).map((g) => g.elided ?? 0));
  return {
    group: group.exact,
    fingerprint: group.fingerprint,
    count: group.count,
    waitReason: group.waitReason,
    kind: group.kind,
    ...(waits ? { waitMinutes: waits } : {}),
    ...(ids.length > 0 ? { ids: ids.slice(0, MAX_IDS), idsLeftOut: Math.max(0, ids.length - MAX_IDS) } : {}),
    ...(labels ? { labelsOfOne: labels } : {}),
    ...(group.label ? { label: { key: group.label.key, ...(group.label.value === undefined ? {} : { value: group.label.value }) } } : {}),
    ...(elided > 0 ? { elidedFrames: elided } : {}),
    leaked: group.leaked,
    startedBy: creatorsOf(group).slice(0, 10).map(({ creator, count }) => ({ function: creator.function, file: creator.file, line: creator.line, count })),
    ...(ancestors ? { ancestorsOfOne: ancestors } : {}),
    stack: group.stack,
  };
}
const MAX_IDS = 1000;
