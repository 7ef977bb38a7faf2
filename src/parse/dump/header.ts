import type { GoroutineState } from "../../model/snapshot.js";
import { stateOfReason } from "../../model/wait.js";

/** All of a header line but the goroutine's number: what stands between the brackets, and the labels. */
export interface Header {
  readonly state: GoroutineState;
  readonly waitReason: string;
  readonly waitMinutes?: number;
  readonly lockedToThread?: boolean;
  readonly bubble?: number;
  readonly durable?: boolean;
  readonly labels?: Readonly<Record<string, string>>;
  readonly unreachable?: boolean;
}

/**
 * Reads `[chan receive (leaked) (scan) (durable), 5 minutes, locked to thread, synctest bubble 2 labels:{"k": "v"}]:`,
 * and Go 1.27's labels `[…] {k: v}:`. Printed by goroutineheader in runtime/traceback.go. Undefined: no header.
 */
export function parseHeader(text: string): Header | undefined {
  const labels = cutLabels(text);
  if (!labels) return undefined;
  const [first = "", ...additions] = labels.rest.split(", ");
  let reason = first.replace(" (scan)", "");
  const leaked = reason.includes(" (leaked)");
  if (leaked) reason = reason.replace(" (leaked)", "");
  const durable = reason.endsWith(" (durable)");
  if (durable) reason = reason.slice(0, -" (durable)".length);
  const header: { -readonly [K in keyof Header]: Header[K] } = { state: stateOfReason(plain(reason)), waitReason: reason };
  if (header.state === "running" || header.state === "runnable") header.waitReason = "";
  if (leaked) header.unreachable = true;
  if (durable) header.durable = true;
  if (labels.labels) header.labels = labels.labels;
  for (const addition of additions) {
    const minutes = /^(\d+) minutes$/.exec(addition);
    const bubble = /^synctest bubble (\d+)$/.exec(addition);
    if (minutes) header.waitMinutes = Number(minutes[1]);
    else if (addition === "locked to thread") header.lockedToThread = true;
    else if (bubble) header.bubble = Number(bubble[1]);
    else return undefined;
  }
  return header;
}

const plain = (reason: string): string => reason.replace(/ \(.*$/, "");

/** Takes the labels off, in either version's form, and the brackets. */
function cutLabels(text: string): { rest: string; labels?: Record<string, string> } | undefined {
  const old = /^\[([^\]]*?) labels:(\{.*\})\]:$/.exec(text) ?? /^\[([^\]]*)\] (\{.*\}):$/.exec(text);
  if (old) {
    const labels = parseLabels(old[2]!);
    return labels ? { rest: old[1]!, labels } : undefined;
  }
  const bare = /^\[([^\]]*)\]:$/.exec(text);
  return bare ? { rest: bare[1]! } : undefined;
}

const LABEL = /("(?:[^"\\]|\\.)*"|[^\s":,{}]+)\s*:\s*("(?:[^"\\]|\\.)*"|[^\s":,{}]+)(?:, |,|$)/y;

/** `{"key":"value", "k2":"v2"}` as debug=1 prints it, with spaces behind the colon as dumps do, quoted or (1.27) not. */
export function parseLabels(text: string): Record<string, string> | undefined {
  if (!text.startsWith("{") || !text.endsWith("}")) return undefined;
  const body = text.slice(1, -1);
  const labels: Record<string, string> = {};
  LABEL.lastIndex = 0;
  while (LABEL.lastIndex < body.length) {
    const match = LABEL.exec(body);
    if (!match) return undefined;
    labels[unquote(match[1]!)] = unquote(match[2]!);
  }
  return labels;
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", a: "\x07", b: "\b", f: "\f", v: "\v" };

/** Go's quoted form (strconv.Quote; the runtime's own is a subset of it). */
function unquote(word: string): string {
  if (!word.startsWith('"')) return word;
  return word.slice(1, -1).replace(/\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)/g, (_, code: string) => {
    if (/^[xuU]./.test(code)) {
      const point = Number.parseInt(code.slice(1), 16);
      return point <= 0x10ffff ? String.fromCodePoint(point) : "\ufffd";
    }
    return ESCAPES[code] ?? code;
  });
}
