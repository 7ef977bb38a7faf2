import type ts from "typescript";
import type { Compiler } from "./compiler.js";

export type FunctionNode = ts.FunctionDeclaration | ts.FunctionExpression | ts.ArrowFunction | ts.MethodDeclaration;

export const isFunction = ({ isFunctionDeclaration, isFunctionExpression, isArrowFunction, isMethodDeclaration }: Compiler, node: ts.Node): node is FunctionNode =>
  isFunctionDeclaration(node) || isFunctionExpression(node) || isArrowFunction(node) || isMethodDeclaration(node);

/** `node` and what it stands in, from the inside out. */
export function* outwards(node: ts.Node): Generator<ts.Node, undefined> {
  for (let at: ts.Node | undefined = node; at !== undefined; at = at.parent as ts.Node | undefined) yield at;
}

export function* within(compiler: Compiler, node: ts.Node): Generator<ts.Node, void> {
  yield node;
  const children: ts.Node[] = [];
  compiler.forEachChild(node, (child) => void children.push(child));
  for (const child of children) yield* within(compiler, child);
}

/** The same without what inner functions do. */
export function* ownNodes(compiler: Compiler, node: ts.Node): Generator<ts.Node, void> {
  yield node;
  const children: ts.Node[] = [];
  compiler.forEachChild(node, (child) => void (isFunction(compiler, child) || children.push(child)));
  for (const child of children) yield* ownNodes(compiler, child);
}

export const functionOf = (compiler: Compiler, node: ts.Node): FunctionNode | undefined => [...outwards(node.parent)].find((one) => isFunction(compiler, one));

export const isIn = (node: ts.Node, whole: ts.Node): boolean => node.getSourceFile() === whole.getSourceFile() && node.pos >= whole.pos && node.end <= whole.end;

export const isAsync = ({ SyntaxKind }: Compiler, node: FunctionNode): boolean => node.modifiers?.some(({ kind }) => kind === SyntaxKind.AsyncKeyword) === true;

export const isExported = (compiler: Compiler, node: ts.Node): boolean =>
  [...outwards(node)].some((one) => compiler.canHaveModifiers(one) && one.modifiers?.some(({ kind }) => kind === compiler.SyntaxKind.ExportKeyword) === true && !isFunctionAround(compiler, node, one));

/** Is there a function between the two: then what is inside is nobody's to name. */
const isFunctionAround = (compiler: Compiler, inner: ts.Node, outer: ts.Node): boolean => {
  for (const one of outwards(inner)) {
    if (one === outer) return false;
    if (one !== inner && isFunction(compiler, one)) return true;
  }
  return false;
};

/** The statement of a block that `node` stands in. */
export function statementOf(compiler: Compiler, node: ts.Node): { readonly block: ts.Block; readonly statement: ts.Statement; readonly index: number } | undefined {
  for (const one of outwards(node)) {
    if (isFunction(compiler, one) && one !== node) return undefined;
    if (one.parent !== undefined && compiler.isBlock(one.parent)) return { block: one.parent, statement: one as ts.Statement, index: one.parent.statements.indexOf(one as ts.Statement) };
  }
  return undefined;
}

/** Without parentheses, `await`, `as` and `!`. */
export function bare(compiler: Compiler, node: ts.Expression): ts.Expression {
  if (compiler.isParenthesizedExpression(node) || compiler.isAwaitExpression(node) || compiler.isAsExpression(node) || compiler.isNonNullExpression(node) || compiler.isSatisfiesExpression(node)) return bare(compiler, node.expression);
  return node;
}

/** `await f(x);`, and nothing else. */
export const isAlone = (compiler: Compiler, node: ts.Expression): boolean => {
  const outer = compiler.isAwaitExpression(node.parent) ? node.parent : node;
  return compiler.isExpressionStatement(outer.parent);
};

/** The last word of what is called: `send` of `a.b.send()`. */
export const calledName = (compiler: Compiler, { expression }: ts.CallExpression): string | undefined =>
  compiler.isIdentifier(expression) ? expression.text : compiler.isPropertyAccessExpression(expression) ? expression.name.text : undefined;

/** How a reader calls a function. */
export function functionName(compiler: Compiler, node: FunctionNode): string {
  if (node.name !== undefined) return node.name.getText();
  const { parent } = node;
  if (compiler.isVariableDeclaration(parent) || compiler.isPropertyAssignment(parent)) return parent.name.getText();
  const around = functionOf(compiler, node);
  return around === undefined ? "the function" : `the function in ${functionName(compiler, around)}`.replace("the function in the function", "the function");
}
