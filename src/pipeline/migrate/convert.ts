import type { Conversion, MigratedIgnore } from "../../model/results/migration.js";
import type { GoleakUse } from "../../toolchain/go/goleak-tool.js";

/**
 * What one use of goleak becomes (docs/goleak.md).
 *
 * G1. A call that verifies becomes nothing: `unpark test` looks at the end of every test, and at what it started.
 * G2. An option that names a function becomes an entry of `ignore`: of the test that it stands in, of the package where it stands
 *     in TestMain or beside the functions, of everything where it stands in a file that is none of tests.
 * G3. What is decided while the test runs cannot be said in a file.
 */
export function conversionOf(use: GoleakUse, { place, expires }: { readonly place: string; readonly expires: string }): Conversion {
  const { name, called, known, function: around, bare } = use;
  if (!called) return { kind: "not", why: "it is a value here, not a call: what is done with it is decided while the tests run" };
  switch (name) {
    case "VerifyTestMain":
      if (around !== "TestMain" && around !== "") return verifiesForOthers(use);
      return { kind: "needless", why: bare ? `${around} does nothing else, and may go with it` : "this call may go, and the rest of its function stay (os.Exit(m.Run()) in its place)" };
    case "VerifyNone":
      return isTest(around) || around === "" ? { kind: "needless", why: "done at the test's end: this call may go" } : verifiesForOthers(use);
    case "IgnoreCurrent":
      return { kind: "needless", why: isTest(around) ? "what was there before a test is never blamed on it; what the test itself started above this line counts, if it is left at the test's end" : "what was there before a test is never blamed on it" };
    case "IgnoreTopFunction":
    case "IgnoreAnyFunction":
    case "IgnoreCreatedBy":
      if (!known) return { kind: "not", why: "the function's name is put together while the tests run: write an entry with the name that it comes to" };
      return { kind: "ignore", entry: entryOf(use, place, expires) };
    case "Cleanup":
      return { kind: "not", why: `it runs code of yours when the check is over: call it ${isTest(around) ? "by t.Cleanup" : "in TestMain, behind m.Run()"}` };
    default:
      return { kind: "not", why: "its answer is used by the test's own code: leave it, goleak and Unpark get along" };
  }
}

const verifiesForOthers = ({ function: around, callers }: GoleakUse): Conversion => ({ kind: "needless", why: `${around} verifies for its callers${callers > 0 ? ` (${callers} ${callers === 1 ? "call" : "calls"})` : ""}: it and they may go` });

function entryOf({ value, name, comment, function: around, package: path, test }: GoleakUse, place: string, expires: string): MigratedIgnore {
  const scope = !test ? {} : { ...(path === "" ? {} : { package: path }), ...(isTest(around) ? { test: around } : {}) };
  return { stack: value, ...scope, reason: comment === "" ? `goleak.${name} in ${place}` : `${shortened(comment)} (goleak.${name} in ${place})`, expires };
}

/** TestMain is no test. */
const isTest = (name: string): boolean => /^(Test|Benchmark|Fuzz|Example)/.test(name) && name !== "TestMain";

const shortened = (text: string): string => (text.length > 160 ? `${text.slice(0, 160)}…` : text);
