import { spellOut } from "../../base/spell-out.js";
import type { GoroutineState } from "../../model/goroutine/snapshot.js";
import { plainReason, stateOfReason } from "../../model/goroutine/wait.js";

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
  const header: { -readonly [K in keyof Header]: Header[K] } = { state: stateOfReason(plainReason(reason)), waitReason: spellOut(reason) };
  if (header.state === "running" || header.state === "runnable") header.waitReason = "";
  if (leaked) header.unreachable = true;
  if (durable) header.durable = true;
  if (labels.labels) header.labels = labels.labels;
  for (const addition of additions) {
    const minutes = /^(\d{1,15}) minutes$/.exec(addition);
    const bubble = /^synctest bubble (\d{1,15})$/.exec(addition);
    if (minutes) header.waitMinutes = Number(minutes[1]);
    else if (addition === "locked to thread") header.lockedToThread = true;
    else if (bubble) header.bubble = Number(bubble[1]);
    else return undefined;
  }
  return header;
}

/**
 * Takes the labels off, in either version's form, and the brackets. By hand: a regular expression that looks for
 * ` labels:{` anywhere and for the end behind it takes quadratic time where the end is missing.
 */
function cutLabels(text: string): { rest: string; labels?: Record<string, string> } | undefined {
  if (!text.startsWith("[")) return undefined;
  const close = text.indexOf("]");
  if (close === text.length - 2 && text.endsWith("]:") && !text.endsWith("}]:")) return { rest: text.slice(1, close) };
  const old = text.indexOf(" labels:{");
  if (text.endsWith("}]:") && old > 0 && old < close) return withLabels(text.slice(1, old), text.slice(old + " labels:".length, -2));
  if (text.endsWith("}:") && text.startsWith("] {", close)) return withLabels(text.slice(1, close), text.slice(close + 2, -1));
  return close === text.length - 2 && text.endsWith("]:") ? { rest: text.slice(1, close) } : undefined;
}

function withLabels(rest: string, braces: string): { rest: string; labels: Record<string, string> } | undefined {
  const labels = parseLabels(braces);
  return labels && { rest, labels };
}

/** `{"key":"value", "k2":"v2"}` as debug=1 prints it, with spaces behind the colon as dumps do, quoted or (1.27) not. */
export function parseLabels(text: string): Record<string, string> | undefined {
  if (text.length < 2 || !text.startsWith("{") || !text.endsWith("}")) return undefined;
  const labels: Record<string, string> = {};
  const end = text.length - 1;
  for (let at = 1; at < end; ) {
    const keyEnd = wordEnd(text, at, end);
    const colon = skipBlanks(text, keyEnd, end);
    if (keyEnd < 0 || text[colon] !== ":") return undefined;
    const value = skipBlanks(text, colon + 1, end);
    const valueEnd = wordEnd(text, value, end);
    if (valueEnd < 0) return undefined;
    labels[unquote(text.slice(at, keyEnd))] = unquote(text.slice(value, valueEnd));
    if (valueEnd < end && text[valueEnd] !== ",") return undefined;
    at = valueEnd + 1 + (text[valueEnd + 1] === " " ? 1 : 0);
  }
  return labels;
}

/** Where the word at `at` ends, quoted or not; -1: there is none. */
function wordEnd(text: string, at: number, end: number): number {
  let i = at;
  if (text[at] !== '"') {
    while (i < end && !/[\s":,{}]/.test(text[i]!)) i++;
    return i > at ? i : -1;
  }
  for (i++; i < end && text[i] !== '"'; i++) if (text[i] === "\\") i++;
  return i < end ? i + 1 : -1;
}

function skipBlanks(text: string, at: number, end: number): number {
  let i = at;
  while (i >= 0 && i < end && /\s/.test(text[i]!)) i++;
  return i;
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
