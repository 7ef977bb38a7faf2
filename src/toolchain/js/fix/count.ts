import type ts from "typescript";
import type { Objects } from "./objects.js";
import type { Sources } from "./sources.js";
import { bare, isFunction, isIn, outwards, type FunctionNode } from "./syntax.js";

/** How often something happens: a number, or a number times words that say it (`prices.length`). */
interface Product {
  readonly number: number;
  readonly words: readonly string[];
}

/** How often at the most `nodes` come for each `maker`, as text that means the same where `maker` stands; undefined: no bound is known. */
export function countFor(sources: Sources, objects: Objects, nodes: readonly ts.Node[], maker: ts.Node): string | undefined {
  const turns = new Turns(sources, objects, maker);
  const sums = nodes.map((node) => turns.of(node, new Set()));
  if (sums.some((one) => one === undefined)) return undefined;
  const all = sums.flatMap((one) => one ?? []);
  const plain = all.filter(({ words }) => words.length === 0).reduce((sum, { number }) => sum + number, 0);
  const worded = all.filter(({ words }) => words.length > 0).map(({ number, words }) => [...(number === 1 ? [] : [String(number)]), ...words].join(" * "));
  return [...worded, ...(plain > 0 || worded.length === 0 ? [String(plain)] : [])].join(" + ");
}

/** How often a node comes for each value of the maker, going outwards to it through loops and calls. */
class Turns {
  readonly #sources: Sources;
  readonly #objects: Objects;
  readonly #maker: ts.Node;

  constructor(sources: Sources, objects: Objects, maker: ts.Node) {
    this.#sources = sources;
    this.#objects = objects;
    this.#maker = maker;
  }

  of(node: ts.Node, seen: ReadonlySet<FunctionNode>): readonly Product[] | undefined {
    const { ts } = this.#sources;
    let product: Product = { number: 1, words: [] };
    for (const at of outwards(node)) {
      if (isIn(this.#maker, at)) return [product];
      if (ts.isIterationStatement(at, false) && at !== node) {
        const turns = this.#turnsOf(at);
        if (turns === undefined) return undefined;
        product = times(product, turns);
      }
      if (isFunction(ts, at)) return this.#throughUses(at, product, seen);
    }
    return [product];
  }

  /** For each place where the function is used, as often as that comes. */
  #throughUses(at: FunctionNode, product: Product, seen: ReadonlySet<FunctionNode>): readonly Product[] | undefined {
    const uses = seen.has(at) ? undefined : this.#objects.uses(at);
    if (uses === undefined || uses.length === 0) return undefined;
    const sum: Product[] = [];
    for (const { call, args, by } of uses) {
      if (by === "call" || by === "go") if (args.length > 0 && !args.some((arg) => this.#objects.makers(arg).has(this.#maker)) && !isIn(this.#maker, call) && !this.#reaches(at)) continue;
      const around = this.of(call, new Set([...seen, at]));
      const each = by === "each" ? this.#ofList((call.expression as ts.PropertyAccessExpression).expression) : ONE;
      if (around === undefined || each === undefined) return undefined;
      sum.push(...around.map((one) => times(times(one, each), product)));
    }
    return sum;
  }

  /** A closure that sees the object itself, not by an argument. */
  #reaches(fn: FunctionNode): boolean {
    return isFunction(this.#sources.ts, fn) && [...outwards(fn)].some((one) => one !== fn && isFunction(this.#sources.ts, one) && isIn(this.#maker, one));
  }

  #turnsOf(loop: ts.IterationStatement): Product | undefined {
    const { ts } = this.#sources;
    if (ts.isForOfStatement(loop) && loop.awaitModifier === undefined) return this.#ofList(loop.expression);
    if (!ts.isForStatement(loop) || loop.initializer === undefined || !ts.isVariableDeclarationList(loop.initializer) || loop.condition === undefined) return undefined;
    const { condition, incrementor } = loop;
    if (incrementor === undefined || !/^(?:\+\+)?\w+(?:\+\+)?$/.test(incrementor.getText())) return undefined;
    return this.#turnsOfCounter(loop.initializer.declarations[0], condition);
  }

  /** `for (let i = 0; i < end; i++)`, with a number or a name as its end. */
  #turnsOfCounter(first: ts.VariableDeclaration | undefined, condition: ts.Expression): Product | undefined {
    const { ts } = this.#sources;
    if (first?.initializer === undefined || !ts.isNumericLiteral(first.initializer) || !ts.isBinaryExpression(condition) || condition.left.getText() !== first.name.getText()) return undefined;
    const more = condition.operatorToken.kind === ts.SyntaxKind.LessThanEqualsToken ? 1 : 0;
    if (more === 0 && condition.operatorToken.kind !== ts.SyntaxKind.LessThanToken) return undefined;
    const begin = Number(first.initializer.text) - more;
    const end = bare(ts, condition.right);
    if (ts.isNumericLiteral(end)) return { number: Math.max(0, Number(end.text) - begin), words: [] };
    if (begin > 0 || !this.#means(end)) return undefined;
    return { number: 1, words: [begin === 0 ? end.getText() : `(${end.getText()} + ${-begin})`] };
  }

  #ofList(node: ts.Expression): Product | undefined {
    const { ts, checker } = this.#sources;
    const list = bare(ts, node);
    if (ts.isArrayLiteralExpression(list)) return list.elements.some((one) => ts.isSpreadElement(one)) ? undefined : { number: list.elements.length, words: [] };
    return checker.isArrayLikeType(checker.getTypeAtLocation(list)) && this.#means(list) ? { number: 1, words: [`${list.getText()}.length`] } : undefined;
  }

  /** Does a name mean the same where the object is made, and is it never given another value? */
  #means(node: ts.Expression): boolean {
    const { ts, checker } = this.#sources;
    if (ts.isPropertyAccessExpression(node)) return node.name.text === "length" && this.#means(node.expression);
    if (!ts.isIdentifier(node)) return false;
    const symbol = this.#objects.symbol(node);
    const declaration = symbol?.valueDeclaration;
    if (symbol === undefined || declaration === undefined || checker.resolveName(node.text, this.#maker, ts.SymbolFlags.Value, false) !== symbol) return false;
    const isConst = ts.isParameter(declaration) || (ts.isVariableDeclaration(declaration) && (ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const) !== 0);
    return isConst && (declaration.getSourceFile() !== this.#maker.getSourceFile() || declaration.end <= this.#maker.pos);
  }
}

const ONE: Product = { number: 1, words: [] };
const times = (a: Product, b: Product): Product => ({ number: a.number * b.number, words: [...a.words, ...b.words] });
