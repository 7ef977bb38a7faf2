import { KeptLines } from "./kept-lines.js";

/** How `go test` said that a package ended. */
export interface PackageResult {
  readonly path: string;
  readonly kind: "passed" | "failed" | "not-built" | "no-tests";
  readonly milliseconds: number;
  /** Go repeated what it had kept of an earlier run. */
  readonly cached?: true;
  /** It was ended by -timeout: after how long, and which tests had not ended (testing.go, startAlarm). */
  readonly timedOut?: { readonly after: string; readonly tests: readonly string[] };
  /** Of one that failed: what was printed before its line, which go test prints in one piece. */
  readonly output?: string;
}

/**
 * Reads, beside passing it on, what `go test` prints on stdout: its line for each package, as text or (with -json)
 * inside of output events. Printed in cmd/go/internal/test/test.go: `ok  \tpath\t0.1s`, `FAIL\tpath\t0.1s`,
 * `FAIL\tpath [build failed]`, `?   \tpath\t[no test files]`, and without tests but with -cover `\tpath\t\tcoverage: …`.
 */
export class TestOutput {
  #rest = "";
  /** What `go` itself said: on stderr, or with -json in build-output events. Bounded, for tests write there, too. */
  #words = "";
  /** What was printed since the last package's line. */
  #own = new KeptLines();
  /** Said by a package whose line has not come yet. */
  #timedOut: { readonly after: string; readonly tests: string[] } | undefined;
  readonly #packages = new Map<string, PackageResult>();
  readonly #decoder = new TextDecoder();
  readonly #errors = new TextDecoder();

  push(stream: "stdout" | "stderr", bytes: Uint8Array): void {
    if (stream === "stderr") return this.#say(this.#errors.decode(bytes, { stream: true }));
    const pieces = this.#decoder.decode(bytes, { stream: true }).split("\n");
    for (const [i, piece] of pieces.entries()) {
      if (i > 0) this.#endLine();
      if (this.#rest.length < MOST_LINE) this.#rest += piece.slice(0, MOST_LINE); // a test may write without a line end
    }
  }

  #endLine(): void {
    this.#line(this.#rest);
    this.#rest = "";
  }

  /** The packages that go test has said something of so far. */
  get seen(): readonly string[] {
    return [...this.#packages.keys()];
  }

  end(): readonly PackageResult[] {
    this.#endLine();
    return [...this.#packages.values()];
  }

  /**
   * Why a package could not be built, in go's own words: what stands below its `# path`, or else (a dependency of it does
   * not build) all that was said. Without a path: why nothing was run.
   */
  why(path?: string): string {
    const blocks = this.#words.split(/^(?=# )/m).map((block) => block.trim());
    const own = path === undefined ? [] : blocks.filter((block) => /^# \[?([^\s\]]+)/.exec(block)?.[1]?.replace(/(_test|\.test)$/, "") === path);
    const lines = (own.length > 0 ? own : blocks).join("\n").split("\n").filter((line) => line !== "" && !/^(go: (downloading|finding) |# )/.test(line));
    return [...new Set(lines)].slice(0, MOST_LINES).join("\n");
  }

  /** It was go vet, which go test runs first, that found fault with the package: `# [path]`. */
  isVets(path: string): boolean {
    return this.#words.includes(`# [${path}]`) || this.#words.includes(`# [${path}_test]`);
  }

  #say(text: string): void {
    if (this.#words.length < MOST_WORDS) this.#words += text;
  }

  #line(line: string): void {
    if (line.startsWith("{")) return this.#event(line);
    const alarm = /^panic: test timed out after (\S+)/.exec(line);
    if (alarm) this.#timedOut = { after: alarm[1]!, tests: [] };
    const running = /^\t\t(\S+) \(\S+\)$/.exec(line);
    if (running) this.#timedOut?.tests.push(running[1]!);
    const match = /^(ok {2}|FAIL|\? {3})\t(\S+)(?:\t|\s|$)(.*)$/.exec(line);
    if (match === null) {
      this.#own.push(line);
      return;
    }
    const [, word = "", path = "", rest = ""] = match;
    const seconds = /^(\d{1,9}(?:\.\d{1,9})?)s\b/.exec(rest)?.[1] ?? "0";
    const timedOut = this.#timedOut;
    this.#timedOut = undefined;
    const own = this.#own.text();
    this.#own = new KeptLines();
    this.#packages.set(path, { path, kind: kindOf(word, rest), milliseconds: Math.round(Number(seconds) * 1000), ...(/^\(cached\)/.test(rest) ? { cached: true as const } : {}), ...(timedOut ? { timedOut } : {}), ...(word === "FAIL" ? { output: own } : {}) });
  }

  #event(line: string): void {
    try {
      const { Action, Output } = JSON.parse(line) as { readonly Action?: string; readonly Output?: string };
      if (Action === "build-output" && Output !== undefined) this.#say(Output);
      if (Action === "output" && Output !== undefined && !Output.startsWith("{")) this.#line(Output.replace(/\n$/, ""));
    } catch {
      // A test's own output may begin with a brace.
    }
  }
}

/** More of go's words than this is not kept, or not repeated. */
const MOST_WORDS = 1 << 18;
const MOST_LINES = 20;
/** Go's own lines are shorter; of a longer one the beginning tells whose it is. */
const MOST_LINE = 1 << 16;

function kindOf(word: string, rest: string): PackageResult["kind"] {
  if (word === "?   " || /\[no tests to run\]/.test(rest)) return "no-tests";
  if (word === "FAIL") return /\[(?:build|setup) failed\]/.test(rest) ? "not-built" : "failed";
  return "passed";
}
