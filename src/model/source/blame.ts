import type { Frame, Stack } from "../goroutine/stack.js";

/** Whose code a frame is: `user` what the person can change, `library` a dependency, `std` Go or Node itself. */
export type CodeOwner = "user" | "library" | "std";

/** First elements of the standard library's import paths (`go list std`, Go 1.18 to 1.27), and of the runtime's own. */
const STANDARD: ReadonlySet<string> = new Set(
  (
    "archive bufio builtin bytes cmp compress container context crypto database debug embed encoding errors expvar flag " +
    "fmt go hash html image index internal io iter log maps math mime net os path plugin reflect regexp runtime slices " +
    "sort strconv strings structs sync syscall testing text time unicode unique unsafe vendor weak"
  ).split(" "),
);

/** Is it the first element of an import path of the standard library? */
export const isStandardElement = (first: string): boolean => STANDARD.has(first);

/** Stands where nothing is known of a place. */
export const UNKNOWN_FRAME: Frame = { function: "(unknown)", file: "", line: 0 };

/**
 * `github.com/a/b.(*T).f` → `github.com/a/b`; `main.main.func1` → `main`; a name without a dot (`panic`) has no package: "".
 * The linker writes dots of a path's last element as %2e (`gopkg.in/yaml%2ev3.Load`).
 */
export function packageOf(symbol: string): string {
  const dot = symbol.indexOf(".", endOfFolder(symbol));
  return dot < 0 ? "" : plainDots(symbol.slice(0, dot));
}

/** `example.com/shop/cart.(*Cart).Add` → `cart.(*Cart).Add`, as the source says it; type arguments are left as they are. */
export const shortSymbol = (symbol: string): string => plainDots(symbol.slice(endOfFolder(symbol)));

/** As people write it: the linker writes dots of a path's last element as %2e (`github.com/nats-io/nats%2ego.(*Conn).readLoop`). */
export const plainDots = (symbol: string): string => (symbol.includes("%2e") ? symbol.replaceAll("%2e", ".") : symbol);

/** Behind the last slash that is not of a type argument. */
function endOfFolder(symbol: string): number {
  const bracket = symbol.indexOf("[");
  return symbol.lastIndexOf("/", bracket < 0 ? symbol.length : bracket) + 1;
}

/**
 * @param module the user's module path, if known: then all of it is the user's, and everything else is a library.
 *   Without it, what lies in the module cache, in `vendor` or in `node_modules` is a library.
 */
export function ownerOf({ function: name, file }: Frame, module?: string): CodeOwner {
  if (file.startsWith("node:") || name === "panic" || name.startsWith("_cgo") || name.startsWith("non-Go")) return "std";
  if (C_OF_RUNTIME.test(file)) return "std";
  const pkg = packageOf(name);
  const first = pkg.split("/", 1)[0]!;
  if (STANDARD.has(first) && isInGoroot(file, pkg)) return "std";
  if (LIBRARY_FOLDER.test(file) && !isIn(pkg, module)) return "library";
  // A TypeScript name is written as main's (runtime/observe/stack-trace.ts): the folder above decides whose it is.
  if (pkg === "main" || pkg === "" || module === undefined) return "user";
  return isIn(pkg, module) ? "user" : "library";
}

/** Up to Go 1.4 much of the runtime was C, whose functions have no package. */
const C_OF_RUNTIME = /\/src\/(?:pkg\/)?runtime\/[^/]*\.(?:c|goc|s)$/;

const LIBRARY_FOLDER = /\/pkg\/mod\/|@v\d|\/vendor\/|\/node_modules\//;

const isIn = (pkg: string, module: string | undefined): boolean => module !== undefined && (pkg === module || pkg.startsWith(`${module}/`));

/** The same with a memory for frames seen before: a snapshot's stacks share theirs. */
export function ownersOf(module?: string): (frame: Frame) => CodeOwner {
  const known = new Map<Frame, CodeOwner>();
  return (frame) => {
    let owner = known.get(frame);
    if (owner === undefined) known.set(frame, (owner = ownerOf(frame, module)));
    return owner;
  };
}

/**
 * `/usr/local/go/src/net/http/server.go` holds package net/http; with -trimpath it is `net/http/server.go`. A name without
 * a folder says nothing against it. Else a user's package whose path begins like one of Go's would be taken for Go's.
 */
function isInGoroot(file: string, pkg: string): boolean {
  const path = file.replace(/\\/g, "/");
  if (!path.includes("/")) return true;
  const folder = path.slice(0, path.lastIndexOf("/"));
  // time.Sleep lies in runtime/time.go, testing/synctest.testingSynctestTest in testing/testing.go: linknamed.
  // Up to Go 1.3 the library lay in src/pkg.
  return folder === pkg || folder.endsWith(`/src/${pkg}`) || folder.endsWith(`/src/pkg/${pkg}`) || /(^|\/src\/(?:pkg\/)?)(runtime|internal\/|sync|syscall|testing)/.test(folder);
}

export const isStandard = (frame: Frame): boolean => ownerOf(frame) === "std";

/** Is it a test's own code? Go compiles `_test.go` files into test binaries alone. */
export const isTestCode = ({ file }: Pick<Frame, "file">): boolean => file.endsWith("_test.go");

/** Is it a test itself: a function (or a method of a suite) that `go test` runs, or a closure of it? Not its helpers. */
export const isTestFunction = (symbol: string): boolean => /\.(?:Test|Benchmark|Fuzz|Example)(?![a-z])\w*(?:\.|$)/.test(shortSymbol(symbol));

/**
 * The frame that is blamed, in every command alike: the innermost that the person can change; without one, the innermost
 * of a library. Undefined where the whole stack is Go's own.
 */
export function userFrame(stack: Stack, module?: string): Frame | undefined {
  return stack.find((frame) => ownerOf(frame, module) === "user") ?? stack.find((frame) => ownerOf(frame, module) === "library");
}

/**
 * The same; a stack that is all Go's own is named by its outermost frame: by what it is (`http.(*persistConn).readLoop`),
 * not by how it waits (`poll.runtime_pollWait`).
 */
export function blamedFrame(stack: Stack, module?: string): Frame | undefined {
  return userFrame(stack, module) ?? stack.findLast((frame) => !/^runtime\.(?:goexit|main|mcall)$/.test(frame.function)) ?? stack[0];
}

/** The same; UNKNOWN_FRAME where there is no stack. */
export const place = (stack: Stack): Frame => blamedFrame(stack) ?? UNKNOWN_FRAME;

/** The frames below (called by) the blamed one: the library call that blocks. The whole stack where no frame is blamed. */
export function libraryFrames(stack: Stack): Stack {
  const user = userFrame(stack);
  return user === undefined ? stack : stack.slice(0, stack.indexOf(user));
}

/** `main.go:12`: a position short enough for a sentence. */
export const at = (frame: Frame): string => `${frame.file.slice(frame.file.lastIndexOf("/") + 1)}:${frame.line}`;

/** What a goroutine begins with that one of these started for who called it, after it had added 1 to its WaitGroup. */
export const isGoEntry = (name: string): boolean => GO.test(name.replace(/\.func\d+$/, "")) && !GO.test(name);
const GO = /^(?:sync\.\(\*WaitGroup\)\.Go|golang\.org\/x\/sync\/errgroup\.\(\*Group\)\.(?:Go|TryGo))$/;

/** What package testing starts a test, a fuzz target or a benchmark with (an example runs on main's own goroutine). */
export const isTestEntry = (name: string): boolean => name === "testing.tRunner" || name === "testing.fRunner" || name === "testing.(*B).run1.func1";
