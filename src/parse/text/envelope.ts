/**
 * Texts that carry a dump in another form: JSON lines (docker's json-file, `go test -json`, journald, zap, GCP …), one
 * line of text in which line ends are escaped (`\n`, rsyslog's `#012`) or were lost, HTML, terminal colours.
 */

/** A piece of the text that was carried; `raw`: it holds its own line ends. */
export interface Carried {
  /** Pieces of one stream belong together; several may be written into each other. */
  readonly stream: string;
  readonly text: string;
  readonly raw: boolean;
}

/** Members that hold a line of a log: docker, go test, journald, GCP, ECS, loggers' messages and stacks. */
const MESSAGE = new Set(["log", "Output", "MESSAGE", "message", "msg", "textPayload", "@message", "line", "text", "body", "_raw", "M", "stringValue"]);
/** Members that hold their own line ends. */
const RAW = new Set(["log", "Output"]);
const HEADER = /[gG]oroutine (?:\d+ |in state|profile: total)/;
/** docker cuts a longer line into pieces, and only the last has its line end. */
const LONGEST_LINE = 8000;
/** OpenTelemetry's logs, Loki's and Elasticsearch's answers lie so deep. */
const DEEPEST = 12;

export const mentionsGoroutine = (text: string): boolean => HEADER.test(text);

/** What an object's strings carry: its message, and whatever names a goroutine. Undefined: the text is no such object. */
export function openJson(text: string): readonly Carried[] | undefined {
  const value = jsonIn(text);
  if (typeof value !== "object" || value === null) return undefined;
  const found: Found[] = [];
  collect(value, "", 0, found, new Map());
  const object = value as Record<string, unknown>;
  const stream = ["Package", "stream", "_PID", "pod", "container_name", "container"].map((key) => (typeof object[key] === "string" ? object[key] : "")).join(" ");
  return found
    .filter(({ key, text: string }) => MESSAGE.has(key) || mentionsGoroutine(string))
    .map(({ key, text: string }) => ({ stream, text: string, raw: isRaw(key, string) }));
}

/** Fluentd writes `"log"` without line ends, and docker a short line never. */
const isRaw = (key: string, text: string): boolean => RAW.has(key) && (key !== "log" || text.endsWith("\n") || text.length > LONGEST_LINE);

