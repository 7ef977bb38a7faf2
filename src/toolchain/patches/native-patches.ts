import type { AddedFile, Patch, PatchSet } from "../overlay/patch.js";

/**
 * The hooks of the native mode: package testing names the owner of each goroutine, and writes what is left
 * when the process exits (go/native). With `lightPatches` only `testing` and
 * `runtime/pprof` change, so a first build costs seconds; with `deepPatches` the runtime does, too. Tried
 * in tests on Go 1.24 to 1.27.
 */
export function nativePatches(): PatchSet {
  return { name: "native", patches: [...owners(), ...labels()], files: files() };
}

/**
 * What the light form has in the place of `deepPatches` (deep-patches.ts). `hide`: the values that blocked goroutines send
 * are hidden from the collection, for which the linker must be asked not to check names (go-test.ts).
 */
export function lightPatches(hide: boolean): PatchSet {
  return {
    name: "native-light",
    patches: [],
    files: [
      { file: "runtime/pprof/unpark_form.go", source: "native/pprof/unpark_light.go" },
      hideFile(hide),
    ],
  };
}

/** The runtime of the deep form hides by itself. */
export const hideFile = (hide: boolean): AddedFile => ({
  file: "runtime/pprof/unpark_hide.go",
  source: hide ? "native/pprof/unpark_hide.go" : "native/pprof/unpark_hide_other.go",
  since: "1.26",
});

const TESTING = "testing/testing.go";

function owners(): readonly Patch[] {
  return [
    {
      file: TESTING,
      edit: { kind: "replace", old: "type common struct {\n", new: "type common struct { unpark unparkOwner\n" },
      why: "each test knows its number",
    },
    {
      file: TESTING,
      function: "(*M).Run",
      edit: { kind: "replace", old: "\tm.before()\n", new: "\tm.before(); unparkStart(m)\n" },
      why: "where the report goes is asked for inside the part of a run that go's test cache watches",
    },
    { file: TESTING, function: "tRunner", edit: { kind: "enter", text: "t.unpark = unparkBegin(&t.common)" }, why: "a test or subtest begins" },
    {
      file: TESTING,
      function: "tRunner",
      edit: { kind: "replace", old: "t.report() // Report after", new: "unparkOver(t.unpark); t.report() // Report after" },
      why: "a test is over with its subtests and cleanups",
    },
    { file: "testing/fuzz.go", function: "fRunner", edit: { kind: "enter", text: "f.unpark = unparkBegin(&f.common)" }, why: "a fuzz target begins" },
    {
      file: "testing/fuzz.go",
      function: "fRunner",
      edit: { kind: "replace", old: "\tf.report()", new: "\tunparkOver(f.unpark); f.report()" },
      why: "a fuzz target is over",
    },
    {
      file: "testing/benchmark.go",
      function: "(*B).runN",
      edit: { kind: "enter", text: "b.unpark = unparkBegin(&b.common); defer unparkOver(b.unpark)" },
      why: "a benchmark's round is a scope",
    },
    { file: "testing/run_example.go", function: "runExample", edit: { kind: "enter", text: "defer unparkExample(eg.Name)()" }, why: "an example is a scope" },
  ];
}

function labels(): readonly Patch[] {
  return [
    {
      file: "runtime/pprof/runtime.go",
      function: "SetGoroutineLabels",
      edit: { kind: "replace", old: "unsafe.Pointer(ctxLabels)", new: "unparkKeep(ctxLabels)" },
      why: "the user's own labels replace all others but the owner",
    },
  ];
}

function files(): readonly AddedFile[] {
  return [
    { file: "testing/unpark.go", source: "native/testing/unpark.go" },
    { file: "runtime/pprof/unpark.go", source: "native/pprof/unpark.go" },
    { file: "runtime/pprof/unpark_leak.go", source: "native/pprof/unpark_leak.go", since: "1.26" },
    { file: "runtime/pprof/unpark_leak.go", source: "native/pprof/unpark_noleak.go", before: "1.26" },
  ];
}
