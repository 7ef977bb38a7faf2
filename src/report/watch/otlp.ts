import { spelledOut } from "../../base/spell-out.js";
import type { WatchEvent } from "../../model/results/watching.js";
import { watchEventText } from "./text.js";

/** An event, as it stands in OpenTelemetry's logs. */
export interface OtlpEvent {
  readonly event: WatchEvent;
  readonly text: string;
}

/** Undefined: nothing that somebody else wants to know. Failures are told as on the screen: the first, then ever more seldom. */
export function otlpEvent(event: WatchEvent, cwd: string): OtlpEvent | undefined {
  const text = event.kind === "shared" || event.kind === "clock" ? undefined : watchEventText(event, { colour: false, cwd, columns: Infinity });
  return text === undefined ? undefined : { event, text: text.slice("00:00:00 ".length) };
}

type Value = { readonly stringValue: string } | { readonly intValue: string } | { readonly doubleValue: number };
const attribute = (key: string, value: string | number): { readonly key: string; readonly value: Value } => ({
  key, value: typeof value === "string" ? { stringValue: value } : Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value },
});

/** An ExportLogsServiceRequest in OTLP's JSON (opentelemetry-proto 1.5, "JSON Protobuf Encoding": 64-bit numbers are strings). */
export function otlpLogs(events: readonly OtlpEvent[], version: string): string {
  const resource = { attributes: [attribute("service.name", "unpark"), attribute("service.version", version)] };
  return JSON.stringify({ resourceLogs: [{ resource, scopeLogs: [{ scope: { name: "unpark", version }, logRecords: events.map(logRecord) }] }] });
}

function logRecord({ event, text }: OtlpEvent): object {
  const time = String(BigInt(event.at) * 1_000_000n);
  const bad = BAD.has(event.kind);
  return spelledOut({
    timeUnixNano: time, observedTimeUnixNano: time, severityNumber: bad ? 13 : 9, severityText: bad ? "WARN" : "INFO",
    eventName: `unpark.watch.${event.kind}`, body: { stringValue: text },
    attributes: [
      ...("target" in event ? [attribute("unpark.target", event.target)] : []),
      ...("discovery" in event ? [attribute("unpark.discovery", event.discovery)] : []),
      ...("group" in event ? groupAttributes(event.group) : []),
    ],
  });
}

const BAD: ReadonlySet<WatchEvent["kind"]> = new Set<WatchEvent["kind"]>(["growing", "failed", "unsaved", "undiscovered"]);

const groupAttributes = ({ fingerprint, count, waitReason, frame, cause, growth, label }: Extract<WatchEvent, { group: unknown }>["group"]): readonly object[] => [
  attribute("unpark.group", fingerprint), attribute("unpark.group.goroutines", count), attribute("unpark.group.state", waitReason), attribute("unpark.group.cause", cause),
  attribute("unpark.group.growth_per_minute", growth.perMinute),
  attribute("code.function.name", frame.function), attribute("code.file.path", frame.file), attribute("code.line.number", frame.line),
  ...(label === undefined ? [] : [attribute("unpark.group.label", label)]),
];
