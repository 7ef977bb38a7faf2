import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type Document, type YAMLParseError } from "yaml";
import { err, ok, type Result } from "../../base/result.js";
import { isTooDeep } from "../../base/yaml-depth.js";

/** A value of the file with the line that it begins at. */
export interface At<T> {
  readonly value: T;
  readonly line: number;
}

export interface Entry extends At<unknown> {
  readonly key: string;
}

/** An error is a sentence, with its line. */
export type Read<T> = Result<T, At<string>>;

export function openYaml(text: string, folder: string): Read<YamlReader> {
  if (isTooDeep(text)) return err({ line: 1, value: "it is nested too deeply to be settings" });
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const [problem] = document.errors;
  return problem ? err({ line: lines.linePos(problem.pos[0]).line || 1, value: syntaxWords(problem) }) : ok(new YamlReader(document, lines, folder));
}

/** The document's nodes, each with its line. */
export class YamlReader {
  readonly #document: Document;
  readonly #lines: LineCounter;
  /** The file's. */
  readonly folder: string;

  constructor(document: Document, lines: LineCounter, folder: string) {
    this.#document = document;
    this.#lines = lines;
    this.folder = folder;
  }

  root(): At<unknown> | undefined {
    const { contents } = this.#document;
    return contents === null || (isScalar(contents) && contents.value === null) ? undefined : this.#at(contents, 1);
  }

  isMap = ({ value }: At<unknown>): boolean => isMap(this.#node(value));

  entries(at: At<unknown>, expected: string): Read<readonly Entry[]> {
    const node = this.#node(at.value);
    if (!isMap(node)) return err({ line: at.line, value: `expected ${expected}, but it holds ${this.what(at)}` });
    return ok(node.items.map(({ key, value }) => ({ key: String(isScalar(key) ? key.value : key), value, line: this.#lineOf(key) ?? at.line })));
  }

  items({ value, line }: At<unknown>): readonly At<unknown>[] | undefined {
    const node = this.#node(value);
    return isSeq(node) ? node.items.map((item) => this.#at(item, line)) : undefined;
  }

  list<T>(at: At<unknown>, name: string, read: (reader: this, entry: At<unknown>) => Read<T>): Read<readonly T[]> {
    const items = this.scalar(at) === null ? [] : this.items(at);
    if (items === undefined) return err({ line: at.line, value: `'${name}' is a list, but it holds ${this.what(at)}` });
    const all: T[] = [];
    for (const item of items) {
      const one = read(this, item);
      if (!one.ok) return one;
      all.push(one.value);
    }
    return ok(all);
  }

  /** Undefined of what is no plain value. */
  scalar({ value }: At<unknown>): unknown {
    const node = this.#node(value);
    return isScalar(node) ? node.value : node === null ? null : undefined;
  }

  /** A text, or a number as it stands in the file. */
  text(at: At<unknown>): string | undefined {
    const node = this.#node(at.value);
    if (!isScalar(node)) return undefined;
    if (typeof node.value === "string") return node.value;
    return typeof node.value === "number" ? node.source ?? String(node.value) : undefined;
  }

  what(at: At<unknown>): string {
    const node = this.#node(at.value);
    if (isSeq(node)) return "a list";
    if (isMap(node)) return "a group of settings";
    const value = this.scalar(at);
    if (value === null || value === undefined) return "nothing";
    return typeof value === "string" ? `the text '${shortened(value)}'` : shortened(JSON.stringify(value));
  }

  #node(value: unknown): unknown {
    return isAlias(value) ? value.resolve(this.#document) : value;
  }

  #at(value: unknown, line: number): At<unknown> {
    return { value, line: this.#lineOf(value) ?? line };
  }

  #lineOf(node: unknown): number | undefined {
    const range = (node as { readonly range?: readonly number[] } | null)?.range;
    return range === undefined ? undefined : Math.max(1, this.#lines.linePos(range[0]!).line);
  }
}

const shortened = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text);

/** What the YAML reader says, with what to do where that is not the same. */
function syntaxWords({ code, message }: YAMLParseError): string {
  if (code === "TAB_AS_INDENT") return "a tab cannot indent: write blanks in its place";
  if (code === "DUPLICATE_KEY") return "this name is there twice in one group: keep one of the two";
  if (code === "MULTIPLE_DOCS") return "a line of --- begins a second document: one file is one group of settings";
  return `this is not YAML (${message.split(" at line ")[0]!.split("\n")[0]!}): docs/config.md shows how settings are written`;
}
