/**
 * GoBench's GoKer kernels ("GoBench: A Benchmark Suite of Real-World Go Concurrency Bugs", Yuan et al., CGO 2021) as the
 * Go distribution carries them, rewritten at build time; no line of them is kept here.
 *
 * Every kernel file registers one function of this shape (as of Go 1.26; whatever has another shape is an error, so
 * that a new Go release cannot silently change what is measured):
 *
 *     func Kernel() {
 *         prof := pprof.Lookup("goroutineleak")
 *         defer func() { ...wait...; prof.WriteTo(os.Stdout, 2) }()
 *         for i := 0; i < 1000; i++ { go ... }        // at most one such loop at this level
 *     }
 *
 * A text rewrite is enough: the files are gofmt'ed, so that a tab of indentation tells what stands directly in the
 * registered function. `go/ast` would cost a compile on each use and decide nothing better.
 */
export interface Kernel {
  readonly name: string;
  /** File name, for error messages and for the written module. */
  readonly file: string;
  readonly source: string;
}

export interface Form {
  /** The loop that repeats the kernel runs once. */
  readonly oneCopy: boolean;
  /** What the deferred function does. `nothing`: Unpark knows when a run is at rest. `wait`: its sleeps and yields. */
  readonly ending: "nothing" | "wait" | "profile";
}

const REGISTRATION = /^\tregister\("(\w+)", (\w+)\)$/m;
const LOOP = /^\tfor i := 0; i <=? ?\d+; i\+\+ \{$/gm;
const DEFERRED = /^\tdefer func\(\) \{\n(?:\t\t.*\n|\n)*?\t\}\(\)$/gm;
const LOOKUP = /^\tprof := pprof\.Lookup\("goroutineleak"\)$/gm;
const WRITE = /^\t\tprof\.WriteTo\(os\.Stdout, 2\)$/gm;

/** The name that a kernel file registers; undefined for the harness's own main.go. */
export const registeredName = (source: string): string | undefined => REGISTRATION.exec(source)?.[1];

/** A kernel's file in the form asked for. Throws, with the file's name, where the source has not the shape above. */
export function rewrite({ name, file, source }: Kernel, form: Form): string {
  const body = new RegExp(`^func ${name}\\(\\) \\{\\n[^]*?^\\}$`, "m").exec(source);
  if (!body) throw new Error(`${file}: no function ${name}()`);
  let text = body[0];
  if (form.oneCopy) text = cutLoop(text, file);
  if (form.ending !== "profile") {
    text = once(text, LOOKUP, "", file);
    text = once(text, WRITE, "", file);
  }
  // The empty function stays, for closures are numbered: the documented `Kernel.func2` must not become `func1`.
  if (form.ending === "nothing") text = once(text, DEFERRED, "\tdefer func() {}()", file);
  return withoutUnusedImports(source.slice(0, body.index) + text + source.slice(body.index + body[0].length));
}

/** How many copies of itself a kernel runs as shipped. */
export function copiesOf({ name, source }: Kernel): number {
  const body = source.slice(source.indexOf(`\nfunc ${name}() {`));
  const loop = /^\tfor i := 0; i (<=?) ?(\d+); i\+\+ \{$/m.exec(body);
  return loop ? Number(loop[2]) + (loop[1] === "<=" ? 1 : 0) : 1;
}

function cutLoop(text: string, file: string): string {
  const loops = text.match(LOOP)?.length ?? 0;
  if (loops > 1) throw new Error(`${file}: ${loops} loops in the registered function; which of them repeats it?`);
  return text.replace(LOOP, "\tfor i := 0; i < 1; i++ {");
}

function once(text: string, pattern: RegExp, by: string, file: string): string {
  const found = text.match(pattern)?.length ?? 0;
  if (found !== 1) throw new Error(`${file}: expected ${pattern.source} once in the registered function, found it ${found} times`);
  return text.replace(pattern, by);
}

/** Drops the imports that nothing but the cut lines used. */
function withoutUnusedImports(source: string): string {
  const code = source.replace(/\/\*[^]*?\*\//g, "").replace(/\/\/.*$/gm, "");
  return source.replace(/^(?:\t|import )"([\w/]+)"$\n?/gm, (line, path: string) => {
    const used = new RegExp(`\\b${path.slice(path.lastIndexOf("/") + 1)}\\.`).test(code);
    return used ? line : "";
  });
}
