/**
 * The leaks that Go's own test of its leak profile (runtime/goroutineleakprofile_test.go) documents for each kernel.
 * Read at build time from the user's Go distribution.
 *
 * A pattern is matched against `function(...) [wait reason]`, where the function is the outermost of the goroutine's
 * stack: `Cockroach584.func2(...) [sync.Mutex.Lock]`.
 */
export interface Documented {
  readonly kernel: string;
  readonly leaks: readonly RegExp[];
}

/** `makeTest("Name", `pattern`, …)`; Kubernetes1321 is there as a comment, for its program may also crash. */
const CASE = /make(?:Flaky)?Test\((?:testCase\{name: )?"(\w+)"\}?,((?:\s*(?:\/\/)?\s*`[^`]*`,?|\s*\/\/[^`\n]*\n)*)/g;

export function documentedLeaks(testSource: string): ReadonlyMap<string, readonly RegExp[]> {
  const section = testSource.slice(testSource.indexOf("gokerTestCases := []testCase{"), testSource.indexOf("// Combine all test cases"));
  const all = new Map<string, readonly RegExp[]>();
  for (const [, name, patterns] of section.matchAll(CASE)) {
    const leaks = [...patterns!.matchAll(/`([^`]*)`/g)].map(([, pattern]) => new RegExp(pattern!));
    if (leaks.length === 0) throw new Error(`goroutineleakprofile_test.go: no leaks read for ${name!}`);
    all.set(name!, leaks);
  }
  return all;
}
