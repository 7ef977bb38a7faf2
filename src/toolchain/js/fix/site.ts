import type ts from "typescript";
import type { SourceEdit } from "../../../model/results/fix.js";
import type { Objects} from "./objects.js";
import { type TsOperation } from "./objects.js";
import { TsPatch } from "./patch.js";
import type { Sources } from "./sources.js";
import { functionOf, ownNodes, within, type FunctionNode } from "./syntax.js";

/** Edits with the names that the sentence about them needs. */
export interface Proposal {
  readonly edits: readonly SourceEdit[];
  readonly facts: Readonly<Record<string, string>>;
}

/** What a way proposes here; why nothing. */
export type WayHere = (site: Site) => readonly Proposal[] | string;

type Place = { readonly file: string; readonly line: number };

/** Where somebody waits, as the ways look at it. */
export class Site {
  readonly sources: Sources;
  readonly objects: Objects;
  readonly #stack: readonly Place[];
  readonly #others: readonly Place[];
  #operation: TsOperation | undefined | null = null;

  constructor(sources: Sources, objects: Objects, stack: readonly Place[], others: readonly Place[]) {
    this.sources = sources;
    this.objects = objects;
    this.#stack = stack;
    this.#others = others;
  }

  patch(): TsPatch {
    return new TsPatch(this.sources);
  }

  /** What is waited for. */
  get operation(): TsOperation | undefined {
    this.#operation ??= this.#stack.map(({ file, line }) => this.objects.at(file, line)).find((one) => one !== undefined);
    return this.#operation ?? undefined;
  }

  /** The nodes of the user's lines on the stack, and on the stacks beside it. */
  nodes(which: "stack" | "all" = "all"): readonly ts.Node[] {
    return (which === "stack" ? this.#stack : [...this.#stack, ...this.#others]).flatMap(({ file, line }) => this.#nodeAt(file, line) ?? []);
  }

  /** The functions that they stand in, from the inside out, each once. */
  functions(which: "stack" | "all" = "all"): readonly FunctionNode[] {
    const { ts } = this.sources;
    const found: FunctionNode[] = [];
    for (const node of this.nodes(which)) for (let fn = functionOf(ts, node); fn !== undefined; fn = functionOf(ts, fn)) if (!found.includes(fn)) found.push(fn);
    return found;
  }

  #nodeAt(name: string, line: number): ts.Node | undefined {
    const { ts } = this.sources;
    const file = this.sources.file(name);
    if (file === undefined) return undefined;
    const operation = this.objects.at(name, line)?.node;
    if (operation !== undefined) return operation;
    for (const node of within(ts, file)) if (node !== file && this.sources.line(node) === line && (ts.isCallExpression(node) || ts.isAwaitExpression(node) || ts.isStatement(node))) return node;
    return undefined;
  }

  /** The one place where the object is made; why there is none. */
  maker(object: ts.Expression): ts.NewExpression | ts.CallExpression | string {
    const all = [...this.objects.makers(object)];
    const [only] = all;
    if (only === undefined) return `where ${object.getText()} is made is not known`;
    return all.length > 1 ? `${object.getText()} is made at ${all.length} places` : (only as ts.NewExpression | ts.CallExpression);
  }

  /** A name that is not taken in the file, as near to `wanted` as there is. */
  name(wanted: string, beside: ts.Node): string {
    const { ts } = this.sources;
    const taken = new Set([...within(ts, beside.getSourceFile())].flatMap((node) => (ts.isIdentifier(node) ? [node.text] : [])));
    for (let number = 1; ; number++) {
      const name = number === 1 ? wanted : `${wanted}${number}`;
      if (!taken.has(name)) return name;
    }
  }

  /** A type behind a name, where the file is of TypeScript. */
  typed(name: string, type: string, beside: ts.Node): string {
    return /\.[cm]?tsx?$/.test(beside.getSourceFile().fileName) ? `${name}: ${type}` : name;
  }

  /** The operations of one kind that a function itself does. */
  ownCalls(fn: FunctionNode): readonly ts.CallExpression[] {
    const { ts } = this.sources;
    return fn.body === undefined ? [] : [...ownNodes(ts, fn.body)].filter((node) => ts.isCallExpression(node));
  }
}
