import { hash64, shortName } from "../../base/short-hash.js";
import { spelledOut } from "../../base/spell-out.js";
import type { GrowingGroup, WatchEvent } from "../../model/results/watching.js";
import { CAUSE_WORDS } from "../shared/causes.js";
import { grouped, place, shortFunction } from "../inspect/words.js";
import { growthWords } from "./text.js";

/** An alert as Alertmanager sends it to a webhook (its documentation, "Webhook"). */
export interface Alert {
  readonly status: "firing" | "resolved";
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: string;
  /** Go's zero time while it fires. */
  readonly endsAt: string;
  readonly generatorURL: string;
  readonly fingerprint: string;
}

/** A look that fails once is asked again; so many in a row are an alert. */
const FAILURES_OF_AN_ALERT = 3;

/** Turns the events of a watch into alerts, one after the other; remembers since when each of them fires. */
export class Alerts {
  readonly #cwd: string;
  readonly #firing = new Map<string, { readonly labels: Alert["labels"]; readonly since: number }>();

  constructor(cwd: string) {
    this.#cwd = cwd;
  }

  /** What begins or ends with an event. */
  of(event: WatchEvent): readonly Alert[] {
    switch (event.kind) {
      case "growing":
        return this.#fires(event.at, `${event.target} ${event.group.fingerprint}`, leakLabels(event.target, event.group, this.#cwd), leakWords(event.target, event.group, this.#cwd));
      case "settled":
        return this.#ends(event.at, `${event.target} ${event.group.fingerprint}`, { summary: `${event.target}: no longer growing: ${shortFunction(event.group.frame.function)}, ${grouped(event.group.count)} left` });
      case "failed":
        return this.#fails(event, event.target, downLabels(event.target), `${event.target} does not answer`);
      case "recovered":
        return this.#recovers(event, event.target, `${event.target} answers again`);
      case "unsaved":
        return this.#fails(event, "", STORE_LABELS, "Unpark's store takes no looks");
      case "saved-again":
        return this.#recovers(event, "", "Unpark's store takes looks again");
      case "undiscovered":
        return this.#firing.has(`discovery ${event.discovery}`) ? [] : this.#fires(event.at, `discovery ${event.discovery}`, { alertname: "UnparkDiscoveryDown", severity: "warning", discovery: event.discovery }, { summary: `${event.discovery} does not say where services are`, description: event.error });
      case "rediscovered":
        return this.#ends(event.at, `discovery ${event.discovery}`, { summary: `${event.discovery} answers again` });
      case "removed":
        return this.#endsAll(event.at, event.target, "is gone");
      case "handed-over":
        return this.#endsAll(event.at, event.target, "is looked at by another watch");
      case "shared":
      case "added":
      case "scraped":
      case "clock":
      case "rising":
        return [];
    }
  }

  #fails({ at, inARow, error }: { readonly at: number; readonly inARow: number; readonly error: string }, key: string, labels: Alert["labels"], summary: string): readonly Alert[] {
    return inARow === FAILURES_OF_AN_ALERT ? this.#fires(at, key, labels, { summary, description: error }) : [];
  }

  #recovers({ at, afterFailures }: { readonly at: number; readonly afterFailures: number }, key: string, summary: string): readonly Alert[] {
    return afterFailures >= FAILURES_OF_AN_ALERT ? this.#ends(at, key, { summary }) : [];
  }

  #fires(at: number, key: string, labels: Alert["labels"], annotations: Alert["annotations"]): readonly Alert[] {
    this.#firing.set(key, { labels, since: at });
    return [alertOf("firing", labels, annotations, at, undefined)];
  }

  #endsAll = (at: number, target: string, why: string): readonly Alert[] =>
    [...this.#firing].filter(([, { labels }]) => labels["target"] === target).flatMap(([key]) => this.#ends(at, key, { summary: `${target} ${why}` }));

  /** With the labels with which it fired: of a group that grows, what is known of it may have changed since. */
  #ends(at: number, key: string, annotations: Alert["annotations"]): readonly Alert[] {
    const fired = this.#firing.get(key);
    if (!fired) return [];
    this.#firing.delete(key);
    return [alertOf("resolved", fired.labels, annotations, fired.since, at)];
  }
}

function alertOf(status: Alert["status"], labels: Alert["labels"], annotations: Alert["annotations"], since: number, end: number | undefined): Alert {
  const fingerprint = shortName(hash64(JSON.stringify(Object.entries(labels).sort())));
  return spelledOut({ status, labels, annotations, startsAt: iso(since), endsAt: end === undefined ? "0001-01-01T00:00:00Z" : iso(end), generatorURL: "", fingerprint });
}

function leakLabels(target: string, { fingerprint, frame, label }: GrowingGroup, cwd: string): Alert["labels"] {
  return { alertname: "UnparkGoroutineLeak", severity: "warning", target, group: fingerprint, function: shortFunction(frame.function), place: place(frame, cwd), ...(label === undefined ? {} : { label }) };
}

const downLabels = (target: string): Alert["labels"] => ({ alertname: "UnparkTargetDown", severity: "warning", target });
const STORE_LABELS: Alert["labels"] = { alertname: "UnparkStoreNotWritten", severity: "warning" };

const leakWords = (target: string, group: GrowingGroup, cwd: string): Alert["annotations"] => ({
  summary: `${target}: goroutines of ${shortFunction(group.frame.function)} grow like a leak`,
  description: [growthWords(group, cwd), `${CAUSE_WORDS[group.cause].phrase} [${group.cause}]`, ...group.evidence].join("\n"),
});

const iso = (at: number): string => new Date(at).toISOString();

/** One message of Alertmanager's webhook, version 4. */
export function alertPayload(alerts: readonly Alert[]): string {
  const shared = (pick: (alert: Alert) => Readonly<Record<string, string>>): Record<string, string> =>
    Object.fromEntries(Object.entries(alerts[0] === undefined ? {} : pick(alerts[0])).filter(([name, value]) => alerts.every((alert) => pick(alert)[name] === value)));
  return JSON.stringify({
    version: "4", groupKey: "{}:{}", truncatedAlerts: 0, receiver: "unpark", externalURL: "",
    status: alerts.some(({ status }) => status === "firing") ? "firing" : "resolved",
    groupLabels: {}, commonLabels: shared(({ labels }) => labels), commonAnnotations: shared(({ annotations }) => annotations), alerts,
  });
}
