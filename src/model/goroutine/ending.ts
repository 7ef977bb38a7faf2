/**
 * Why a text was printed, where it says so itself: then something is wrong, however short the goroutines have waited.
 *
 * - `test-timeout`: `panic: test timed out after 2m0s`, with the tests that ran (Go 1.20 and later), or go test's own
 *   `*** Test killed with quit: ran too long (11m0s).`
 * - `all-asleep`: `fatal error: all goroutines are asleep - deadlock!` (checkdead in runtime/proc.go).
 * - `bubble`: testing/synctest ended a bubble of which all was blocked (synctestRun in runtime/synctest.go).
 * - `leak-check`: goleak, or a checker like it, lists what a test has left behind.
 */
export type Ending =
  | { readonly kind: "test-timeout"; readonly after: string; readonly tests: readonly RunningTest[] }
  | { readonly kind: "all-asleep" }
  | { readonly kind: "bubble"; readonly mainEnded: boolean }
  | { readonly kind: "leak-check"; readonly tool: string; readonly test?: string };

export interface RunningTest {
  readonly name: string;
  /** As Go prints it: `2m0s`. */
  readonly elapsed: string;
}
