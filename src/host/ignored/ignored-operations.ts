import { opsOf, type OpKind } from "../../model/run/operation.js";
import { isCommuting, lettingOf, LocalSites, type Letting } from "./local-sites.js";
import { joinedRowsOf } from "./joined-operations.js";
import { isLibrary } from "../run/step/library-blocks.js";
import { isStandardElement, packageOf } from "../../model/source/blame.js";

interface IgnoredRow {
  /** Of the function that calls Lock, Unlock or the atomic. */
  readonly prefix: string;
  readonly why: string;
}

/** What an operation is made of that is visible itself: no choice of its own, ever. */
export const PARTS: readonly IgnoredRow[] = [
  { prefix: "sync.(*RWMutex).", why: "part of the RWMutex operation" },
  { prefix: "sync.(*WaitGroup).", why: "part of the WaitGroup operation" },
  { prefix: "sync.(*Once).", why: "part of Do" },
  { prefix: "sync.(*Map).", why: "part of the Map operation" },
  { prefix: "internal/sync.(*HashTrieMap", why: "part of the Map operation" },
  { prefix: "internal/sync.(*Mutex).", why: "part of the Mutex operation" },
  { prefix: "internal/sync.", why: "the insides of sync" },
  { prefix: "sync.(*copyChecker).", why: "writes an address once" },
  { prefix: "sync.runtime_", why: "the runtime's side of sync" },
  { prefix: "sync/atomic.(*Value).", why: "part of the Value operation" },
  { prefix: "sync/atomic.(*Pointer[", why: "part of the Pointer operation" },
  ...["Store", "Swap", "CompareAndSwap"].map((name) => ({ prefix: `sync/atomic.${name}Pointer`, why: "the runtime's own, which has its point" })),
  { prefix: "runtime.", why: "the runtime" },
];

/**
 * The standard library's inner locks and atomics that are no choice of the user's: they are let through without a point
 * as long as they need not wait (a lock that is taken is waited for as usual). Each with the reason why order does not
 * matter: the critical section holds nothing visible, and its effects commute for all that a goroutine can see.
 *
 * The first half of that reason is checked in every run: a goroutine that holds such a lock at the end of a step has done
 * something visible inside (a log that writes into a pipe), and the row is no noise for this program (`IgnoredOperations`). The
 * second half is checked by test/noise, which explores programs with and without this table.
 *
 * What this loses: the order of two log lines, of two lines on stdout, which of two equal pooled objects one gets.
 */
