import type { Way } from "../../../model/results/fix.js";

export interface FixCase {
  readonly name: string;
  readonly ways: readonly Way[];
  readonly source: string;
  /** Of each candidate the lines that it takes away and adds, without indentation. */
  readonly expected: readonly (readonly string[])[];
  /** Why a way proposes nothing. */
  readonly refused?: RegExp;
  /** An operation that was another than was meant: there are fewer of it afterwards. */
  readonly mistaken?: "Lock";
}

/** A file of one function body, or of whole declarations. */
const goFile = (body: string, imports = ""): string => `package p\n${imports === "" ? "" : `\nimport ${imports}\n`}\n${body.replace(/^\n/, "").replace(/\n *$/, "\n")}`;

export const buffer = (name: string, body: string, expected: readonly string[] | RegExp, imports = ""): FixCase => ({
  name: `buffer: ${name}`,
  ways: ["buffer"],
  source: goFile(body, imports),
  ...(expected instanceof RegExp ? { expected: [], refused: expected } : { expected: [expected] }),
});

/** Of any way: the candidates in their order. */
export const way = (way: Way, name: string, body: string, expected: readonly (readonly string[])[] | RegExp, imports = ""): FixCase => ({
  name: `${way}: ${name}`,
  ways: [way],
  source: goFile(body, imports),
  ...(expected instanceof RegExp ? { expected: [], refused: expected } : { expected }),
});
