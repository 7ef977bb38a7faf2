/** How `go test` said that a package ended. */
export interface PackageResult {
  readonly path: string;
  readonly kind: "passed" | "failed" | "not-built" | "no-tests";
  readonly milliseconds: number;
}

/**
 * Reads, beside passing it on, what `go test` prints on stdout: its line for each package, as text or (with -json)
 * inside of output events. Printed in cmd/go/internal/test/test.go: `ok  \tpath\t0.1s`, `FAIL\tpath\t0.1s`,
 * `FAIL\tpath [build failed]`, `?   \tpath\t[no test files]`, and without tests but with -cover `\tpath\t\tcoverage: …`.
 */
export class TestOutput {
  #rest = "";
  readonly #packages = new Map<string, PackageResult>();
  readonly #decoder = new TextDecoder();

  push(stream: "stdout" | "stderr", bytes: Uint8Array): void {
    if (stream !== "stdout") return;
    const lines = (this.#rest + this.#decoder.decode(bytes, { stream: true })).split("\n");
    this.#rest = lines.pop()!;
    for (const line of lines) this.#line(line);
  }

  end(): readonly PackageResult[] {
    this.#line(this.#rest);
    this.#rest = "";
    return [...this.#packages.values()];
  }

  #line(line: string): void {
    if (line.startsWith("{")) return this.#event(line);
    const match = /^(ok {2}|FAIL|\? {3})\t(\S+)(?:\t|\s|$)(.*)$/.exec(line);
    if (match === null) return;
    const [, word = "", path = "", rest = ""] = match;
    const seconds = /^([\d.]+)s\b/.exec(rest)?.[1] ?? "0";
    this.#packages.set(path, { path, kind: kindOf(word, rest), milliseconds: Math.round(Number(seconds) * 1000) });
  }

  #event(line: string): void {
    try {
      const { Action, Output } = JSON.parse(line) as { readonly Action?: string; readonly Output?: string };
      if (Action === "output" && Output !== undefined && !Output.startsWith("{")) this.#line(Output.replace(/\n$/, ""));
    } catch {
      // A test's own output may begin with a brace.
    }
  }
}

function kindOf(word: string, rest: string): PackageResult["kind"] {
  if (word === "?   ") return "no-tests";
  if (word === "FAIL") return /\[(?:build|setup) failed\]/.test(rest) ? "not-built" : "failed";
  return "passed";
}