const IGNORED: readonly IgnoredRow[] = [
  { prefix: "sync.(*Pool).", why: "pooled objects are equal to those who get them" },
  { prefix: "sync.(*poolChain).", why: "inside Pool" },
  { prefix: "sync.(*poolDequeue).", why: "inside Pool" },
  { prefix: "sync.(*pool", why: "inside Pool" },
  { prefix: "sync.indexLocal", why: "inside Pool" },
  { prefix: "internal/poll.(*fdMutex).", why: "reads and writes of one file exclude each other; nothing visible inside" },
  { prefix: "internal/poll.(*FD).", why: "reads and writes of one file exclude each other; nothing visible inside" },
  { prefix: "os.(*File).", why: "directory positions; nothing visible inside" },
  { prefix: "os.", why: "once-only reads of the environment and working folder" },
  { prefix: "syscall.", why: "the environment and the file table; nothing visible inside" },
  { prefix: "internal/godebug.", why: "settings, read-only in a run" },
  { prefix: "internal/bisect.", why: "settings" },
  { prefix: "internal/testlog.", why: "the test log" },
  { prefix: "log.", why: "log lines; the lock is held around one Write" },
  { prefix: "log/internal.", why: "log lines" },
  { prefix: "log/slog.", why: "log lines; the lock is held around one Write" },
  { prefix: "testing.(*common).", why: "a test's own log, failure flags and clean-up list" },
  { prefix: "testing.(*chattyPrinter).", why: "a test's own log" },
  { prefix: "testing.(*indenter).", why: "a test's own log" },
  { prefix: "testing.(*outputWriter).", why: "a test's own log" },
  { prefix: "testing.(*destination).", why: "a test's own log" },
  { prefix: "testing.(*matcher).", why: "unique names of subtests" },
  { prefix: "testing.(*testState).", why: "how many tests may run in parallel" },
  { prefix: "testing.(*testContext).", why: "how many tests may run in parallel (before Go 1.25)" },
  { prefix: "testing.", why: "the testing package's own counters" },
  { prefix: "time.(*Location).", why: "time zones, loaded once" },
  { prefix: "time.", why: "time zones, loaded once" },
  { prefix: "reflect.", why: "caches of types: the same whoever fills them" },
  { prefix: "encoding/gob.(*Encoder).", why: "one encoder's lock; it is held while it writes, and is none then" },
  { prefix: "encoding/gob.(*Decoder).", why: "one decoder's lock; it is held while it reads, and is none then" },
  { prefix: "encoding/", why: "caches of types: the same whoever fills them" },
  { prefix: "internal/reflectlite.", why: "caches of types" },
  { prefix: "fmt.", why: "pooled printers" },
  { prefix: "unique.", why: "canonical values: equal whoever makes them" },
  { prefix: "mime.", why: "tables, loaded once" },
  { prefix: "math/rand.", why: "each goroutine draws from its own stream" },
  { prefix: "math/rand/v2.", why: "each goroutine draws from its own stream" },
  { prefix: "crypto/tls.(*Conn).", why: "locks of one connection; they are held while it reads and writes, and are none then" },
  { prefix: "crypto/", why: "each goroutine draws from its own stream; tables, loaded once" },
  { prefix: "vendor/golang.org/", why: "tables of the standard library, loaded once" },
  { prefix: "regexp.", why: "caches of machines" },
  { prefix: "text/template/parse.", why: "tables" },
  { prefix: "go/", why: "tables" },
  { prefix: "hash/", why: "tables, loaded once" },
  { prefix: "strconv.", why: "tables" },
  { prefix: "compress/", why: "tables, loaded once" },
  { prefix: "strings.", why: "tables, made once: the same whoever makes them" },
  { prefix: "net/textproto.", why: "tables, made once" },
  { prefix: "net/http.envProxyFunc", why: "the environment, read once" },
  { prefix: "net/http.ProxyFromEnvironment", why: "the environment, read once" },
  { prefix: "bytes.", why: "tables" },
  { prefix: "bufio.", why: "pooled buffers" },
];

/** Callers whose atomics alone are noise. */
const NOISY_ATOMICS: readonly IgnoredRow[] = [
  { prefix: "sync.(*Cond).", why: "copyChecker, inlined into Wait, writes the Cond's address once" },
  { prefix: "context.(*cancelCtx).Done", why: "the channel is made with the context (toolchain/patches/control-patches.ts) and stays the same" },
  { prefix: "context.(*cancelCtx).propagateCancel", why: "makes the channel; looks at the parent's error under the parent's lock" },
];

/** Callers whose loads alone are noise. */
const NOISY_LOADS: readonly IgnoredRow[] = [
  { prefix: "context.parentCancelCtx", why: "of the parent's channel, which stays the same" },
  { prefix: "context.removeChild", why: "of the parent's channel, which stays the same" },
  { prefix: "context.(*cancelCtx).cancel", why: "of the error under its lock, and of the channel, which stays the same" },
];

/**
 * What of a caller's operations is let through. `part`: all, they belong to another operation; `inner`: all, unless a
 * lock is held for longer than a step; `atomics`: loads, stores and read-modify-writes only; `loads`: loads only.
 */
type IgnoredKind = "part" | "inner" | "atomics" | "loads" | "none";

/** What is known of an instruction that calls for an operation: the same for all programs of a module. */
export interface Caller {
  readonly pc: number;
  /** The function. */
  readonly name: string;
  readonly noise: IgnoredKind;
  readonly row: IgnoredRow | undefined;
  /** Does the standard library call (run/step/library-blocks.ts)? Undefined: it is not known. */
  readonly isLibrary: boolean | undefined;
  /** What may be let through there if nobody else notices it: the standard library's own (local-sites.ts). */
  readonly letting: Letting;
  /** It commutes with what others do under the same lock at such an instruction (local-sites.ts). */
  readonly commutes: boolean;
  /** It is package sync's own, which is not inlined in large functions: who calls that is what counts. */
  readonly isWrapper: boolean;
  /** Which of its operations belong to the step at hand (joined-operations.ts). */
  readonly joined: ReturnType<typeof joinedRowsOf>;
}

