import { err, ok, type Result } from "../base/result.js";
import { spellOut } from "../base/spell-out.js";
import { FAILURE_KINDS, type GroupMeasure, type TargetMeasure } from "../model/results/measure.js";
import type * as clientModule from "./prom-client.js";

type PromClient = typeof clientModule;

/** prom-client; the error says how to get it, where it is not installed beside Unpark. */
export async function loadPromClient(): Promise<Result<PromClient, string>> {
  try {
    return ok(await import("./prom-client.js"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND") throw error;
    return err("prom-client is not installed: npm install prom-client@15.1.3, beside unpark (the single executable holds it)");
  }
}

/** What the metrics are made of when they are asked for. */
export interface Measured {
  readonly version: string;
  readonly targets: readonly TargetMeasure[];
  readonly discoveries: readonly { readonly discovery: string; readonly up: boolean }[];
  /** Looks that wait for a store that does not take them, and those that were given up. */
  readonly storeWaiting: number;
  readonly storeDropped: number;
}

type Labels = Readonly<Record<string, string>>;
type Value = readonly [labels: Labels, value: number];

interface Metric {
  readonly name: string;
  readonly help: string;
  readonly kind: "gauge" | "counter";
  readonly labels: readonly string[];
  /** Labels that are there beside those. */
  readonly more?: (measured: Measured) => readonly string[];
  readonly values: (measured: Measured) => readonly Value[];
}

const GROUP_LABELS = ["target", "group", "function", "place", "state", "label"] as const;

const groupLabels = (target: string, { fingerprint, function: name, place, state, label }: GroupMeasure): Labels => ({ target, group: fingerprint, function: name, place, state, label });

const eachTarget = (value: (target: TargetMeasure) => number | undefined) => ({ targets }: Measured): readonly Value[] =>
  targets.flatMap((one) => {
    const number = value(one);
    return number === undefined ? [] : [[{ target: one.target }, number] as const];
  });

const flat = (values: (target: TargetMeasure) => readonly Value[]) => ({ targets }: Measured): readonly Value[] => targets.flatMap(values);

/** `app.kubernetes.io/name` → `app_kubernetes_io_name`, as Prometheus' own discovery writes it. */
const prometheusLabels = (labels: Labels): Labels => Object.fromEntries(Object.entries(labels).map(([name, value]) => [name.replace(/[^a-zA-Z0-9_]/g, "_").replace(/^(?=\d)/, "_"), value]));
const labelNames = ({ targets }: Measured): readonly string[] => targets.flatMap(({ labels }) => Object.keys(prometheusLabels(labels)));

/** All of them; docs/fleet.md has a row for each. Values of a target are of the last look that brought something: `…_timestamp_seconds` says how old they are. */
export const METRICS: readonly Metric[] = [
  { name: "unpark_build_info", help: "1, with Unpark's version.", kind: "gauge", labels: ["version"], values: ({ version }) => [[{ version }, 1]] },
  { name: "unpark_discovery_up", help: "1 if the discovery's last answer could be used, else 0: what it said before holds.", kind: "gauge", labels: ["discovery"], values: ({ discoveries }) => discoveries.map(({ discovery, up }) => [{ discovery }, up ? 1 : 0]) },
  { name: "unpark_target_info", help: "1, with what a discovery knows of the target.", kind: "gauge", labels: ["target"], more: labelNames, values: flat(({ target, labels }) => [[{ ...prometheusLabels(labels), target }, 1]]) },
  { name: "unpark_target_up", help: "1 if the last look at the target brought something, else 0.", kind: "gauge", labels: ["target"], values: eachTarget(({ looks, failures, failure }) => (looks + failures === 0 ? undefined : failure === undefined ? 1 : 0)) },
  { name: "unpark_target_last_look_timestamp_seconds", help: "When the last look that brought something was made.", kind: "gauge", labels: ["target"], values: eachTarget(({ last }) => last && last.at / 1000) },
  { name: "unpark_target_looks_total", help: "Looks at the target, by how they ended.", kind: "counter", labels: ["target", "result"], values: flat(({ target, looks, failures }) => [[{ target, result: "ok" }, looks], [{ target, result: "failed" }, failures]]) },
  { name: "unpark_target_failures_in_a_row", help: "Looks that failed since the last that brought something.", kind: "gauge", labels: ["target"], values: eachTarget(({ failuresInARow }) => failuresInARow) },
  { name: "unpark_target_failure_info", help: `1 while looks fail, with the reason: ${FAILURE_KINDS.join(", ")}.`, kind: "gauge", labels: ["target", "reason"], values: flat(({ target, failure }) => (failure === undefined ? [] : [[{ target, reason: failure }, 1]])) },
  { name: "unpark_target_goroutines", help: "Goroutines of the target.", kind: "gauge", labels: ["target"], values: eachTarget(({ last }) => last?.goroutines) },
  { name: "unpark_target_groups", help: "Groups: goroutines that wait in the same way at the same place.", kind: "gauge", labels: ["target"], values: eachTarget(({ last }) => last?.groups) },
  { name: "unpark_target_growing_groups", help: "Groups that grow like a leak.", kind: "gauge", labels: ["target"], values: eachTarget(({ last }) => last?.growing) },
  { name: "unpark_target_suspected_goroutines", help: "Goroutines that may well be leaked, by cause and confidence (proved, high, medium).", kind: "gauge", labels: ["target", "cause", "confidence"], values: flat(({ target, last }) => (last?.suspects ?? []).map(({ cause, confidence, goroutines }) => [{ target, cause, confidence }, goroutines])) },
  { name: "unpark_group_goroutines", help: "Goroutines of a group: of those that grow and of the largest, a bounded number for each target.", kind: "gauge", labels: GROUP_LABELS, values: flat(({ target, last }) => (last?.shown ?? []).map((group) => [groupLabels(target, group), group.count])) },
  { name: "unpark_target_other_goroutines", help: "Goroutines of the groups that have no series of their own.", kind: "gauge", labels: ["target"], values: eachTarget(({ last }) => last?.others) },
  { name: "unpark_group_growth_per_hour", help: "Goroutines that a group grows by in an hour: only of groups that grow like a leak.", kind: "gauge", labels: [...GROUP_LABELS, "cause"], values: flat(({ target, last }) => (last?.shown ?? []).flatMap((group) => (group.perHour === undefined ? [] : [[{ ...groupLabels(target, group), cause: group.cause ?? "unknown" }, group.perHour] as const]))) },
  { name: "unpark_store_waiting_looks", help: "Looks that wait for a store that does not take them.", kind: "gauge", labels: [], values: ({ storeWaiting }) => [[{}, storeWaiting]] },
  { name: "unpark_store_dropped_looks", help: "Looks that were given up because the store did not take them.", kind: "gauge", labels: [], values: ({ storeDropped }) => [[{}, storeDropped]] },
];

export interface MetricsText {
  readonly contentType: string;
  readonly text: string;
}

/** What Prometheus scrapes. A registry for each answer: a series that is gone is gone, not kept at its last value. */
export async function metricsText(client: PromClient, measured: Measured): Promise<MetricsText> {
  const registry = new client.Registry();
  for (const { name, help, kind, labels, more, values } of METRICS) {
    const settings = { name, help, labelNames: [...new Set([...labels, ...(more?.(measured) ?? [])])], registers: [registry] };
    const set = kind === "gauge" ? gauge(new client.Gauge(settings)) : counter(new client.Counter(settings));
    for (const [own, value] of values(measured)) set(shown(own), value);
  }
  return { contentType: registry.contentType, text: await registry.metrics() };
}

const gauge = (one: InstanceType<PromClient["Gauge"]>) => (labels: Labels, value: number): void => one.set(labels, value);
const counter = (one: InstanceType<PromClient["Counter"]>) => (labels: Labels, value: number): void => one.inc(labels, value);

/** Names come from strangers' dumps; an empty label is none for Prometheus. */
const shown = (labels: Labels): Record<string, string> => Object.fromEntries(Object.entries(labels).map(([name, value]) => [name, spellOut(value).slice(0, LONGEST_LABEL)]));
const LONGEST_LABEL = 400;
