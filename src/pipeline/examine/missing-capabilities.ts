import type { Examination, Failure } from "../../model/results/examination.js";
import { BUBBLE, COLLECTION, MULTICAST, PERMISSION, PROCESS } from "../../model/run/trace.js";
import { WAITS_FOR_COLLECTOR } from "./outcome-word.js";

/**
 * What Go's own library says when a program asks for what WebAssembly's world does not have (syscall/tables_wasip1.go,
 * net/error_unix.go, os/exec): other processes, sockets that leave the process, signals.
 */
const MISSING: readonly (readonly [RegExp, string])[] = [
  [/\b(?:fork\/exec\b|exec:|os\/exec\b).*(not implemented|not supported|executable file not found)/i, "starts another process"],
  [/\bpipe: not implemented/i, "starts another process"],
  // The network of wasip1 ends at the process: an address of its own is refused only if nobody listens there.
  [/\bdial (?:tcp|udp|ip)\w* (?!127\.|\[::1\]|localhost|:)\S+: .*connection refused/i, "uses the real network"],
  // Beyond it nobody answers, and names are those of /etc/hosts (host/net); RFC 2606 keeps .invalid for names that nobody has.
  [/\bdial (?:tcp|udp|ip)\w* (?!127\.|\[?::|localhost|:)[^\s/]+: .*(connection timed out|i\/o timeout|network is unreachable)/i, "uses the real network"],
  [/\blookup (?!localhost\b|\S+\.invalid\b)[^\s:]+(?: on \S+)?: no such host/i, "uses the real network"],
  [/"(?:https?|wss?):\/\/(?!127\.|\[::1\]|localhost\b)[^"\s]+": .*(deadline exceeded|Client\.Timeout)/i, "uses the real network"],
  [/\b(dial|listen|lookup)\b.*(not implemented|not supported|protocol not available|unsupported)/i, "uses the real network"],
  [/not implemented (on|for) (wasip1|wasm)|(not supported|unsupported) (by|on) (wasip1|wasm)|wasip1\/wasm/i, "needs what wasip1 does not have"],
  [/\b(not (yet )?(supported|implemented|available)|unsupported) on (the current |this |your )?(platform|system|operating system|os)\b/i, "needs what wasip1 does not have"],
  [/function not implemented|operation not supported|errors?\.ErrUnsupported|unsupported operation/i, "makes a system call that wasip1 does not have"],
];

/**
 * A program that fails in its natural schedule because of what is missing under control, and not of itself: what that is, with
 * its own words, as the second half of a sentence. Undefined where there is no sign of that.
 */
export const missingOf = ({ outcome, output = "", coverage, stubs }: Examination): string | undefined => (coverage.schedules === 0 ? undefined : missingIn(outcome, output, stubs));

/** What of a program could not be done because control has its limits. `onlyNatively`: a native run can. */
export function outOfReach(done: Examination): Pick<Failure, "message" | "onlyNatively"> | undefined {
  if (done.outcome === "unsupported") return { message: `cannot be run under control: ${done.limits[0] ?? "it makes a call that is not supported"}` };
  const missing = missingOf(done);
  return missing === undefined ? undefined : { message: `cannot be put under control; try the native mode (unpark test --native). It ${missing}`, onlyNatively: missing };
}

/** How a test ends that looks whether something was collected: it says that it was not, or goes round until it is. */
const WANTS_COLLECTION: ReadonlySet<string> = new Set(["failed", "panic", "runaway"]);

const WANTS_PERMISSION: ReadonlySet<string> = new Set(["failed", "panic"]);

/** The same of an outcome, what was printed, and what was called that does not do here what it does natively. */
export function missingIn(outcome: string, output: string, stubs: readonly string[] = [], isRoot = process.getuid?.() === 0): string | undefined {
  if (outcome === "passed") return undefined;
  if (outcome === "skipped") return stubWords(stubs); // natively it might not have been
  if (outcome === WAITS_FOR_COLLECTOR) return "waits for a finalizer or a cleanup, and nothing is collected under control unless it asks for that";
  for (const line of output.split("\n")) {
    const found = MISSING.find(([words]) => words.test(line));
    if (found) return `${found[1]}: ${line.trim()}`;
  }
  const stub = stubWords(stubs);
  if (stub !== undefined) return stub;
  if (WANTS_PERMISSION.has(outcome) && isRoot && stubs.includes(PERMISSION)) return "was refused by a file's permissions what root, who runs it natively, may do: under control nobody is root";
  // Whoever waits for ever does so whether or not something is collected: at its end finalizers have run (docs/exploring.md).
  return WANTS_COLLECTION.has(outcome) && stubs.includes(COLLECTION) ? `asks the runtime to collect (${COLLECTION}), and nothing else is collected while it is controlled` : undefined;
}

function stubWords(stubs: readonly string[]): string | undefined {
  if (stubs.includes(PROCESS)) return `starts another process (${PROCESS})`;
  if (stubs.includes(BUBBLE)) return `runs in a bubble of Go 1.24's synctest experiment (${BUBBLE}), whose clock is not under control: Go 1.25's is`;
  if (stubs.includes(MULTICAST)) return `joins a multicast group (${MULTICAST}), and the network under control has none`;
  const stub = stubs.find((name) => name !== COLLECTION && name !== PERMISSION);
  if (stub === undefined) return undefined;
  return /\.(?:Test|Fuzz|Example|Benchmark)\w*$/.test(stub) ? `does not build for wasip1 (${stub})` : `calls ${stub}, which is a stub here and answers ENOSYS`;
}