/** Who calls does not matter, or is not known. */
const NOBODY: Caller = { pc: 0, name: "", noise: "none", row: undefined, isLibrary: undefined, letting: "nothing", commutes: false, isWrapper: false, joined: [] };

function callerOf(pc: number, name: string): Caller {
  const starts = ({ prefix }: IgnoredRow): boolean => name.startsWith(prefix);
  const part = PARTS.some(starts);
  const row = part ? undefined : IGNORED.find(starts);
  const isStandard = isStandardElement(packageOf(name).split("/", 1)[0]!);
  return {
    pc,
    name,
    noise: part ? "part" : row ? "inner" : NOISY_ATOMICS.some(starts) ? "atomics" : NOISY_LOADS.some(starts) ? "loads" : "none",
    row,
    isLibrary: isLibrary(name),
    letting: isStandard ? lettingOf(name) : "nothing",
    commutes: isStandard && isCommuting(name),
    isWrapper: name.startsWith("sync.(*Mutex)."),
    joined: joinedRowsOf(name),
  };
}

/** The calling instructions of a module, as they come up. */
export class Callers {
  readonly #known = new Map<number, Caller>([[0, NOBODY]]);

  /** Undefined: its name is not known yet. */
  at(pc: number): Caller | undefined {
    return this.#known.get(pc);
  }

  name(pc: number, caller: string): void {
    this.#known.set(pc, callerOf(pc, caller));
  }
}

const ATOMICS = opsOf("atomic");

/**
 * What is noise in one program. A row of which a lock is held for longer than a step is none: it is taken out when a
 * first, natural run shows it (calibration-run.ts), so that all runs of a program have the same steps, in any thread or process.
 * What shows later only is a limit of the exploration.
 */
export class IgnoredOperations {
  readonly sites = new LocalSites();
  /** Nothing is ignored. */
  readonly everything: boolean;
  readonly #callers: Callers;
  readonly #loud = new Set<IgnoredRow>();
  readonly #suspects = new Set<IgnoredRow>();

  /** `everything`: the rows of NOISE are none (for comparing). */
  constructor(callers: Callers, everything = false) {
    this.#callers = callers;
    this.everything = everything;
    if (everything) for (const row of IGNORED) this.#loud.add(row);
  }

  /** Undefined: the caller's name is not known yet. */
  callerAt(pc: number): Caller | undefined {
    return this.#callers.at(pc);
  }

  /** A run has collected: what finalizers and cleanups did then was no operation of anybody's. */
  hasCollected = false;

  /** What of a caller's operations passes in this program. */
  kindOf({ row, noise }: Caller): IgnoredKind {
    return row !== undefined && this.#loud.has(row) ? "none" : noise;
  }

  /**
   * Once the first runs are over: it passes whoever comes to it, in all runs of this program. Of a lock it has to be known who holds it, of an
   * atomic nothing.
   */
  needNotAsk(caller: Caller, op: OpKind): boolean {
    if (this.sites.isLearning || !ATOMICS.has(op)) return false;
    const kind = this.kindOf(caller);
    return kind === "loads" ? op === "load" : kind !== "none";
  }

  /** A lock that this caller took is still held at the end of a step. */
  suspect(pc: number): void {
    const row = this.#callers.at(pc)?.row;
    if (row && !this.#loud.has(row)) this.#suspects.add(row);
  }

  /** Takes out the rows that turned out to be none; were there any? For all later runs. */
  takeOut(): boolean {
    const some = this.#suspects.size > 0;
    for (const row of this.#suspects) this.#loud.add(row);
    this.#suspects.clear();
    return some;
  }

  /** Prefixes of rows that turned out to be no noise when it was too late. */
  get suspects(): readonly string[] {
    return [...this.#suspects].map(({ prefix }) => prefix);
  }
}
