import type { Patch } from "../../overlay/patch.js";
import { enter, replace } from "./hook.js";

export function testingHooks(): readonly Patch[] {
  const file = "testing/testing.go";
  return [
    replace(file, "(*M).Run", "haveExamples = len(m.examples) > 0", "unparkPrograms(m); haveExamples = len(m.examples) > 0", "each test is a program of its own"),
    replace(file, "Init", `"test.parallel", runtime.GOMAXPROCS(0)`, `"test.parallel", 8`, "compiled to WebAssembly Go sees one processor, and would run parallel tests one after the other; no flag, for Ginkgo refuses that one"),
    enter(file, "runTests", "if unparkNested == 0 && unparkRun.kind != unparkTest { return false, true }", "the program is none of the tests"),
    enter(file, "RunTests", "unparkNested++; defer func() { unparkNested-- }()", "a test that runs tests: their end is not the end of its scope (testify's own suite package)"),
    replace(file, "runTests", "return ran, ok", "unparkOver(unparkTest, !ok); return ran, ok", "the scope of the test is over"),
    replace("testing/fuzz.go", "runFuzzTests", "}\n\n\treturn ran, ok", "}\n\n\tunparkOver(unparkFuzz, !ok); return ran, ok", "the scope of the fuzz target is over"),
    replace("testing/run_example_wasm.go", "runExample", "_, seekErr := f.Seek(0, io.SeekStart)", "f, seekErr := unparkExampleOutput(f)", "an example may close what it prints to"),
    replace("testing/example.go", "runExamples", "return ran, ok", "unparkOver(unparkExample, !ok); return ran, ok", "the scope of the example is over"),
    replace("testing/benchmark.go", "runBenchmarks", "return !main.failed", "unparkOver(unparkBenchmark, main.failed); return !main.failed", "the scope of the benchmark is over"),
    replace(
      "testing/match.go",
      "(*matcher).fullName",
      "return name, ok, partial",
      "return name, ok && unparkAdmits(c, name), partial",
      "a subtest may be a program of its own",
    ),
    enter(file, "(*common).log", "if unparkLogs(c) { return }", "a goroutine that outlives its test panics if it still logs, where no parent takes the line, and the process has not ended"),
    enter(file, "(*common).Fail", "unparkFails(c)", "a goroutine that outlives its test panics if it still fails it; what comes after it comes of it"),
    enter(file, "(*common).FailNow", "unparkFailsNow()", "what is left by who is ended in the middle of its work comes of that"),
    replace(file, "tRunner", "callerName(0)", '"testing.tRunner"', "it need not be looked up for each test"),
    replace(file, "tRunner", "t.done = true", "unparkDone(&t.common, unparkStore)\n\t\t\tt.done = true", "from here on it does"),
    replace("testing/fuzz.go", "fRunner", "f.done = true", "unparkDone(&f.common, unparkStore); f.done = true", "so does that of a fuzz target"),
    { file, edit: { kind: "replace", old: "mu          sync.RWMutex ", new: "mu          unparkMutex  " }, why: "nothing that it guards is visible, and the end of a test takes it nine times" },
    ...["(*common).Failed", "(*common).checkRaces"].map((name) => replace(file, name, "c.lastRaceErrors.Load()", "int64(race.Errors())", "nobody looks for races there, and none has come since")),
    enter(file, "(*T).report", "if t.chatty == nil && !t.Failed() { return }", "what is not printed need not be formatted"),
    replace(file, "(*testState).waitParallel", "s.mu.Unlock()\n\t<-s.startParallel", "next := unparkWaits(s.startParallel)\n\ts.mu.Unlock()\n\t<-next", "of parallel tests that wait for a place the first comes first"),
    replace(file, "(*testState).release", "s.startParallel <- true", "unparkStarts(s.startParallel) <- true", "the other side"),
    enter(file, "(*common).SkipNow", "unparkSkips(c)", "a skipped test is not a passed one"),
  ];
}
