import type ts from "typescript";
import type { Sources } from "./sources.js";
import { bare, calledName, isFunction, outwards, ownNodes, within, type FunctionNode } from "./syntax.js";

/** What is done with an object of the runtime: by a method, a case of a select, or a `for await`. */
export interface TsOperation {
  readonly kind: string;
  readonly node: ts.CallExpression | ts.ForOfStatement;
  /** The channel, lock, group … */
  readonly object: ts.Expression;
  /** The select that it is a case of. */
  readonly select?: ts.CallExpression;
}

/** A place where a function is called, or handed to what calls it once. */
export interface Use {
  readonly call: ts.CallExpression;
  readonly args: readonly ts.Expression[];
  /** `go`: in a goroutine of its own. */
  readonly by: "call" | "go" | "once" | "each";
}

const METHODS: ReadonlyMap<string, RegExp> = new Map(Object.entries({
  send: /Chan$/, recv: /Chan$/, recvOk: /Chan$/, values: /Chan$/, close: /Chan$/,
  lock: /Mutex$/, unlock: /Mutex$/, rlock: /^RWMutex$/, runlock: /^RWMutex$/,
  add: /^WaitGroup$/, done: /^WaitGroup$/, wait: /^(?:WaitGroup|Cond)$/, signal: /^Cond$/, broadcast: /^Cond$/,
}));
const CASES: ReadonlySet<string> = new Set(["send", "recv"]);
/** Who calls a function that it is handed once. */
const ONCE: ReadonlySet<string> = new Set(["func", "defer", "explore", "it", "test", "scope", "main"]);
const EACH: ReadonlySet<string> = new Set(["map", "forEach"]);

/** Which object an expression means: followed through names, parameters, arguments and what functions return. */
export class Objects {
  readonly #sources: Sources;
  #operations: readonly TsOperation[] | undefined;
  #uses: Map<ts.Symbol, ts.Identifier[]> | undefined;

  constructor(sources: Sources) {
    this.#sources = sources;
  }

  get operations(): readonly TsOperation[] {
    const { ts, files } = this.#sources;
    this.#operations ??= files.flatMap((file) => [...within(ts, file)].flatMap((node) => this.#operation(node) ?? []));
    return this.#operations;
  }

  /** What is done with any of the objects. */
  on(makers: ReadonlySet<ts.Node>): readonly TsOperation[] {
    return this.operations.filter(({ object }) => [...this.makers(object)].some((one) => makers.has(one)));
  }

