import { withoutComment } from "../../model/code-line.js";
import type { Frame } from "../../model/stack.js";
import type { DiagnosisContext } from "./diagnosis-context.js";

/**
 * What the source says around a line. Go's sources are gofmt-ed: a block's body is indented by one tab more than the
 * line that opens it, so the enclosing block is the nearest line above with less indentation. Where a file is not
 * formatted that way the answers may be undefined, which costs a cause but never makes a wrong one: every answer is
 * checked against the trace by the rule that asks.
 */
export interface SourceLine {
  readonly text: string;
  readonly line: number;
}

export function lineAt(context: DiagnosisContext, frame: Frame): string | undefined {
  const text = frame.source ?? context.lines(frame.file)?.[frame.line - 1];
  return text && withoutComment(text).trim();
}

/**
 * TypeScript on Unpark's runtime, read as the Go that it stands for, so that one set of questions serves both:
 * `await ch.send(v)` is `ch <- v`, `for await (const v of ch)` is `for v := range ch`, and so on. Text of Go sources
 * does not look like these and is left as it is. Only for matching, never shown.
 */
export function asGo(text: string): string {
  return text
    .replace(/^for await \(\s*(?:const|let) (\S+) of ([\w.#]+)\)/, "for $1 := range $2")
    .replace(/\bawait ([\w.#]+)\.send\((.*)\)/, "$1 <- $2")
    .replace(/\bawait ([\w.#]+)\.recv(?:Ok)?\(\)/g, "<-$1")
    .replace(/\bawait ([\w.#]+)\.close\(\)/g, "close($1)")
    .replace(/\bselect\((.*)/, (cases) =>
      cases
        .replace(/\bsend\(([\w.#]+), ([^)]*)\)/g, "$1 <- $2")
        .replace(/\brecv\(([\w.#]+(?:\(\))?)\)/g, "<-$1")
        .replace(/\.done\(\)/g, ".Done()"),
    )
    .replace(/(\bawait [\w.#]+)\.done\(\)/, "$1.Done()")
    .replace(/^defer\((?:async )?\(\) => (?:await )?([^{].*?)\.done\(\)\);?$/, "defer $1.Done()")
    .replace(/^defer\((?:async )?\(\) => \{/, "defer func() {");
}

/** The lines that open a function: literal, declaration or method. */
const TS_FUNCTION = /\bfunction\b.*\{\s*$|=>\s*\{\s*$|^(?:async |static |private |readonly )*[#\w]+\([^()]*\)(?:: [^{]*)?\{\s*$/;
const isTs = (file: string): boolean => /\.[cm]?tsx?$/.test(file);
export const isFunction = (text: string, file: string): boolean =>
  isTs(file) ? TS_FUNCTION.test(text) && !/^(?:if|for|while|switch|catch)\b/.test(text) : /\bfunc\b.*[{]\s*$/.test(text);

const indentOf = (line: string): number => /^\s*/.exec(line)![0].length;
const blank = (line: string): boolean => line.trim() === "" || line.trimStart().startsWith("//");

/** The lines that open the blocks around `frame`, innermost first, up to the enclosing top-level declaration. */
export function enclosing(context: DiagnosisContext, frame: Frame): readonly SourceLine[] {
  const lines = context.lines(frame.file);
  const start = lines?.[frame.line - 1];
  if (!lines || start === undefined) return [];
  const found: SourceLine[] = [];
  let indent = indentOf(start);
  for (let i = frame.line - 2; i >= 0 && indent > 0; i--) {
    const text = lines[i]!;
    if (blank(text) || indentOf(text) >= indent) continue;
    indent = indentOf(text);
    // A case label stands at its switch's own indentation; `)` and `}` only close what stands above.
    if (!/^[)}\]]/.test(text.trim()) || /[{(]\s*$/.test(text)) found.push({ text: text.trim(), line: i + 1 });
  }
  return found;
}

/** The lines of the function (literal or declaration) around `frame`, from its opening line to its closing one. */
export function functionAround(context: DiagnosisContext, frame: Frame): readonly SourceLine[] {
  const header = enclosing(context, frame).find(({ text }) => isFunction(text, frame.file));
  const lines = context.lines(frame.file);
  if (!header || !lines) return [];
  const indent = indentOf(lines[header.line - 1]!);
  const body: SourceLine[] = [header];
  for (let i = header.line; i < lines.length; i++) {
    const text = lines[i]!;
    if (!blank(text)) body.push({ text: text.trim(), line: i + 1 });
    if (!blank(text) && indentOf(text) <= indent) break;
  }
  return body;
}

/** The channel that a line sends to or receives from, as written: `ch <- v` → `ch`, `v := <-s.out` → `s.out`. */
export function channelName(source: string): string | undefined {
  const text = asGo(source);
  return /<-\s*([\w.]+)/.exec(text.replace(/[\w.\])]+\s+<-\s/, ""))?.[1] ?? /([\w.]+)(?:\[[^\]]*\])?\s*<-\s/.exec(text)?.[1];
}

/** Does the line receive from, or range over, that channel? */
export const receivesFrom = (text: string, channel: string): boolean =>
  new RegExp(String.raw`<-\s*${escape(channel)}\b|\brange\s+${escape(channel)}\b`).test(asGo(text)) && !sendsTo(text, channel);

/** Does the line send to, or close, that channel? */
export const sendsTo = (text: string, channel: string): boolean =>
  new RegExp(String.raw`(^|[^\w.])${escape(channel)}\s*<-|\bclose\(${escape(channel)}\)`).test(asGo(text));

const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