/** A list of records or strings, or the object that begins at one of the first braces. */
function jsonIn(text: string): unknown {
  let end = text.length;
  if (text[end - 1] === ",") end--;
  if (text.startsWith("[{") || text.startsWith('["')) {
    const list = parsed(text.slice(0, end));
    if (list !== undefined) return list;
  }
  let start = text.indexOf("{");
  for (let tries = 0; start >= 0 && start <= 300 && tries < 3; tries++, start = text.indexOf("{", start + 1)) {
    const object = parsed(text.slice(start, end));
    if (object !== undefined) return object;
    while (end > start && text[end - 1] === "]") end--; // Fluent Bit: `[0] tag: [[time, {}], {…}]`
  }
  return undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

interface Found {
  key: string;
  readonly text: string;
}

/** @param said texts of this record: what stands in it twice (`event.original` and `message`) is carried once. */
function collect(value: unknown, key: string, depth: number, found: Found[], said: Map<string, Found>): void {
  if (typeof value === "string") {
    const known = said.get(value);
    if (known) known.key = MESSAGE.has(key) ? key : known.key;
    else {
      const one = { key, text: value };
      found.push(one);
      said.set(value, one);
    }
  } else if (typeof value !== "object" || value === null || depth > DEEPEST) return;
  else if (key === "MESSAGE" && Array.isArray(value) && value.every((byte) => typeof byte === "number")) {
    found.push({ key, text: Buffer.from(value).toString("utf8") }); // journald: a message that is not printable
  } else if (isLokiEntry(value)) found.push({ key: "line", text: value[1] });
  else if (Array.isArray(value)) for (const part of value) collect(part, key, depth + 1, found, new Map());
  else for (const [name, part] of Object.entries(value)) collect(part, name, depth + 1, found, said);
}

/** `["1709632800123456789", "main.main()"]`: the time in nanoseconds, and a line. */
const isLokiEntry = (value: object): value is readonly [string, string] =>
  Array.isArray(value) && value.length >= 2 && typeof value[0] === "string" && /^\d{16,20}$/.test(value[0]) && typeof value[1] === "string";

/** A line of an object that is printed over several: `  "Output": "main.main()\n",`; or a string of a list. */
export function openJsonMember(text: string): Carried | undefined {
  const member = /^\s*(?:"([\w@.]{1,40})"\s*:\s*)?(".*"),?$/.exec(text);
  if (!member || (member[1] !== undefined && !MESSAGE.has(member[1]) && !mentionsGoroutine(text))) return undefined;
  try {
    const string: unknown = JSON.parse(member[2]!);
    return typeof string === "string" ? { stream: "member", text: string, raw: isRaw(member[1] ?? "", string) } : undefined;
  } catch {
    return undefined;
  }
}

/** The lines that one line of text holds, where a dump's line ends were escaped or lost in it; the last is open (not "") where the text was cut. */
export function unfold(text: string): readonly string[] | undefined {
  const at = text.search(/[gG]oroutine (?:\d+ (?:gp=\w{3,20} [^[]{0,60})?(?:\[|in state)|profile: total \d)/);
  if (at < 0) return undefined;
  if (text.includes("\\n", at)) return unescaped(text, at);
  if (text.includes("#012", at)) return text.replaceAll("#012", "\n").replaceAll("#011", "\t").replaceAll("#015", "").split("\n").concat("");
  if (/\]: +[^\s[]+\(.*?\) +\S+:\d+ /.test(text.slice(at, at + 3000))) return rejoined(text, at);
  return undefined;
}

/** From the quote before the header to the one that ends its string; without quotes, all of it. */
function unescaped(text: string, at: number): readonly string[] {
  const open = openingQuote(text, at);
  let end = text.length;
  let cut = false;
  if (open >= 0) {
    const escaped = text[open - 1] === "\\"; // a string within a string: its quotes are escaped, too
    const quote = escaped ? '\\"' : '"';
    end = open + 1;
    for (; end < text.length && !text.startsWith(quote, end); end++) if (text[end] === "\\") end++;
    cut = end >= text.length;
  }
  let inner = text.slice(open + 1, Math.min(end, text.length));
  for (let level = 0; level < 4 && /\\+n/.test(inner); level++) inner = unescapeOnce(inner);
  return [...(open > 0 ? [text.slice(0, open)] : []), ...inner.split(/\r?\n/), ...(cut ? [] : [""]), ...(end + 1 < text.length ? [text.slice(end + 1), ""] : [])];
}

function openingQuote(text: string, at: number): number {
  const quote = text.lastIndexOf('"', at);
  return quote >= 0 && at - quote < 5000 && (quote === 0 || /[\s=:([{,\\]/.test(text[quote - 1]!)) ? quote : -1;
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r" };
const unescapeOnce = (text: string): string =>
  text.replace(/\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|[^ux])/g, (_, code: string) => (code.length > 1 ? String.fromCharCode(Number.parseInt(code.slice(1), 16)) : (ESCAPES[code] ?? code)));

/** Line ends became blanks: they stood before each header, location and creator. */
function rejoined(text: string, at: number): readonly string[] {
  const lines = text
    .slice(at)
    .replace(/ +(?=goroutine \d+ \[)/g, "\n\n")
    .replace(/ +(?=created by )/g, "\n")
    .replace(/(goroutine \d+ \[[^\]\n]*\]:) +/g, "$1\n")
    .replace(/ +(\S+:\d+(?: \+0x[0-9a-f]+)?)(?= |\n|$)/g, "\n\t$1\n")
    .replace(/\n +/g, "\n")
    .replace(/\n\n+(?!goroutine)/g, "\n");
  return [text.slice(0, at), ...lines.split("\n"), ""];
}

export const hasHtml = (text: string): boolean => /<(?:pre|br|code|\/pre|\/div|\/p|\/td|\/html|!doctype)\b|&(?:lt|gt|amp|quot|nbsp|#x?[0-9a-fA-F]{1,6});/i.test(text);

const ENTITIES: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', nbsp: " ", apos: "'" };

/** The lines of a line of HTML. */
export const plainLines = (text: string): readonly string[] =>
  text
    .replace(/<br\s{0,9}\/?>|<\/(?:p|div|li|tr)>/gi, "\n")
    .replace(/<\/t[dh]>/gi, "\t")
    .replace(/<\/?(?:pre|code|span|div|p|html|head|body|t[drh]|table|tbody|[uo]l|li|a|b|i|em|strong|font|details|summary|title|h[1-6]|meta|link|!doctype)\b[^<>]{0,2000}>/gi, "")
    .replace(/&(?:#(\d{1,6})|#x([0-9a-f]{1,6})|(lt|gt|amp|quot|nbsp|apos));/gi, (_, decimal?: string, hex?: string, name?: string) =>
      name ? ENTITIES[name.toLowerCase()]! : String.fromCodePoint(Math.min(0x10ffff, decimal ? Number(decimal) : Number.parseInt(hex!, 16))))
    .split("\n");

/** Without the terminal's colours and cursor movements. */
export const withoutColours = (text: string): string => text.replace(/\x1b(?:\[[0-9;?]{0,40}[ -/]?[@-~]|\][^\x07\x1b]{0,500}(?:\x07|\x1b\\)|[@-Z\\^_])/g, "");