  #operation(node: ts.Node): TsOperation | undefined {
    const { ts } = this.#sources;
    if (ts.isForOfStatement(node)) return node.awaitModifier !== undefined && this.#isOf(node.expression, /Chan$/) ? { kind: "range", node, object: node.expression } : undefined;
    if (!ts.isCallExpression(node)) return undefined;
    const { expression, arguments: args, parent } = node;
    if (ts.isPropertyAccessExpression(expression)) {
      const type = METHODS.get(expression.name.text);
      return type !== undefined && this.#isOf(expression.expression, type) ? { kind: expression.name.text, node, object: expression.expression } : undefined;
    }
    const isCase = ts.isIdentifier(expression) && CASES.has(expression.text) && ts.isCallExpression(parent) && calledName(ts, parent) === "select";
    return isCase && args[0] !== undefined ? { kind: expression.text, node, object: args[0], select: parent } : undefined;
  }

  #isOf(node: ts.Expression, name: RegExp): boolean {
    const type = this.#sources.checker.getTypeAtLocation(node).getNonNullableType();
    return name.test(type.symbol?.name ?? "") || (type.isUnion() && type.types.some(({ symbol }) => name.test(symbol?.name ?? "")));
  }

  /** Where it may have been made: `new …`, or `Chan.nil()`. */
  makers(node: ts.Expression): ReadonlySet<ts.Node> {
    const found = new Set<ts.Node>();
    this.#follow(node, found, new Set());
    return found;
  }

  #follow(given: ts.Expression, found: Set<ts.Node>, seen: Set<ts.Node>): void {
    const { ts } = this.#sources;
    const node = bare(ts, given);
    if (seen.has(node)) return;
    seen.add(node);
    if (ts.isNewExpression(node)) found.add(node);
    else if (ts.isConditionalExpression(node)) for (const one of [node.whenTrue, node.whenFalse]) this.#follow(one, found, seen);
    else if (ts.isCallExpression(node)) {
      if (calledName(ts, node) === "nil") found.add(node);
      for (const one of this.#returned(node)) this.#follow(one, found, seen);
    } else for (const declaration of this.symbol(node)?.declarations ?? []) this.#followDeclaration(declaration, found, seen);
  }

  #followDeclaration(node: ts.Declaration, found: Set<ts.Node>, seen: Set<ts.Node>): void {
    const { ts } = this.#sources;
    if ((ts.isVariableDeclaration(node) || ts.isPropertyDeclaration(node) || ts.isPropertyAssignment(node)) && node.initializer !== undefined) this.#follow(node.initializer, found, seen);
    if (ts.isShorthandPropertyAssignment(node)) this.#follow(node.name, found, seen);
    if (!ts.isParameter(node) || !isFunction(ts, node.parent)) return;
    const at = node.parent.parameters.indexOf(node);
    for (const { args } of this.uses(node.parent) ?? []) if (args[at] !== undefined) this.#follow(args[at], found, seen);
  }

  #returned(call: ts.CallExpression): readonly ts.Expression[] {
    const { ts } = this.#sources;
    return this.called(call.expression).flatMap((one) => {
      if (one.body !== undefined && !ts.isBlock(one.body)) return [one.body];
      return [...ownNodes(ts, one.body ?? one)].flatMap((node) => (ts.isReturnStatement(node) && node.expression !== undefined ? [node.expression] : []));
    });
  }

  /** The user's functions that an expression names. */
  called(node: ts.Expression): readonly FunctionNode[] {
    const { ts } = this.#sources;
    if (isFunction(ts, node)) return [node];
    return (this.symbol(node)?.declarations ?? []).flatMap((one) => {
      if (isFunction(ts, one)) return [one];
      const value = ts.isVariableDeclaration(one) || ts.isPropertyAssignment(one) ? one.initializer : undefined;
      return value !== undefined && isFunction(ts, value) ? [value] : [];
    });
  }

  symbol(node: ts.Node): ts.Symbol | undefined {
    const { ts, checker } = this.#sources;
    const symbol = checker.getSymbolAtLocation(ts.isPropertyAccessExpression(node) ? node.name : node);
    return symbol !== undefined && (symbol.flags & ts.SymbolFlags.Alias) !== 0 ? checker.getAliasedSymbol(symbol) : symbol;
  }

  /** All places where a function is called; undefined: it is handed on, or its callers are not known. */
  uses(node: FunctionNode): readonly Use[] | undefined {
    const { ts } = this.#sources;
    const { parent } = node;
    if (ts.isArrowFunction(node) || ts.isFunctionExpression(node)) {
      if (!ts.isVariableDeclaration(parent) && !ts.isPropertyAssignment(parent)) {
        const use = this.#use(node);
        return use === undefined ? undefined : [use];
      }
      return this.#usesOf(parent.name);
    }
    return node.name === undefined ? undefined : this.#usesOf(node.name);
  }

  #usesOf(name: ts.Node): readonly Use[] | undefined {
    const symbol = this.symbol(name);
    if (symbol === undefined) return undefined;
    const uses: Use[] = [];
    for (const id of this.names().get(symbol) ?? []) {
      if (id === name || this.#sources.ts.isImportSpecifier(id.parent) || this.#sources.ts.isExportSpecifier(id.parent)) continue;
      const use = this.#use(this.#sources.ts.isPropertyAccessExpression(id.parent) && id.parent.name === id ? id.parent : id);
      if (use === undefined) return undefined;
      uses.push(use);
    }
    return uses;
  }

  /** Every name in the user's files, by what it means. */
  names(): ReadonlyMap<ts.Symbol, readonly ts.Identifier[]> {
    if (this.#uses !== undefined) return this.#uses;
    const { ts, files } = this.#sources;
    this.#uses = new Map();
    for (const file of files) {
      for (const node of within(ts, file)) {
        const symbol = ts.isIdentifier(node) || ts.isPrivateIdentifier(node) ? this.symbol(node) : undefined;
        if (symbol !== undefined) this.#uses.set(symbol, [...(this.#uses.get(symbol) ?? []), node as ts.Identifier]);
      }
    }
    return this.#uses;
  }

  #use(node: ts.Expression): Use | undefined {
    const { ts } = this.#sources;
    const { parent } = node;
    if (ts.isParenthesizedExpression(parent)) return this.#use(parent);
    if (!ts.isCallExpression(parent)) return undefined;
    if (parent.expression === node) return { call: parent, args: parent.arguments, by: "call" };
    const name = calledName(ts, parent) ?? "";
    const at = parent.arguments.indexOf(node);
    if (name === "go" && at === 0) return { call: parent, args: parent.arguments.slice(1), by: "go" };
    if (ONCE.has(name)) return { call: parent, args: [], by: "once" };
    return EACH.has(name) ? { call: parent, args: [], by: "each" } : undefined;
  }

  /** The innermost operation on a line that a stack names. */
  at(file: string, line: number): TsOperation | undefined {
    const ops = this.operations.filter(({ node }) => node.getSourceFile().fileName === file && this.#sources.line(node) <= line && this.#lineOfCall(node) >= line);
    return ops.sort((a, b) => b.node.pos - a.node.pos)[0];
  }

  /** A call of several lines is told by the line of its name; a loop by its first. */
  #lineOfCall(node: TsOperation["node"]): number {
    const { ts } = this.#sources;
    return this.#sources.line(node, ts.isForOfStatement(node) ? node.getStart() : node.expression.end);
  }

  /** Is a loop between `node` and the function around it? */
  isInLoop(node: ts.Node): boolean {
    const { ts } = this.#sources;
    for (const one of outwards(node)) {
      if (one !== node && isFunction(ts, one)) return false;
      if (one !== node && ts.isIterationStatement(one, false)) return true;
    }
    return false;
  }
}
