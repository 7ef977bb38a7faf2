import type ts from "typescript";
import type { SourceEdit } from "../../../model/results/fix.js";
import type { Sources } from "./sources.js";
import { within } from "./syntax.js";

interface Change {
  readonly file: ts.SourceFile;
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** Edits in the making. What they do not touch stays as it is, comments and formatting included. */
export class TsPatch {
  readonly #sources: Sources;
  readonly #changes: Change[] = [];

  constructor(sources: Sources) {
    this.#sources = sources;
  }

  /** Positions are the compiler's; edits count bytes. */
  get edits(): readonly SourceEdit[] {
    return this.#changes.map(({ file, from, to, text }) => {
      const offset = Buffer.byteLength(file.text.slice(0, from));
      return { file: file.fileName, offset, length: Buffer.byteLength(file.text.slice(from, to)), text };
    });
  }

  replace(node: ts.Node, text: string): this {
    return this.#add(node.getSourceFile(), node.getStart(), node.end, text);
  }

  insert(node: ts.Node, position: number, text: string): this {
    return this.#add(node.getSourceFile(), position, position, text);
  }

  /** Lines of their own in front of a statement (and of the comment above it). */
  before(statement: ts.Statement, ...lines: readonly string[]): this {
    const { isOneLine, indent, from } = this.#place(statement);
    return isOneLine ? this.insert(statement, statement.getStart(), lines.map((line) => `${line} `).join("")) : this.insert(statement, from, lines.map((line) => `${indent}${line}\n`).join(""));
  }

  behind(statement: ts.Statement, ...lines: readonly string[]): this {
    const { isOneLine, indent } = this.#place(statement);
    return isOneLine ? this.insert(statement, statement.end, lines.map((line) => ` ${line}`).join("")) : this.insert(statement, lineEnd(statement), lines.map((line) => `\n${indent}${line}`).join(""));
  }

  /** A statement with its line. */
  remove(statement: ts.Statement): this {
    const { isOneLine, from } = this.#place(statement);
    const file = statement.getSourceFile();
    return isOneLine ? this.#add(file, statement.getFullStart(), statement.end, "") : this.#add(file, from, Math.min(file.text.length, lineEnd(statement) + 1), "");
  }

  /** `try { … } finally { last }` around the statements of a block from one to another, which stay on lines of their own; `without` is taken out. */
  finally(block: ts.Block, [first, end]: readonly [ts.Statement, ts.Statement], text: string, without?: ts.Statement): this {
    const last = end === without ? block.statements[block.statements.indexOf(end) - 1]! : end;
    const { isOneLine, indent, from } = this.#place(first);
    const file = block.getSourceFile();
    if (isOneLine && without !== undefined) this.remove(without);
    if (isOneLine) return this.insert(first, first.getStart(), "try { ").insert(last, last.end, ` } finally { ${text} }`);
    const unit = this.unit(block);
    this.insert(first, from, `${indent}try {\n`);
    const skipped = without === undefined ? undefined : this.#place(without).from;
    for (const at of lineStarts(file.text, from, last.end)) {
      if (file.text[at] !== "\n" && at !== skipped && !this.#isRaw(file, at)) this.insert(block, at, unit);
    }
    if (without !== undefined) this.remove(without);
    return this.insert(last, lineEnd(last), `\n${indent}} finally {\n${indent}${unit}${text}\n${indent}}`);
  }

  /** What one step more is indented by, as this block does it. */
  unit(block: ts.Node): string {
    const { text } = block.getSourceFile();
    const inner = /\n([ \t]+)\S/.exec(text.slice(block.getStart(), block.end))?.[1] ?? "";
    const outer = indentAt(text, block.getStart());
    return inner.length > outer.length && inner.startsWith(outer) ? inner.slice(outer.length) : (/^(\t| {2,8})\S/m.exec(text)?.[1] ?? "  ");
  }

  /** Makes names of the module that `beside` came from known in the file: no edit where they are. */
  import(names: readonly string[], beside: ts.Node, isType = false): this {
    const { ts } = this.#sources;
    const file = beside.getSourceFile();
    const imports = file.statements.filter((one): one is ts.ImportDeclaration => ts.isImportDeclaration(one) && ts.isStringLiteral(one.moduleSpecifier) && /^unpark(?:\/|$)|(?:^|\/)src\/index\.js$/.test(one.moduleSpecifier.text));
    const list = imports.map(({ importClause }) => importClause?.namedBindings).find((one): one is ts.NamedImports => one !== undefined && ts.isNamedImports(one));
    const known = new Set(imports.flatMap(({ importClause }) => (importClause?.namedBindings !== undefined && ts.isNamedImports(importClause.namedBindings) ? importClause.namedBindings.elements.map(({ name }) => name.text) : [])));
    for (const name of names.filter((one) => !known.has(one))) {
      const word = isType ? `type ${name}` : name;
      const next = list?.elements.find((one) => one.name.text.toLowerCase() > name.toLowerCase() && (!isType || one.isTypeOnly));
      if (list === undefined) this.#add(file, file.getStart(), file.getStart(), `import { ${word} } from "unpark";\n`);
      else if (next !== undefined && !isType) this.insert(next, next.getStart(), `${word}, `);
      else this.insert(list, list.elements.at(-1)!.end, `, ${word}`);
    }
    return this;
  }

  #add(file: ts.SourceFile, from: number, to: number, text: string): this {
    if (from === to && this.#changes.some((one) => one.file === file && one.from === from && one.to === to && one.text === text && text.endsWith(", "))) return this;
    this.#changes.push({ file, from, to, text });
    return this;
  }

  #place(statement: ts.Statement): { readonly isOneLine: boolean; readonly indent: string; readonly from: number } {
    const { text } = statement.getSourceFile();
    const { ts } = this.#sources;
    const comments = ts.getLeadingCommentRanges(text, statement.getFullStart()) ?? [];
    const start = comments.find(({ pos }) => /^[ \t]*$/.test(text.slice(lineStart(text, pos), pos)))?.pos ?? statement.getStart();
    const from = lineStart(text, start);
    const indent = indentAt(text, start);
    return { isOneLine: from + indent.length !== start, indent, from };
  }

  /** Inside of a literal or a comment of several lines: there an indentation would be text. */
  #isRaw(file: ts.SourceFile, at: number): boolean {
    const { ts } = this.#sources;
    for (const node of within(ts, file)) {
      if ((ts.isTemplateLiteralToken(node) || ts.isStringLiteral(node)) && node.getStart() < at && at < node.end) return true;
    }
    return false;
  }
}

const lineStart = (text: string, at: number): number => text.lastIndexOf("\n", at - 1) + 1;
const lineEnd = (node: ts.Node): number => {
  const end = node.getSourceFile().text.indexOf("\n", node.end);
  return end < 0 ? node.getSourceFile().text.length : end;
};
const indentAt = (text: string, at: number): string => /^[ \t]*/.exec(text.slice(lineStart(text, at)))![0];

function* lineStarts(text: string, from: number, end: number): Generator<number, void> {
  for (let at = from; at >= 0 && at < end; at = text.indexOf("\n", at) + 1) {
    yield at;
    if (text.indexOf("\n", at) < 0) return;
  }
}
