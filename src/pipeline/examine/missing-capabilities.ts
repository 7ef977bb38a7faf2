import type { Examination } from "../../model/examination.js";

/**
 * What Go's own library says when a program asks for what WebAssembly's world does not have (syscall/tables_wasip1.go,
 * net/error_unix.go, os/exec): other processes, sockets that leave the process, signals.
 */
const MISSING: readonly (readonly [RegExp, string])[] = [
  [/\b(fork\/exec|exec:|os\/exec)\b.*(not implemented|not supported|executable file not found)/i, "starts another process"],
  [/\bpipe: not implemented/i, "starts another process"],
  // The network of wasip1 ends at the process: an address of its own is refused only if nobody listens there.
  [/\bdial \w+ (?!127\.|\[::1\]|localhost|:)\S+: .*connection refused/i, "uses the real network"],
  [/\b(dial|listen|lookup)\b.*(not implemented|not supported|protocol not available|unsupported)/i, "uses the real network"],
  [/not implemented on (wasip1|wasm)|(not supported|unsupported) (by|on) (wasip1|wasm)|wasip1\/wasm/i, "needs what wasip1 does not have"],
  [/function not implemented|operation not supported|errors?\.ErrUnsupported|unsupported operation/i, "makes a system call that wasip1 does not have"],
];

/**
 * A program that fails in its natural schedule because of what is missing under control, and not of itself: a sentence
 * with the program's own words. Undefined where there is no sign of that.
 */
export function missingOf({ outcome, output = "", limits, coverage }: Examination): string | undefined {
  if (outcome === "unsupported") return `cannot be run under control: ${limits[0] ?? "it makes a call that is not supported"}`;
  return coverage.schedules === 0 ? undefined : missingIn(outcome, output);
}

/** The same of an outcome and what was printed. */
export function missingIn(outcome: string, output: string): string | undefined {
  if (outcome === "passed" || outcome === "skipped") return undefined;
  for (const line of output.split("\n")) {
    const found = MISSING.find(([words]) => words.test(line));
    if (found) return `${found[1]}, which cannot be put under control; try the native mode (unpark test --native). It says: ${line.trim()}`;
  }
  return undefined;
}
