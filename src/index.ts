/**
 * Goroutines for TypeScript: `import { go, Chan, select, sync, time, context } from "unpark"`. No dependency, no side
 * effect at import, works wherever promises do.
 */
export { go } from "./runtime/go.js";
export { Chan, type Received, type RecvChan, type SendChan } from "./runtime/chan.js";
export { otherwise, recv, select, send, type SelectCase, type Selected } from "./runtime/select.js";
export { func, type Defers } from "./runtime/defer.js";
export {
  panic, Panic, RuntimeError, FatalError, SendOnClosedChannel, CloseOfClosedChannel, CloseOfNilChannel,
  NegativeWaitGroup, NotAwaited, ForeignObject,
} from "./runtime/panic.js";
export { outside } from "./runtime/runtime.js";
export * as sync from "./runtime/sync.js";
export * as time from "./runtime/time.js";
export * as context from "./runtime/context.js";
export * as atomic from "./runtime/atomic.js";
export * as rand from "./runtime/rand.js";
export * as errgroup from "./runtime/errgroup.js";
export * as semaphore from "./runtime/semaphore.js";
export { debugFetch } from "./runtime/endpoints.js";
export * as runtime from "./runtime/runtime.js";
