import assert from "node:assert/strict";
import { test } from "node:test";
import type { FlagSpecs } from "./flags.js";
import { goTestWords, saidOf } from "./go-test-flags.js";

const SPECS = {
  run: { type: "string", goStyle: true, help: "" },
  budget: { type: "string", help: "" },
  v: { type: "boolean", goStyle: true, help: "" },
  json: { type: "optional", help: "" },
  "go-json": { type: "boolean", goName: "json", help: "" },
} as const satisfies FlagSpecs;

/** What a pasted line becomes: the command's own words; the native run's; every build's; the folder, where it is another. */
const LINES: readonly (readonly [line: string, own: string, native: string, build: string, dir?: string])[] = [
  ["./...", "./...", "", ""],
  ["-race -cover -timeout 60s ./...", "./...", "-race -cover -timeout=60s", ""],
  ["-timeout=60s --race ./a -parallel 4 ./b", "./a ./b", "-timeout=60s -race -parallel=4", ""],
  ["-race=false -test.timeout 3s -test.run X -test.v .", "-run X -v .", "-race=false -timeout=3s", ""],
  ["-mod=mod -ldflags -s -trimpath .", ".", "", "mod=mod ldflags=-s trimpath=true"],
  ["-C sub -C deeper .", ".", "", "", "/w/sub/deeper"],
  ["-run -race .", "-run -race .", "", ""], // the value of a flag, whatever it looks like (and refused by what reads it)
  ["--budget 1s -json --json . -args -race -timeout 3", "--budget 1s -json --json . -- -race -timeout 3", "", ""],
  ["-race . -- -race", ". -- -race", "-race", ""],
  ["-nonsense --budgt 3 -", "-nonsense --budgt 3 -", "", ""],
];

test("go test's flags are taken out of a command line, each to where it belongs", () => {
  for (const [line, own, native, build, dir = "/w"] of LINES) {
    const read = goTestWords(line.split(" "), SPECS, "/w");
    assert.ok(read.ok, line);
    const { value } = read;
    assert.deepEqual([value.own.join(" "), value.native.join(" "), Object.entries(value.build).map((pair) => pair.join("=")).join(" "), value.dir], [own, native, build, dir], line);
  }
});

const REFUSED: readonly (readonly [line: string, says: RegExp])[] = [
  ["-c", /^-c is not for unpark test: unpark test builds and runs/],
  ["-o x.test", /^-o is not for unpark test: /],
  ["-list .", /go test -list$/],
  ["-fuzz=FuzzX", /^-fuzz is not for unpark test: a fuzz target is explored with its seeds .*go test -fuzz$/],
  ["-timeout", /^-timeout needs a value, as go test has it$/],
];

test("what cannot be done here says what can", () => {
  for (const [line, says] of REFUSED) {
    const read = goTestWords(line.split(" "), SPECS, "/w");
    assert.match(read.ok ? "taken" : read.error, says, line);
  }
});

test("what was taken is said: by name, once", () => {
  const said = (line: string, hasNativeRun: boolean): readonly string[] => {
    const read = goTestWords(line.split(" "), SPECS, "/w");
    return read.ok ? saidOf(read.value, hasNativeRun) : [read.error];
  };
  assert.deepEqual(said("-race -cover -race -timeout=3s", true), ["-race and -cover are for the native run alone: exploring has no use for them"]);
  assert.deepEqual(said("-race -mod=mod", false), ["-race is left out: exploring has no use for it", "-mod: for every build, as in GOFLAGS; unpark replay needs GOFLAGS to say so"]);
  assert.deepEqual(said("-v ./...", true), []);
});
