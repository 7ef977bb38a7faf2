import { readFileSync } from "node:fs";
import { findFunctions } from "../overlay/go-text.js";

export interface DeclaredTest {
  readonly name: string;
  readonly kind: "test" | "example" | "fuzz" | "benchmark";
  readonly file: string;
  readonly line: number;
}

const KINDS = [
  ["test", "Test", "T"],
  ["fuzz", "Fuzz", "F"],
  ["benchmark", "Benchmark", "B"],
] as const;

/** The tests that a test file declares, in its order. An unreadable file has none: the compiler will say why. */
export function declaredTests(file: string): readonly DeclaredTest[] {
  try {
    return testsIn(readFileSync(file, "utf8"), file);
  } catch {
    return [];
  }
}

/**
 * By the rules of cmd/go/internal/load (isTestFunc, isTest): one parameter of type *T (of whatever name the testing
 * package is imported under), and no lower-case letter after the prefix. TestMain(*M) is none. An example runs only
 * if its body ends with an output comment (go/doc, exampleOutput).
 */
export function testsIn(source: string, file: string): readonly DeclaredTest[] {
  const found: (DeclaredTest & { readonly at: number })[] = [];
  const add = (kind: DeclaredTest["kind"], name: string, at: number): void => {
    found.push({ name, kind, file, line: source.slice(0, at).split("\n").length, at });
  };
  for (const [kind, prefix, type] of KINDS) {
    const pattern = new RegExp(`^func (${prefix}(?!\\p{Ll})[\\p{L}\\p{N}_]*)\\((?:\\w+ )?\\*(?:\\w+\\.)?${type}\\)`, "gmu");
    for (const match of source.matchAll(pattern)) add(kind, match[1] ?? "", match.index);
  }
  for (const match of source.matchAll(/^func (Example(?!\p{Ll})[\p{L}\p{N}_]*)\(\)/gmu)) {
    if (hasOutput(source, match[1] ?? "")) add("example", match[1] ?? "", match.index);
  }
  return found.sort((a, b) => a.at - b.at).map(({ name, kind, line }) => ({ name, kind, file, line }));
}

function hasOutput(source: string, name: string): boolean {
  const found = findFunctions(source, name)[0];
  if (found?.body === undefined) return false;
  const body = source.slice(found.body, found.end - 1).trimEnd();
  const last = body.endsWith("*/") ? body.slice(body.lastIndexOf("/*")) : /(?:^|\n)(?:[ \t]*\/\/[^\n]*(?:\n|$))+$/.exec(body)?.[0];
  return last !== undefined && /^[\s/*]*(?:unordered )?output:/i.test(last);
}
