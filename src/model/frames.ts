import type { Frame, Stack } from "./stack.js";

/** The first path elements of Go's standard library (go/src, and what `go list std` prints below them). */
const STANDARD = new Set(
  (
    "archive bufio builtin bytes cmp compress container context crypto database debug embed encoding errors expvar flag " +
    "fmt go hash html image index internal io iter log maps math mime net os path plugin reflect regexp runtime slices " +
    "sort strconv strings structs sync syscall testing text time unicode unique unsafe vendor weak"
  ).split(" "),
);

/** `net/http.(*conn).serve` → `net/http`. Dots of the last path element are escaped in symbols (`yaml%2ev3.Load`). */
export function packageOf(symbol: string): string {
  const dot = symbol.indexOf(".", endOfFolder(symbol));
  return (dot < 0 ? symbol : symbol.slice(0, dot)).replace(/%2e/g, ".");
}

/**
 * `example.com/shop/cart.(*Cart).Add` → `cart.(*Cart).Add`, as the source says it. The names of type arguments are left
 * as they are.
 */
export const shortSymbol = (symbol: string): string => symbol.slice(endOfFolder(symbol));

/** Behind the last slash that is not of a type argument. */
function endOfFolder(symbol: string): number {
  const bracket = symbol.indexOf("[");
  return symbol.lastIndexOf("/", bracket < 0 ? symbol.length : bracket) + 1;
}

/** Is the frame Go's own? By the symbol's import path: a module's path has a name of its own (`main`, `example.com/x`). */
export function isStandard(frame: Frame): boolean {
  const path = packageOf(frame.function);
  const first = path.slice(0, (path.indexOf("/") + 1 || path.length + 1) - 1);
  return STANDARD.has(first);
}

/** The innermost frame of the user's: outside the standard library. Undefined where the whole stack is the library's. */
export const userFrame = (stack: Stack): Frame | undefined => stack.find((frame) => !isStandard(frame));

/** Is it a test's own code? Go compiles `_test.go` files into test binaries alone. */
export const isTestCode = ({ file }: Frame): boolean => file.endsWith("_test.go");

/** Is it a test itself: a function (or a method of a suite) that `go test` runs, or a closure of it? Not its helpers. */
export const isTestFunction = (symbol: string): boolean => /\.(?:Test|Benchmark|Fuzz|Example)(?![a-z])\w*(?:\.|$)/.test(shortSymbol(symbol));

/** The frames below (called by) the user's innermost one: the library call that blocks. */
export function libraryFrames(stack: Stack): Stack {
  const user = stack.findIndex((frame) => !isStandard(frame));
  return user < 0 ? stack : stack.slice(0, user);
}

/** `main.go:12`: a position short enough for a sentence. */
export const at = (frame: Frame): string => `${frame.file.slice(frame.file.lastIndexOf("/") + 1)}:${frame.line}`;

/** Where to point: the user's innermost frame, else the innermost that is not of the runtime, else nothing is known. */
export function place(stack: Stack): Frame {
  const outsideRuntime = stack.find((frame) => !/^(runtime|internal|sync)\b/.test(packageOf(frame.function)));
  return userFrame(stack) ?? outsideRuntime ?? stack[0] ?? { function: "(unknown)", file: "", line: 0 };
}
