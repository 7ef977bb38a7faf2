import { hasHtml, plainLines, withoutColours } from "./envelope.js";

/** Texts whose lines have to be decoded with what came before: quoted-printable mail, tables of comma-separated values. */
export type LineDecoder = (line: string) => readonly string[];

/** What makes plain lines of a text that a page, a terminal, a mail or another system's line ends changed; undefined: nothing says so. */
export function decoderOf(text: string): LineDecoder | undefined {
  if (text.includes("\u001b")) return (line) => [withoutColours(line)];
  if (hasHtml(text)) return plainLines;
  if (text.includes("\r")) return (line) => line.split("\r");
  if (text.includes("\u00a0")) return (line) => [line.replaceAll("\u00a0", " ")];
  return isQuotedPrintable(text) ? quotedPrintable() : undefined;
}

/** What a logger quoted, as logfmt does; anything else as it stands. */
export function logfmtValue(text: string): string {
  const quoted = /^"(?:[^"\\]|\\.)*"/.exec(text)?.[0];
  if (quoted === undefined) return text;
  try {
    return JSON.parse(quoted.replaceAll("\t", "\\t")) as string;
  } catch {
    return quoted.slice(1, -1);
  }
}

/** RFC 2045: `=09` is a byte, and `=` at a line's end says that the line goes on. */
function quotedPrintable(): LineDecoder {
  let open = "";
  return (line) => {
    const text = open + line;
    open = text.endsWith("=") ? text.slice(0, -1) : "";
    if (text.endsWith("=") && open.length < LONGEST) return [];
    open = "";
    return [Buffer.from(text.replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))), "latin1").toString("utf8")];
  };
}

/** A line that quoted-printable made: a tab at its start, or a line that goes on. */
const isQuotedPrintable = (line: string): boolean => /^#?=09/.test(line) || (line.length > 60 && line.length <= 76 && /[^=\s]=$/.test(line)) || /^content-transfer-encoding:\s*quoted-printable/i.test(line);

/** RFC 4180: the column in which the header of a goroutine stands; undefined: the line before it is no row. */
export function csvColumn(before: string): number | undefined {
  if (!/,"?$/.test(before) || /^\s*[[{]|\{"/.test(before)) return undefined;
  const { fields } = csvRow(before.replace(/"$/, ""));
  return fields.length > 1 ? fields.length - 1 : undefined;
}

/** The one column of each row, which may go on over several lines. */
export function csvLines(column: number): LineDecoder {
  let inside = false;
  return (line) => {
    if (inside) {
      const end = closingQuote(line, 0);
      inside = end < 0;
      return inside ? [unquoted(line)] : [unquoted(line.slice(0, end)), ""];
    }
    const { fields, open } = csvRow(line);
    if (fields.length <= column) return [line];
    inside = open && fields.length - 1 === column;
    return [fields[column]!];
  };
}

function csvRow(line: string): { readonly fields: readonly string[]; readonly open: boolean } {
  const fields: string[] = [];
  for (let at = 0; at <= line.length; ) {
    if (line[at] === '"') {
      const end = closingQuote(line, at + 1);
      if (end < 0) return { fields: [...fields, unquoted(line.slice(at + 1))], open: true };
      fields.push(unquoted(line.slice(at + 1, end)));
      at = end + 2;
    } else {
      const comma = line.indexOf(",", at);
      const end = comma < 0 ? line.length : comma;
      fields.push(line.slice(at, end));
      at = end + 1;
    }
  }
  return { fields, open: false };
}

/** The quote that ends a field: two are one within it. */
function closingQuote(line: string, from: number): number {
  for (let at = line.indexOf('"', from); at >= 0; at = line.indexOf('"', at + 2)) if (line[at + 1] !== '"') return at;
  return -1;
}

const unquoted = (text: string): string => text.replaceAll('""', '"');
/** A mail's line is not longer. */
const LONGEST = 10_000;
