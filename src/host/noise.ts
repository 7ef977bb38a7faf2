/**
 * The standard library's inner locks and atomics that are no choice of the user's: they are let through without a
 * point as long as they need not wait (a lock that is taken is waited for as usual). By the prefix of the function that
 * calls Lock, Unlock or the atomic. Each with the reason why order does not matter: either the operation is part of
 * another one that is itself visible, or the critical section holds nothing visible and its effects commute for all
 * that a goroutine can see.
 *
 * What this loses: the order of two log lines, of two lines on stdout, which of two equal pooled objects one gets.
 */
export const NOISE: readonly { readonly prefix: string; readonly why: string }[] = [
  { prefix: "sync.(*RWMutex).", why: "part of the RWMutex operation" },
  { prefix: "sync.(*WaitGroup).", why: "part of the WaitGroup operation" },
  { prefix: "sync.(*Once).", why: "part of Do" },
  { prefix: "sync.(*Map).", why: "part of the Map operation" },
  { prefix: "internal/sync.(*HashTrieMap", why: "part of the Map operation" },
  { prefix: "internal/sync.(*Mutex).", why: "part of the Mutex operation" },
  { prefix: "internal/sync.", why: "the insides of sync" },
  { prefix: "sync.(*copyChecker).", why: "writes an address once" },
  { prefix: "sync.(*Pool).", why: "pooled objects are equal to those who get them" },
  { prefix: "sync.(*poolChain).", why: "inside Pool" },
  { prefix: "sync.(*poolDequeue).", why: "inside Pool" },
  { prefix: "sync.(*pool", why: "inside Pool" },
  { prefix: "sync.runtime_", why: "the runtime's side of sync" },
  { prefix: "sync.indexLocal", why: "inside Pool" },
  { prefix: "sync/atomic.", why: "Value is built on the atomics of its caller" },
  { prefix: "runtime.", why: "the runtime" },
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
  { prefix: "encoding/", why: "caches of types: the same whoever fills them" },
  { prefix: "internal/reflectlite.", why: "caches of types" },
  { prefix: "fmt.", why: "pooled printers" },
  { prefix: "unique.", why: "canonical values: equal whoever makes them" },
  { prefix: "mime.", why: "tables, loaded once" },
  { prefix: "math/rand.", why: "each goroutine draws from its own stream" },
  { prefix: "math/rand/v2.", why: "each goroutine draws from its own stream" },
  { prefix: "crypto/", why: "each goroutine draws from its own stream; tables, loaded once" },
  { prefix: "vendor/golang.org/", why: "tables of the standard library, loaded once" },
  { prefix: "regexp.", why: "caches of machines" },
  { prefix: "text/template/parse.", why: "tables" },
  { prefix: "go/", why: "tables" },
  { prefix: "hash/", why: "tables, loaded once" },
  { prefix: "strconv.", why: "tables" },
  { prefix: "compress/", why: "tables, loaded once" },
  { prefix: "bytes.", why: "tables" },
  { prefix: "bufio.", why: "pooled buffers" },
];

/** Callers whose atomics alone are noise: Cond's check against copying is inlined into Wait, whose unlock is visible. */
const NOISY_ATOMICS: readonly { readonly prefix: string; readonly why: string }[] = [
  { prefix: "sync.(*Cond).", why: "copyChecker writes the Cond's address once" },
];

/** What of a caller's operations is noise. */
export type Noise = "all" | "atomics" | "none";

const startsWithOne = (caller: string, list: readonly { readonly prefix: string }[]): boolean => list.some(({ prefix }) => caller.startsWith(prefix));

export const noiseOf = (caller: string): Noise =>
  startsWithOne(caller, NOISE) ? "all" : startsWithOne(caller, NOISY_ATOMICS) ? "atomics" : "none";
