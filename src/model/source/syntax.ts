/**
 * What stands in a Go source file: its functions, and in them the operations that another goroutine can notice. Read from
 * a syntax tree by go/syntax/tree.go, which says what each field means.
 */
export interface FileSyntax {
  readonly functions: readonly FunctionSyntax[];
  readonly operations: readonly OperationSyntax[];
  readonly loops: readonly LoopSyntax[];
}

/** A `for` that ranges over nothing. */
export interface LoopSyntax {
  readonly function: number;
  readonly start: number;
  readonly end: number;
  /** Empty: it has none. */
  readonly condition: string;
  /** Lines of what leaves it: return, break, goto. */
  readonly exits: readonly number[];
}

export interface FunctionSyntax {
  /** The number of the function around a literal; -1: it is a declaration. */
  readonly parent: number;
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly use: "go" | "defer" | "call" | "";
  readonly parameters: readonly string[];
  readonly signature: readonly ParameterSyntax[];
  readonly receiver: boolean;
  readonly returns: readonly number[];
}

export interface ParameterSyntax {
  readonly name: string;
  readonly type: string;
  readonly kind?: string;
}

export interface OperandSyntax {
  readonly text: string;
  readonly variable: string;
  readonly field: string;
}

export interface OperationSyntax extends OperandSyntax {
  readonly function: number;
  readonly line: number;
  /** `send`, `receive`, `range`, `close`, `go`, or a method's name: `Done`, `Wait` … */
  readonly kind: string;
  readonly deferred: boolean;
  readonly select: number;
  readonly selectEnd: number;
  readonly case: number;
  readonly cases: number;
  readonly leaves?: true;
  readonly arguments?: readonly OperandSyntax[];
  readonly literal: number;
}
