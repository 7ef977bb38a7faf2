import type { Goroutine } from "../../model/goroutine/snapshot.js";

/** What an iter.Pull makes of its goroutine and its callers (iter.go; runtime/coro.go): both wait as `coroutine`. */
const STARTS = "runtime.corostart";
const YIELDS = /^iter\.Pull2?\[.*\]\.func1\.1$/;
const ASKS = /^iter\.Pull2?\[.*\]\.func[23]$/;

/** The sequence's own goroutine, before its first value, or in the middle of giving one: only its next and its stop let it go on. */
export const isPulledFrom = ({ waitReason, stack }: Goroutine): boolean =>
  waitReason === "coroutine" && (YIELDS.test(stack[0]?.function ?? "") || !(runsCoroutine(stack) || ASKS.test(stack[0]?.function ?? "")));

/** In a call of next or stop, whose sequence has not answered. */
export const pulls = ({ waitReason, stack }: Goroutine): boolean => waitReason === "coroutine" && ASKS.test(stack[0]?.function ?? "");

/** It runs a sequence that somebody waits for. */
export const isAsked = (one: Goroutine): boolean => runsCoroutine(one.stack) && !isPulledFrom(one);

const runsCoroutine = (stack: Goroutine["stack"]): boolean => stack.some((frame) => frame.function === STARTS);
