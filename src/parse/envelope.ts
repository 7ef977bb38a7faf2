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
const MESSAGE = new Set(["log", "Output", "MESSAGE", "message", "msg", "textPayload", "@message", "line", "text", "body", "_raw", "M"]);
/** Members that hold their own line ends. */
const RAW = new Set(["log", "Output"]);
const HEADER = /[gG]oroutine (?:\d+ |in state|profile: total)/;

export const mentionsGoroutine = (text: string): boolean => HEADER.test(text);

/** What an object's strings carry: its message, and whatever names a goroutine. Undefined: the text is no such object. */
export function openJson(text: string): readonly Carried[] | undefined {
  const start = text.indexOf("{");
  if (start < 0 || start > 300) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text.slice(start).replace(/,$/, ""));
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  const found: { key: string; text: string }[] = [];
  collect(value, "", 0, found);
  const object = value as Record<string, unknown>;
  const stream = ["Package", "stream", "_PID", "pod", "container_name", "container"].map((key) => (typeof object[key] === "string" ? object[key] : "")).join(" ");
  return found
    .filter(({ key, text: string }) => MESSAGE.has(key) || mentionsGoroutine(string))
    .map(({ key, text: string }) => ({ stream, text: string, raw: RAW.has(key) }));
}

function collect(value: unknown, key: string, depth: number, found: { key: string; text: string }[]): void {
  if (typeof value === "string") found.push({ key, text: value });
  else if (typeof value !== "object" || value === null || depth > 4) return;
  else if (key === "MESSAGE" && Array.isArray(value) && value.every((byte) => typeof byte === "number")) {
    found.push({ key, text: Buffer.from(value).toString("utf8") }); // journald: a message that is not printable
  } else for (const [name, part] of Object.entries(value)) collect(part, Array.isArray(value) ? key : name, depth + 1, found);
}

/** A line of an object that is printed over several: `  "Output": "main.main()\n",`; or a string of a list. */
export function openJsonMember(text: string): Carried | undefined {
  const member = /^\s*(?:"([\w@.]{1,40})"\s*:\s*)?(".*"),?$/.exec(text);
  if (!member || (member[1] !== undefined && !MESSAGE.has(member[1]) && !mentionsGoroutine(text))) return undefined;
  try {
    const string: unknown = JSON.parse(member[2]!);
    return typeof string === "string" ? { stream: "member", text: string, raw: RAW.has(member[1] ?? "") } : undefined;
  } catch {
    return undefined;
  }
}

/** The lines that one line of text holds, where a dump's line ends were escaped or lost in it. */
export function unfold(text: string): readonly string[] | undefined {
  const at = text.search(/[gG]oroutine \d+ (?:\[|in state)/);
  if (at < 0) return undefined;
  if (text.includes("\\n", at)) return unescaped(text, at);
  if (text.includes("#012", at)) return text.replaceAll("#012", "\n").replaceAll("#011", "\t").replaceAll("#015", "").split("\n");
  if (/\]: +[^\s[]+\(.*?\) +\S+:\d+ /.test(text.slice(at, at + 3000))) return rejoined(text, at);
  return undefined;
}

/** From the quote before the header to the one that ends its string; without quotes, all of it. */
function unescaped(text: string, at: number): readonly string[] {
  const open = openingQuote(text, at);
  let end = text.length;
  if (open >= 0) {
    const escaped = text[open - 1] === "\\"; // a string within a string: its quotes are escaped, too
    const quote = escaped ? '\\"' : '"';
    end = open + 1;
    for (; end < text.length && !text.startsWith(quote, end); end++) if (text[end] === "\\") end++;
  }
  let inner = text.slice(open + 1, Math.min(end, text.length));
  for (let level = 0; level < 4 && /\\+n/.test(inner); level++) inner = unescapeOnce(inner);
  return [...(open > 0 ? [text.slice(0, open)] : []), ...inner.split(/\r?\n/), "", ...(end + 1 < text.length ? [text.slice(end + 1)] : [])];
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
  return [text.slice(0, at), ...lines.split("\n")];
}

export const hasHtml = (text: string): boolean => /<(?:pre|br|code|\/pre|\/div|\/p|\/td|\/html|!doctype)\b|&(?:lt|gt|amp|quot|nbsp|#x?[0-9a-fA-F]{1,6});/i.test(text);

const ENTITIES: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', nbsp: " ", apos: "'" };

/** The lines of a line of HTML. */
export const plainLines = (text: string): readonly string[] =>
  text
    .replace(/<br\s{0,9}\/?>|<\/(?:p|div|li|tr)>/gi, "\n")
    .replace(/<\/?(?:pre|code|span|div|p|html|head|body|t[drh]|table|tbody|[uo]l|li|a|b|i|em|strong|font|details|summary|title|h[1-6]|meta|link|!doctype)\b[^<>]{0,2000}>/gi, "")
    .replace(/&(?:#(\d{1,6})|#x([0-9a-f]{1,6})|(lt|gt|amp|quot|nbsp|apos));/gi, (_, decimal?: string, hex?: string, name?: string) =>
      name ? ENTITIES[name.toLowerCase()]! : String.fromCodePoint(Math.min(0x10ffff, decimal ? Number(decimal) : Number.parseInt(hex!, 16))))
    .split("\n");

/** Without the terminal's colours and cursor movements. */
export const withoutColours = (text: string): string => text.replace(/\x1b(?:\[[0-9;?]{0,40}[ -/]?[@-~]|\][^\x07\x1b]{0,500}(?:\x07|\x1b\\)|[@-Z\\^_])/g, "");
