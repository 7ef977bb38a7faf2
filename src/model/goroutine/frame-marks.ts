/**
 * What a function's name says of the whole stack that holds it, as bits: asked once for each frame that is seen, so that
 * rules need not go through 50,000 stacks to find out that none is theirs.
 */
export const MARK = { system: 1, observer: 2, serves: 4, singleFlight: 8, alarm: 16 } as const;

/**
 * The runtime's own workers (runtime/runtime2.go, waitReasonStrings: they are shown with GOTRACEBACK=system, and up to Go
 * 1.3 always) and the test runner's.
 */
const SYSTEM = /^(?:runtime\.(?:runfinq|runFinalizers|bgsweep|bgscavenge|forcegchelper|gcBgMarkWorker|timerproc|runCleanups|unique_runtime_registerUniqueMapCleanup|ensureSigM)|runfinq$|os\/signal\.(?:loop|signal_recv)|testing\.\(\*M\)\.startAlarm|testing\.\(\*T\)\.(?:Run|Parallel)|testing\.\(\*B\)\.|testing\.runTests|testing\.\(\*(?:testContext|testState)\)\.waitParallel|testing\.runFuzzing|testing\/synctest\.|runtime\/trace\.Start)/;

/** Those that are there because the dump is being taken. */
const OBSERVERS = [
  "net/http/pprof.", "runtime/pprof.(*Profile).WriteTo", "runtime/pprof.write", "runtime/pprof.profileWriter", "runtime/pprof.StopCPUProfile", "runtime/trace.Start", "net/http.(*connReader).backgroundRead",
  "net/http.(*connReader).startBackgroundRead", "net/http.(*conn).readRequest", "net/http.(*conn).setState", "github.com/google/gops/agent.",
];

export function marksOf(symbol: string): number {
  let marks = 0;
  if (SYSTEM.test(symbol)) marks |= MARK.system;
  if (OBSERVERS.some((name) => symbol.startsWith(name))) marks |= MARK.observer;
  if (symbol === "net/http.(*conn).serve") marks |= MARK.serves;
  if (symbol.startsWith("testing.(*M).startAlarm")) marks |= MARK.alarm;
  if (symbol.includes("singleflight.(*Group")) marks |= MARK.singleFlight;
  return marks;
}
