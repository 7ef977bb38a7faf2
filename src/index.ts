/**
 * Goroutines for TypeScript: `import { go, Chan, select, sync, time, context } from "unpark"`. No dependency, no side
 * effect at import, works wherever promises do.
 */
export { go } from "./runtime/api/go.js";
export type { GoroutineHandle } from "./runtime/core/goroutine-handle.js";
export type { GoroutineResult } from "./runtime/core/goroutine.js";
export type { Abortable } from "./runtime/core/abort.js";
export { Chan, type Received, type RecvChan, type SendChan } from "./runtime/api/chan.js";
export { aborted, otherwise, recv, select, send, type SelectCase, type Selected } from "./runtime/api/select.js";
export { func, type Defers } from "./runtime/api/defer.js";
export {
  panic, Panic, RuntimeError, FatalError, SendOnClosedChannel, CloseOfClosedChannel, CloseOfNilChannel,
  NegativeWaitGroup, NotAwaited, ForeignObject,
} from "./runtime/api/panic.js";
export { outside } from "./runtime/api/runtime.js";
export * as sync from "./runtime/api/sync.js";
export * as time from "./runtime/api/time.js";
export * as context from "./runtime/api/context.js";
export * as atomic from "./runtime/api/atomic.js";
export * as rand from "./runtime/api/rand.js";
export * as errgroup from "./runtime/api/errgroup.js";
export * as singleflight from "./runtime/api/singleflight.js";
export * as rate from "./runtime/api/rate.js";
export { retry, type RetryOptions } from "./runtime/api/retry.js";
export * as semaphore from "./runtime/api/semaphore.js";
export { debugFetch } from "./runtime/observe/endpoints.js";
export * as runtime from "./runtime/api/runtime.js";
