/**
 * Just enough of Go's lexical structure to find a function in a source file that gofmt has formatted: declarations
 * begin at column 0, and comments and literals are skipped, so that braces in them do not count.
 */
interface FunctionText {
  /** Offset of the keyword `func`. */
  readonly start: number;
  /** Offset just after the body's opening brace; undefined for a function without a body (assembly, linkname). */
  readonly body: number | undefined;
  /** Offset just after the closing brace (or the end of the signature). */
  readonly end: number;
}

/**
 * Every declaration of `name`: "chansend", "(*Mutex).Lock", "Mutex.Lock" or "(Mutex).Lock" for a value receiver.
 * Type parameters are not written: "(*Pointer).Load" finds `func (x *Pointer[T]) Load(`.
 */
export function findFunctions(source: string, name: string): readonly FunctionText[] {
  const method = /^\(?(\*?)(\w+)\)?\.(\w+)$/.exec(name);
  const head =
    method === null
      ? `${escapeRegExp(name)}[\\[(]`
      : `\\((?:\\w+ )?${method[1] === "*" ? "\\*" : ""}${method[2]}(?:\\[[^\\]]*\\])?\\) ${method[3]}\\(`;
  return [...source.matchAll(new RegExp(`^func ${head}`, "gm"))].map((match) => functionAt(source, match.index));
}

function functionAt(source: string, start: number): FunctionText {
  let depth = 0; // of parentheses, brackets, and braces of types in the signature
  for (let at = start; at < source.length; ) {
    const next = skipLiteral(source, at);
    if (next !== at) {
      at = next;
      continue;
    }
    const char = source[at];
    if (char === "{" && depth === 0 && !/\b(?:interface|struct) ?$/.test(source.slice(at - 10, at))) {
      return { start, body: at + 1, end: closingBrace(source, at) };
    }
    if (char === "\n" && depth === 0) return { start, body: undefined, end: at };
    if (char === "(" || char === "[" || char === "{") depth++;
    if (char === ")" || char === "]" || char === "}") depth--;
    at++;
  }
  return { start, body: undefined, end: source.length };
}

function closingBrace(source: string, open: number): number {
  const mark = /[{}"'`/]/g; // whatever lies between them is passed over at once: each start of Unpark reads a hundred functions
  mark.lastIndex = open;
  let depth = 0;
  for (let found = mark.exec(source); found !== null; found = mark.exec(source)) {
    const at = found.index;
    if (source[at] === "{") depth++;
    if (source[at] === "}" && --depth === 0) return at + 1;
    mark.lastIndex = Math.max(at + 1, skipLiteral(source, at));
  }
  return source.length;
}

/** The offset after the comment, string or rune that begins at `at`; `at` itself if none does. Line ends stay. */
function skipLiteral(source: string, at: number): number {
  const char = source[at];
  if (char === "/") {
    if (source[at + 1] === "/") return indexOrEnd(source, "\n", at);
    return source[at + 1] === "*" ? indexOrEnd(source, "*/", at + 2, 2) : at;
  }
  if (char === "`") return indexOrEnd(source, "`", at + 1, 1);
  if (char !== '"' && char !== "'") return at;
  let end = at + 1;
  while (end < source.length && source[end] !== char && source[end] !== "\n") end += source[end] === "\\" ? 2 : 1;
  return source[end] === char ? end + 1 : end;
}

function indexOrEnd(source: string, text: string, from: number, past = 0): number {
  const at = source.indexOf(text, from);
  return at < 0 ? source.length : at + past;
}

/** Offset just after `package name`. */
export function packageClauseEnd(source: string): number | undefined {
  const match = /^package \w+/m.exec(source);
  return match === null ? undefined : match.index + match[0].length;
}

/** Whether `path` is imported under its own name (a blank, dot or renamed import does not make its name usable). */
export function importsPlainly(source: string, path: string): boolean {
  const declarations = /^(?:func|type|var|const)\b/m.exec(source);
  const header = source.slice(0, declarations?.index ?? source.length);
  return new RegExp(`^(?:\\s+|import\\s+)"${escapeRegExp(path)}"`, "m").test(header);
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
