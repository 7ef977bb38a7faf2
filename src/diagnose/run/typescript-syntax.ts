import { withoutComment } from "../../model/source/code-line.js";
import type { FileSyntax, FunctionSyntax, OperationSyntax } from "../../model/source/syntax.js";

/**
 * TypeScript on Unpark's runtime, read as the Go that it stands for, so that one set of questions serves both:
 * `await ch.send(v)` is `ch <- v`, `for await (const v of ch)` is `for v := range ch`, and so on.
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

/**
 * A TypeScript file's functions and operations, line by line: a formatted block is indented deeper than the line that
 * opens it. Variables are taken for the same where they have the same name. (Go files are read from syntax trees.)
 */
export function typescriptSyntax(lines: readonly string[]): FileSyntax {
  const functions: Writable<FunctionSyntax>[] = [];
  const operations: OperationSyntax[] = [];
  const open: { readonly number: number; readonly indent: number }[] = [];
  lines.forEach((line, index) => {
    const text = withoutComment(line).trim();
    if (text === "") return;
    const indent = /^\s*/.exec(line)![0].length;
    while (open.length > 0 && indent <= open.at(-1)!.indent) functions[open.pop()!.number]!.end = index + 1;
    const inside = open.at(-1)?.number ?? -1;
    const go = asGo(text);
    const use = /^go\(/.test(text) ? "go" : /^defer\(/.test(text) ? "defer" : "";
    let own = inside;
    if (FUNCTION.test(text) && !/^(?:if|for|while|switch|catch)\b/.test(text)) {
      functions.push({ parent: inside, name: "", start: index + 1, end: lines.length, use, parameters: [], signature: [], receiver: false, returns: [] });
      open.push({ number: (own = functions.length - 1), indent });
    }
    if (/^return\b/.test(text) && inside >= 0) functions[inside]!.returns = [...functions[inside]!.returns, index + 1];
    if (use === "go") operations.push(operation(inside, index + 1, "go", "", own === inside ? -1 : own));
    operations.push(...operationsIn(go, own === inside || use === "" ? inside : own, index + 1));
  });
  return { functions, operations, loops: [] };
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** The lines that open a function: literal, declaration or method. */
const FUNCTION = /\bfunction\b.*\{\s*$|=>\s*\{\s*$|^(?:async |static |private |readonly )*[#\w]+\([^()]*\)(?:: [^{]*)?\{\s*$/;

function operationsIn(go: string, number: number, line: number): readonly OperationSyntax[] {
  const select = /\bselect\(/.test(go) ? line : 0;
  const found: OperationSyntax[] = [];
  const add = (kind: string, text: string): void => void found.push({ ...operation(number, line, kind, text, -1), select, deferred: go.startsWith("defer ") });
  for (const [, name] of go.matchAll(/\brange ([\w.#]+)/g)) add("range", name!);
  for (const [, name] of go.matchAll(/\bclose\(([\w.#]+)\)/g)) add("close", name!);
  for (const [, name] of go.matchAll(/([\w.#]+) <- /g)) add("send", name!);
  for (const [, name] of go.matchAll(/<-([\w.#]+(?:\(\))?)/g)) add("receive", name!);
  for (const [, name] of go.matchAll(/([\w.#]+)\.done\(\)/g)) add("Done", name!);
  for (const [, name] of go.matchAll(/defer ([\w.#]+)\.Done\(\)/g)) add("Done", name!);
  const cases = found.filter((one) => one.select > 0).length;
  return found.map((one, index) => ({ ...one, case: index, cases }));
}

const operation = (number: number, line: number, kind: string, text: string, literal: number): OperationSyntax => ({
  function: number, line, kind, text, variable: text, field: "", deferred: false, select: 0, selectEnd: line, case: 0, cases: 0, literal,
});
