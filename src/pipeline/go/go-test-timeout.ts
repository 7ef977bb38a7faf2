import { parseDuration } from "../../base/duration.js";

/** What go test gives the tests of a package, all together, where nobody says otherwise (`go help testflag`). */
const USUAL = 600e9;

/**
 * The -timeout of a `go test` line, in nanoseconds: what a test that hangs is ended by. Undefined: none (`-timeout=0`). A value that go test
 * does not take is told by the native run.
 */
export function goTestTimeout(flags: readonly string[] = []): number | undefined {
  const said = flags.findLast((flag) => flag.startsWith(PREFIX))?.slice(PREFIX.length);
  const parsed = said === undefined ? undefined : parseDuration(said);
  const timeout = parsed?.ok === true ? Number(parsed.value) : USUAL;
  return timeout === 0 ? undefined : timeout;
}

const PREFIX = "-timeout=";
